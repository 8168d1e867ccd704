"""Compiled search for one project with lags, renewable resources and skilled units (`solver.network`).

Here live the arrays that its kernels read (`tables`, filled by `flatten`), the choice of teams (`team`), serial
schedule generation (`generation`), and annealing over its lists (`annealing`, driven by `annealer`).
"""
