"""A project with minimum and maximum time lags, renewable resources and skilled units, and what follows from its lags.

The problem class that the literature calls RCPSP/max (generalised precedence relations) and multi-skill project
scheduling, together. Here live the reading of a `Problem` as such a project and the network of its lags. Here do not
live the search (`solver.lags`), its kernels (`solver.compiled.lags`) nor the exact model (`solver.cpsat.lags`).
"""

from solver.network.network import NEVER, Network
from solver.network.project import Arc, LaggedProject, Need, read_project
from solver.network.schedule import Schedule

__all__ = ["NEVER", "Arc", "LaggedProject", "Need", "Network", "Schedule", "read_project"]
