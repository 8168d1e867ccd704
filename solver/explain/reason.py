"""Reasons: a stable code, the facts behind it, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

Fact = int | str | tuple[int, ...]

CODES: dict[str, str] = {
    "WINDOW_TOO_SHORT": "No window is as long as the action.",
    "FORBIDDEN_HOURS_COVER_WINDOW": "Forbidden hours leave no room in any window.",
    "CLAIMS_COVER_WINDOW": "What others claim leaves no room in any window.",
    "WARRANT_MISSING": "A warrant is needed and there is none.",
    "WARRANT_OUTSIDE_WINDOW": "No warrant is valid at a time that the windows allow.",
    "NO_UNIT_OF_TYPE": "There are not enough units of the kind, type and skills that a need asks for.",
    "NO_PERMITTED_UNIT": "Not enough of the fitting units may act in the host country.",
    "NO_AVAILABLE_UNIT": "At no allowed start are enough of the permitted units available.",
    "UNREACHABLE_IN_TIME": "At no allowed start can enough of the available units have come from home.",
    "NOT_ENOUGH_CAPACITY": "At no allowed start is there enough of a resource, even with nothing else placed.",
    "CONDITIONS_DO_NOT_MEET": "Each condition can be met, but no start meets all of them.",
    "GROUP_MEMBER_CANNOT": "Another action of its group cannot be placed.",
    "GROUP_TIMES_DO_NOT_MEET": "The actions of its group have no starts close enough together.",
    "PREDECESSOR_CANNOT": "An action that it requires cannot be placed.",
    "PREDECESSOR_NOT_PLACED": "An action that it requires is not placed.",
    "LAG_CANNOT_BE_KEPT": "No allowed start keeps the lag to an action that is placed.",
    "OUTBID": "It would fit, were certain placed actions not there.",
    "NOT_FOUND_IN_TIME": "It may fit; the search ended before it was placed.",
}
"""Every code with its general meaning."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Parameters
    ----------
    code
        A key of `CODES`.
    message
        One sentence with the names of the nouns concerned.
    facts
        Indices (``mode``, ``need``, ``resource``, ``country``, ``actions``, ...), slots and amounts.
    """

    code: str
    message: str
    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An action that is not placed, and why.

    Parameters
    ----------
    action
        Index of the action.
    reasons
        At least one. With several modes, impossibility has a reason for each.
    """

    action: int
    reasons: tuple[Reason, ...]
