"""Search for plans of several projects: activity lists first, then neighbourhoods of the best plan solved exactly.

Here live what runs when, the choice of neighbourhoods and their solving side by side. What such a search can express is
for `solver.listable` to say; lists themselves live in `solver.compiled.lists`, the model in `solver.cpsat`.
"""

from solver.projects.stages import run_projects

__all__ = ["run_projects"]
