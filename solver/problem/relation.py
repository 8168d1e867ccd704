"""What ties actions to one another: precedence with lags, and simultaneity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from solver.errors import InvalidProblem
from solver.problem.limits import LARGEST_AMOUNT, LARGEST_SLOT, check_distinct, check_integer


class Anchor(Enum):
    """From which instant of the earlier action a lag is counted."""

    START = "START"
    END = "END"


@dataclass(frozen=True, slots=True)
class Precedence:
    """A lag from action `before` to the start of action `after`, binding when both are placed.

    With ``lag = start(after) - start(before)`` (anchor START) or ``start(after) - end(before)`` (anchor END):
    ``min_lag_slots <= lag``, and ``lag <= max_lag_slots`` unless that is None. Lags may be negative: "no
    earlier than 2 slots before and no later than 3 after" is START, -2, 3. When `required`, `after` may be
    placed only when `before` is.
    """

    before: int
    after: int
    min_lag_slots: int = 0
    max_lag_slots: int | None = None
    anchor: Anchor = Anchor.END
    required: bool = True

    def __post_init__(self) -> None:
        check_integer("before", self.before, 0, LARGEST_AMOUNT)
        check_integer("after", self.after, 0, LARGEST_AMOUNT)
        if self.before == self.after:
            raise InvalidProblem("after", self.after, "an action cannot precede itself; name two actions")
        check_integer("min_lag_slots", self.min_lag_slots, -LARGEST_SLOT, LARGEST_SLOT)
        if self.max_lag_slots is not None:
            check_integer("max_lag_slots", self.max_lag_slots, -LARGEST_SLOT, LARGEST_SLOT)
            if self.max_lag_slots < self.min_lag_slots:
                raise InvalidProblem(
                    "max_lag_slots",
                    self.max_lag_slots,
                    f"give at least the minimum lag, {self.min_lag_slots}",
                )


@dataclass(frozen=True, slots=True)
class Group:
    """Actions that strike together: all are placed or none, starts at most `tolerance_slots` apart."""

    actions: tuple[int, ...]
    tolerance_slots: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        check_distinct("actions", self.actions)
        if len(self.actions) < 2:
            raise InvalidProblem("actions", self.actions, "name at least two actions, or drop the group")
        check_integer("tolerance_slots", self.tolerance_slots, 0, LARGEST_SLOT)
