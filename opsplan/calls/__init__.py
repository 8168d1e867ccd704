"""One call of the API as every api module sees it: who calls, and what callers are told when they are refused.

Here live the context of an operation, the conversion of errors for callers and for the log, the refusals as GraphQL
types, payload unions, the idempotency key of a mutation, what each agency may use (`budget`), which changes are urgent,
and the door for requests beside GraphQL. Here live no HTTP (that is `opsplan.web`), no rights
(`opsplan.access`), no nouns.
"""
