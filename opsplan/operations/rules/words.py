"""The rules of languages and of quiet hours: words from fixed lists, and who may forbid hours in a country."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.operations.model import ActionKind, ResourceKind
from opsplan.records.codes import LANGUAGE_CODES, language_meant, near
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.sentences import say

QUIET_HOURS_OF_OTHERS = Query(
    "operations.quiet_hours_of_others",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (quiet:Record {id: id})-[:QUIET_HOURS_OF]->(country:Country)
    WHERE quiet.retired_at IS NULL
      AND NOT EXISTS { (country)<-[:BASED_IN]-(:Agency {id: quiet.owner_id, territorial: true}) }
    RETURN country.code AS country ORDER BY country LIMIT 5
    """,
)


def fill_language(draft: Draft) -> Filled:
    """Refuse a language that is no code of ISO 639, or that is given for anything but interpreters."""
    row = draft.row
    language = row.get("language")
    if language is None:
        return {}, []
    if language not in LANGUAGE_CODES:
        guess = language_meant(language)
        remedy = say("did you mean {guess}?", guess=guess) if guess else say("give a code such as km")
        return {}, [
            Problem(
                "language",
                language,
                say("'{language}' is no ISO 639 language code", language=language),
                remedy,
                "language",
            )
        ]
    kind = row.get("kind") or row.get("resource_kind")
    if kind != ResourceKind.INTERPRETER.name:
        what = say("only interpreters have a language, and this is {kind}", kind=kind)
        return {}, [Problem("language", language, what, say("leave the language out"), "language")]
    return {}, []


def fill_quiet_hours(draft: Draft) -> Filled:
    """Refuse kinds of actions that there are not."""
    known = [kind.name for kind in ActionKind]
    for kind in draft.row.get("action_kinds") or ():
        if kind not in known:
            close = near(kind, known)
            remedy = (
                say("did you mean {close:or}?", close=close)
                if close
                else say("give some of {known}", known=list(known))
            )
            what = say("'{kind}' is no kind of action", kind=kind)
            return {}, [Problem("action_kinds", kind, what, remedy, "action_kinds")]
    return {}, []


def quiet_hours_of_others(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse quiet hours by an agency that has no jurisdiction over the whole of the country."""
    what = say("its owner has no territorial jurisdiction there, so it cannot forbid hours")
    remedy = say("let an agency of that country enter them that has")
    return [Problem("country", row["country"], what, remedy, "country") for row in rows]
