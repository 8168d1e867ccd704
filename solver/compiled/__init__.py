"""Hot loops, compiled by numba: the only room that imports it.

Here live searches over flat arrays, made from `solver.facts` and read back as placements, and how they are compiled and
kept (`jit`). Here does not live what a plan must keep or is worth (`solver.verify`, `solver.score`): what leaves this
room is checked there.
"""
