"""What is asked: the frozen, validated scheduling problem in integer slots.

Here live the nouns (countries, sites and travel, units, resources, projects, actions with their modes, precedences
and simultaneity groups) and the `Problem` that holds them and checks every cross-reference when it is made. Here
does not live: any search, any rule's check (``solver.verify``), any goal's value (``solver.score``), any text
format (``solver.jsonio``). `docs/solver.md` states the meaning of every field and rule formally.
"""

from solver.problem.action import Action, Kept, Lock, Mode, ResourceNeed, UnitNeed
from solver.problem.interval import Interval, merged
from solver.problem.place import Country, Leg, Site, Travel
from solver.problem.problem import Problem
from solver.problem.project import Project
from solver.problem.relation import Anchor, Group, Precedence
from solver.problem.resource import CapacityStep, Resource
from solver.problem.unit import DutyLimit, Unit

__all__ = [
    "Action",
    "Anchor",
    "CapacityStep",
    "Country",
    "DutyLimit",
    "Group",
    "Interval",
    "Kept",
    "Leg",
    "Lock",
    "Mode",
    "Precedence",
    "Problem",
    "Project",
    "Resource",
    "ResourceNeed",
    "Site",
    "Travel",
    "Unit",
    "UnitNeed",
    "merged",
]
