"""The rule of comments: an answer is about what the comment it answers is about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opsplan.records.laws import Draft, Filled, NounRules
from opsplan.records.problem import Problem
from opsplan.vocabulary.sentences import say


def fill_comment(draft: Draft) -> Filled:
    """Refuse an answer that is about another record than what it answers: a thread has one subject."""
    answered = draft.only("answers")
    subject = (answered or {}).get("about") or [draft.row.get("about")]
    if draft.row.get("about") in subject:
        return {}, []
    return {}, [
        Problem(
            "answers",
            draft.row.get("answers"),
            say("that comment is about {subject}", subject=subject[0]),
            say("answer a comment about the same record, or name the record that it is about"),
            "answers",
        )
    ]


RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {"Comment": NounRules(fill=fill_comment, looks_up=("answers",))}
)
"""The rules of this room's nouns, by name."""
