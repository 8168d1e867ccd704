"""The cost of an operation, from its page sizes alone, before the database is touched.

The cost is the number of records that may be read or looked at: each reference counts one, each list its page size,
each look of the server over many records a page (see `opsplan.reading.compile.looks`), times the number of records that
it is read for. What an operation's fields cost is added up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


class TooCostly(Invalid):
    """An operation that may cost more than any may at once."""

    code: ClassVar[str] = "QUERY_TOO_LARGE"


@dataclass(slots=True)
class Cost:
    """One reference, list or look of a selection, and what is read below it.

    It counts what is in `size_slot` of a request, or `size` where that is None. `path` names the field in the answer,
    for the refusal.
    """

    path: str
    size_slot: int | None = None
    below: list["Cost"] = field(default_factory=list)
    size: int = 1

    def total(self, slots: Sequence[Any], times: int = 1) -> int:
        """Give how many records it may read, for each of `times` records above it."""
        here = times * (self.size if self.size_slot is None else int(slots[self.size_slot]))
        return here + sum(each.total(slots, here) for each in self.below)

    def own(self, slots: Sequence[Any], times: int = 1) -> list[tuple[int, str]]:
        """Give for each field of the tree how many records it reads itself."""
        here = times * (self.size if self.size_slot is None else int(slots[self.size_slot]))
        return [(here, self.path)] + [pair for each in self.below for pair in each.own(slots, here)]


Priced = tuple[Cost, Sequence[Any]]
"""The root of a cost tree, which itself reads nothing, and the slots of one request."""


def total_cost(fields: Iterable[Priced]) -> int:
    """Give what the fields of an operation cost together."""
    return sum(each.total(slots) for cost, slots in fields for each in cost.below)


def refuse_too_costly(total: int, fields: Iterable[Priced], largest: int) -> None:
    """Refuse an operation that costs more than allowed.

    Parameters
    ----------
    total
        What it costs in all.
    fields
        Those among which the costliest is to be named.

    Raises
    ------
    TooCostly
        Names the bound and the field that costs most.
    """
    if total <= largest:
        return
    own = [pair for cost, slots in fields for each in cost.below for pair in each.own(slots)]
    worst, path = max(own, default=(total, "the operation"))
    raise TooCostly(
        say(
            "This may cost {total:,}, more than the {largest:,} that an operation may; {path} alone "
            "costs {worst:,}. A list costs its page size, a reference 1, times the records that it "
            "is read for; a filter, a sort and a count cost a page more each.",
            total=total,
            largest=largest,
            path=path,
            worst=worst,
        ),
        field=path,
        value=total,
        remedy=say("ask for smaller pages, above all of {path}, or for fewer levels", path=path),
        cost=total,
        largest_cost=largest,
        costliest=path,
    )
