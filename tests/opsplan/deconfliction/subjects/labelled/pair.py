"""A labelled pair, and the pairs made by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from opsplan.deconfliction.subjects import Identifier, Subject, SubjectKind
from opsplan.targets.model import IdentifierScheme

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pair:
    """Two subjects, whether they are one, the script that is tried, and why."""

    same: bool
    one: Subject
    other: Subject
    script: str
    why: str


def by_hand() -> list[Pair]:
    """Read the pairs made by hand."""
    rows = yaml.load((HERE / "pairs.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [
        Pair(row["same"], _subject(row, "one"), _subject(row, "other"), row.get("script", "Latin"), row["why"])
        for row in rows
    ]


def _subject(row: Mapping[str, Any], side: str) -> Subject:
    """``one: [names]``, with ``one_ids: [PHONE:…]`` or ``PASSPORT/KH:…``, ``one_in: [KH]``, ``one_born``."""
    return Subject(
        SubjectKind[row["kind"]],
        tuple(row.get(side, ())),
        tuple(_identifier(text) for text in row.get(f"{side}_ids", ())),
        tuple(row.get(f"{side}_in", ())),
        row.get(f"{side}_born"),
    )


def _identifier(text: str) -> Identifier:
    scheme, _, value = text.partition(":")
    scheme, _, country = scheme.partition("/")
    return Identifier(IdentifierScheme[scheme], value, country or None)
