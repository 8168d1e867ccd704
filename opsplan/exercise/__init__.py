"""The reference exercise: an invented operation on real geography, in the shape of the one of 2024, and hard.

A full plan is planted first; windows, calendars, duty limits and capacities are then drawn tightly round it, beside
lures that make the earliest start the wrong one, and actions that cannot be placed, each for one planted reason.
Networks, compounds, people, firms and identifiers are invented; countries, towns, airports and time zones are real.
Every name begins with EXERCISE, every agency is marked as exercise.

==============================  ==================================================================================
`exercise`                      `make_exercise`: the whole from size and seed
`theatre`, `ground`             the real ground: countries, towns, sites, ways, quiet hours
`cells`, `strikes`, `staffing`  the planted plan and its traps
`calendars`, `capacities`       what is drawn tight round it
`obstacles`, `decoys`,          what cannot be placed, what misleads, who else is there
`bystanders`, `elsewhere`
`rows`                          all of it as rows of files
`files`, `load`, `remove`       to a folder, into the graph, out of it
`planted`                       the planted plan as a solution of the solver's problem
`command`                       the command line's part
==============================  ==================================================================================

Here lives no rule of the product: the exercise enters by the doors that everybody uses.
"""

from opsplan.exercise.exercise import Exercise, Figures, PlantedAction, Unplaceable, make_exercise
from opsplan.exercise.obstacle import Obstacle
from opsplan.exercise.shape import SHAPES, START, Shape, Size

__all__ = [
    "SHAPES",
    "START",
    "Exercise",
    "Figures",
    "Obstacle",
    "PlantedAction",
    "Shape",
    "Size",
    "Unplaceable",
    "make_exercise",
]
