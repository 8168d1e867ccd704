"""Changing a `Draft` from Python, one action or bundle at a time: over bit sets, no CP-SAT.

Here live insertion, the choice of units, and which actions would have to go for one to get in; locks, explanations, the
greedy baseline and the choice of neighbourhoods use them. Here does not live the search, which is compiled
(`solver.compiled.raids`), nor any proof: what is impossible or optimal is for `solver.cpsat` and `solver.proof` to say.
"""
