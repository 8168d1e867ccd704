"""Searching plans of raids, compiled: the same rules as `solver.draft`, over flat arrays.

`RaidSearch` is the door: it constructs, places and polishes, and reads and gives placements. The other files hold its
loops, one verb each. Every plan that leaves here keeps all rules; `solver.verify` sees to that, and `solver.score` says
what it is worth.
"""

from solver.compiled.raids.search import ORDERS, RaidSearch, warm

__all__ = ["ORDERS", "RaidSearch", "warm"]
