"""The cost of a read, from its page sizes alone, before the database is touched.

The cost is the number of records that may be read: each reference counts one, each list its page size, times the
number of records that it is read for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from opsplan.vocabulary.errors import Invalid


@dataclass(slots=True)
class Cost:
    """One reference or list of a selection, and what is read below it.

    `size_slot` is None for a reference; `path` names the field in the answer, for the refusal.
    """

    path: str
    size_slot: int | None = None
    below: list["Cost"] = field(default_factory=list)

    def total(self, slots: Sequence[Any], times: int = 1) -> int:
        """Give how many records it may read, for each of `times` records above it."""
        here = times * (1 if self.size_slot is None else int(slots[self.size_slot]))
        return here + sum(each.total(slots, here) for each in self.below)

    def own(self, slots: Sequence[Any], times: int = 1) -> list[tuple[int, str]]:
        """Give for each field of the tree how many records it reads itself."""
        here = times * (1 if self.size_slot is None else int(slots[self.size_slot]))
        return [(here, self.path)] + [pair for each in self.below for pair in each.own(slots, here)]


def check_cost(cost: Cost, slots: Sequence[Any], largest: int) -> int:
    """Give the cost of a read, from the root of its tree, which itself reads nothing.

    Raises
    ------
    Invalid
        If it is larger than allowed; names the bound and the field that costs most.
    """
    total = sum(each.total(slots) for each in cost.below)
    if total > largest:
        worst, path = max(pair for each in cost.below for pair in each.own(slots))
        raise Invalid(
            f"This would read up to {total:,} records, more than the {largest:,} allowed at once; "
            f"{path} alone up to {worst:,}.",
            field=path,
            value=total,
            remedy=f"ask for smaller pages, above all of {path}, or for fewer levels",
            cost=total,
            largest_cost=largest,
            costliest=path,
        )
    return total
