"""Rows of plain values by the shortest way: the few messages of Bolt that a read takes, and a pool of lines.

Compiled reads get their rows here; everything else goes by the official driver (decision 0016). The parts:
`messages` (what is said and heard, as bytes), `line` (one connection), `reader` (the pool).
"""
