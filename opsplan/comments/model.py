"""Comments, as a noun; and what every other noun has to be commented on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from opsplan.records.declaration import Direction, Kind, Noun, Property, Relation

LONGEST_BODY = 10_000


def with_comments(nouns: Iterable[Noun], *, but: frozenset[str] = frozenset()) -> tuple[Noun, ...]:
    """Give the nouns, each with the comments about its records, and behind them the noun of comments.

    Those named in `but` are left as they are: nobody comments on them.
    """
    commented = [
        noun
        if noun.name in but
        else replace(
            noun,
            relations=(
                *noun.relations,
                Relation(
                    "comments", "ABOUT", "Comment", "What people say about it.", Direction.IN, many=True, entered=False
                ),
            ),
        )
        for noun in nouns
    ]
    return (*commented, _comment([noun.name for noun in commented if noun.name not in but]))


def _comment(about: Sequence[str]) -> Noun:
    return Noun(
        "Comment",
        "Comments",
        "What somebody of an agency says about a record, or answers to another comment about it.",
        owner="comments",
        properties=(
            Property(
                "body",
                Kind.LONG_TEXT,
                "What is said.",
                required=True,
                max_length=LONGEST_BODY,
                example="The prosecutor has no interpreter before eight.",
            ),
        ),
        relations=(
            Relation(
                "about",
                "ABOUT",
                tuple(about),
                "The record that it is about.",
                required=True,
                changeable=False,
                # What another agency says of a record must not keep its owner from retiring it.
                holds=False,
                union="CommentSubject",
                example="KH-NCB/EXERCISE-action-1",
            ),
            Relation(
                "answers",
                "ANSWERS",
                "Comment",
                "The comment that it answers, about the same record.",
                changeable=False,
                # Else the answers would hang in the air.
                holds=True,
            ),
            Relation(
                "mentions",
                "MENTIONS",
                "Agency",
                "Agencies that it is meant for: they find it by `comments(where: {mentions: ...})`.",
                many=True,
                example=["KH-NCB"],
            ),
            Relation("replies", "ANSWERS", "Comment", "What was answered.", Direction.IN, many=True, entered=False),
        ),
    )
