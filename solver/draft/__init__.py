"""A plan in the making: what is placed, and at which starts more could be placed, exactly and at once.

Here live the units' days, the resources' remaining amounts and the `Draft` that holds both. Every start that
a draft offers keeps all rules but the groups' (all or none), which the search restores before it shows a
plan. Here does not live any choice between starts or units (`solver.local`, `solver.greedy`).
"""

from solver.draft.draft import Draft, Placed

__all__ = ["Draft", "Placed"]
