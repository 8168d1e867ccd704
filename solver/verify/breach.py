"""A broken rule, in words and in facts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which a plan breaks one rule.

    Parameters
    ----------
    rule
        The rule's name, for example ``duty_and_rest``.
    message
        One sentence with the names of the nouns concerned.
    facts
        The numbers behind the sentence: indices (``action``, ``unit``, ...) and slots.
    """

    rule: str
    message: str
    facts: dict[str, int | str] = field(default_factory=dict)
