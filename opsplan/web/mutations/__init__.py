"""Mutations, generated from the catalogue: inputs, payload unions, and how each is carried out.

Here live `createX`, `changeX`, `retireX` and `restoreX` for every noun that users enter, the steps of state machines,
and mergers. Here live no rules: rights come from `opsplan.access.rules`, ownership and values from
`opsplan.records`, and what is special to a capability from its `service`.
"""
