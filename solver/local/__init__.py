"""Fast search for good plans: insertion, ejection, improvement. Pure Python over bit sets, no CP-SAT.

Here live the ways to change a `Draft` and the search that chooses among them. Here does not live any proof:
what is impossible or optimal is for `solver.cpsat` and `solver.bound` to say.
"""
