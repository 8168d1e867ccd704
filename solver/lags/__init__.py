"""The search for a short plan of a lagged project (`solver.network`).

A compiled annealing over lists and CP-SAT on neighbourhoods of the best plan work side by side and share what they
find: `solver.lags.search.search` is the door. Here do not live the kernels (`solver.compiled.lags`) nor the exact model
(`solver.cpsat.lags`).
"""
