"""Projects: actions that are measured together, by when the last of them ends."""

from __future__ import annotations

from dataclasses import dataclass

from solver.problem.limits import LARGEST_SLOT, check_integer, check_name


@dataclass(frozen=True, slots=True)
class Project:
    """A phase or strike package whose actions (`Action.project`) are to be over soon.

    Its *delay* is the time from `release_slot` to the end of the last of its placed actions, less `least_slots`, and
    never below 0. That is the project delay of the MISTA 2013 challenge (Wauters et al., Journal of Scheduling 19(3),
    2016), and the makespan of a lone project with `least_slots` of 0.

    Parameters
    ----------
    name
        For messages only.
    release_slot
        From when the delay counts. No rule follows from it: actions that may not start earlier have windows that say
        so.
    least_slots
        How long it takes at best, such as the length of its critical path.
    """

    name: str
    release_slot: int = 0
    least_slots: int = 0

    def __post_init__(self) -> None:
        check_name("name", self.name)
        check_integer("release_slot", self.release_slot, -LARGEST_SLOT, LARGEST_SLOT)
        check_integer("least_slots", self.least_slots, 0, LARGEST_SLOT)
