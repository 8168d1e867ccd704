"""Handling markings: the Traffic Light Protocol 2.0 (FIRST, August 2022), from open to closed."""

from enum import StrEnum


class Marking(StrEnum):
    """How far a record may travel. Members stand in rising order of restriction."""

    TLP_CLEAR = "TLP_CLEAR"
    TLP_GREEN = "TLP_GREEN"
    TLP_AMBER = "TLP_AMBER"
    TLP_AMBER_STRICT = "TLP_AMBER_STRICT"
    TLP_RED = "TLP_RED"


def join(first: Marking, second: Marking) -> Marking:
    """Give the stricter of two markings: what is derived from both carries it.

    >>> join(Marking.TLP_GREEN, Marking.TLP_RED).name
    'TLP_RED'
    """
    order = list(Marking)
    return max(first, second, key=order.index)
