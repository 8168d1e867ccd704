"""Bounds on single numbers, and the two checks that use them.

They keep every sum that a model forms inside 64 bits: 10^5 actions of weight 10^6, each late by 10^6 slots,
or 10^6 units at a cost of 10^6 for each of 10^6 slots, stay below 2^63.
"""

from __future__ import annotations

from solver.errors import InvalidProblem

LARGEST_SLOT = 1_000_000
LARGEST_AMOUNT = 1_000_000
LARGEST_COST = 1_000_000_000
LARGEST_MINUTES = 10_000_000
LONGEST_NAME = 200


def check_integer(path: str, value: int, low: int, high: int) -> None:
    """Refuse a `value` that is not an integer in the closed range `low` to `high`."""
    if type(value) is not int or not low <= value <= high:
        raise InvalidProblem(path, value, f"give an integer from {low} to {high}")


def check_name(path: str, value: str) -> None:
    """Refuse a name that is not 1 to `LONGEST_NAME` characters of text."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise InvalidProblem(path, value, f"give a text of 1 to {LONGEST_NAME} characters")


def check_distinct(path: str, values: tuple[int, ...]) -> None:
    """Refuse indices that are negative or given twice."""
    for position, value in enumerate(values):
        check_integer(f"{path}[{position}]", value, 0, LARGEST_AMOUNT)
    if len(set(values)) != len(values):
        raise InvalidProblem(path, values, "name each index once")
