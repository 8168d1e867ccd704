"""What is wrong with a given value, in words for whoever gave it: field, value, what is wrong, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.vocabulary.errors import Forbidden, Invalid, OpsplanError
from opsplan.vocabulary.sentences import Sentence, say

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a row.

    Attributes
    ----------
    field
        Where it stands for the caller: the path given to the check, and the name.
    value
        What was given there.
    message
        What is wrong, beginning with the value where there is one.
    remedy
        What would be accepted.
    name
        The bare name of the property or relation, for callers who show it under another name (camel case).
    row
        Place of the row among those of one call, from 0; None where the check was given a single row.
    code
        Stable word for programs: INVALID, or FORBIDDEN where the caller lacks the authority.
    """

    field: str
    value: Any
    message: Sentence
    remedy: Sentence
    name: str = ""
    row: int | None = None
    code: str = "INVALID"

    @property
    def sentence(self) -> Sentence:
        """The whole in one line.

        >>> Problem("input.capacity", -1, say("{value} is below 0", value=-1), say("give 0 or more")).sentence
        'input.capacity: -1 is below 0; give 0 or more'
        """
        return say("{field}: {message}; {remedy}", field=self.field, message=self.message, remedy=self.remedy)


def a(name: str) -> str:
    """Put the article before a noun's name.

    >>> a("Action"), a("Unit"), a("Target")
    ('an Action', 'a Unit', 'a Target')
    """
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def either(names: Sequence[str], any_other: Sentence) -> Sentence:
    """Join what a reference may lead to; where that is more than people read, name the first and `any_other`.

    >>> either(["a Unit", "a Target"], say("any other record"))
    'a Unit or a Target'
    >>> either([*"ABCDEFGH"], say("any other"))
    'A, B, C or any other'
    """
    return say("{kinds:or}", kinds=list(names) if len(names) <= _MOST_NAMED else [*names[:3], any_other])


def invalid(problems: Sequence[Problem]) -> Invalid:
    """Make the error for a row, or several, that have at least one problem.

    The message is the first problem's sentence; all stand in ``facts["problems"]``.
    """
    first = problems[0]
    count = len(problems) - 1
    return Invalid(
        say("{first} (and {count} more)", first=first.sentence, count=count) if count else first.sentence,
        field=first.field,
        value=first.value,
        remedy=first.remedy,
        problems=tuple(problems),
    )


def refusal(problems: Sequence[Problem]) -> OpsplanError:
    """Make the error for what a writer refused: `Forbidden` where the actor lacks an authority, else `Invalid`."""
    lacking = [problem for problem in problems if problem.code == Forbidden.code]
    if not lacking:
        return invalid(problems)
    first = lacking[0]
    return Forbidden(
        first.sentence, field=first.field, value=first.value, remedy=first.remedy, problems=tuple(problems)
    )


def at(path: str, name: str) -> str:
    """Join a path and a name: ``input`` and ``name`` give ``input.name``, ``row 14, column `` is used as it stands.

    >>> at("input", "name"), at("row 14, column ", "name"), at("", "name")
    ('input.name', 'row 14, column name', 'name')
    """
    if not path or path.endswith((" ", ".")):
        return f"{path}{name}"
    return f"{path}.{name}"
