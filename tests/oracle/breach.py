"""A broken rule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which a plan breaks one rule.

    Parameters
    ----------
    rule
        The rule's published name, such as ``duty_and_rest``.
    action_ids
        The actions concerned.
    sentence
        What is wrong, with names, instants and figures.
    """

    rule: str
    action_ids: tuple[str, ...]
    sentence: str
