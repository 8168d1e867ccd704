"""Resources: what is used in amounts, with a capacity that changes over time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from solver.errors import InvalidProblem
from solver.problem.limits import LARGEST_AMOUNT, LARGEST_COST, LARGEST_SLOT, check_integer, check_name


@dataclass(frozen=True, slots=True)
class CapacityStep:
    """From `from_slot` on, until the next step, `capacity` is there."""

    from_slot: int
    capacity: int

    def __post_init__(self) -> None:
        check_integer("from_slot", self.from_slot, -LARGEST_SLOT, LARGEST_SLOT)
        check_integer("capacity", self.capacity, 0, LARGEST_COST)


@dataclass(frozen=True, slots=True)
class Resource:
    """Beds, interpreters, seats, laboratory places, money, or the number of raids that a country can carry at once.

    Parameters
    ----------
    name
        For messages only.
    kind
        Index in `Problem.resource_kinds`.
    country
        Index of the country that offers it; None for what belongs to no single country.
    steps
        The capacity as a step function, sorted by slot without repeats. Before the first step it is 0; the
        last step holds for ever, also beyond the horizon.
    renewable
        Whether what was used is there again afterwards, as beds are. Else it is used up, as money is: each placed need
        takes its amount once, whenever that is, and there is one step, whose capacity is all that there is.
    """

    name: str
    kind: int
    country: int | None
    steps: tuple[CapacityStep, ...]
    renewable: bool = True

    def __post_init__(self) -> None:
        check_name("name", self.name)
        check_integer("kind", self.kind, 0, LARGEST_AMOUNT)
        if self.country is not None:
            check_integer("country", self.country, 0, LARGEST_AMOUNT)
        if not self.renewable and len(self.steps) != 1:
            raise InvalidProblem(
                "steps", len(self.steps), "give one step: what is used up has one capacity for all time"
            )
        for position, (earlier, later) in enumerate(pairwise(self.steps)):
            if later.from_slot <= earlier.from_slot:
                raise InvalidProblem(
                    f"steps[{position + 1}].from_slot",
                    later.from_slot,
                    "sort the steps and give each slot once",
                )

    def capacity_at(self, slot: int) -> int:
        """Capacity in slot `slot`.

        Examples
        --------
        >>> beds = Resource("beds", 0, 0, (CapacityStep(0, 5), CapacityStep(10, 3)))
        >>> beds.capacity_at(-1), beds.capacity_at(9), beds.capacity_at(99)
        (0, 5, 3)
        """
        capacity = 0
        for step in self.steps:
            if step.from_slot > slot:
                break
            capacity = step.capacity
        return capacity
