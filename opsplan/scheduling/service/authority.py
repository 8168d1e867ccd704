"""What actions lack in law: a warrant for their time, leave for their units to act on the host's soil.

It is told from COORDINATED on, in the transaction of the write that brought it, and refuses the activation. Both are
judged by the solver's own rules over the place in the published plan. Of an action that is in none, all that is known
is its window, and that has to be covered by its warrants.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from opsplan.deconfliction.service import CLAIMING
from opsplan.graph.transaction import Tx
from opsplan.operations.states import ActionState
from opsplan.records.values import canonical_json
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.model import AUTHORITY_GAP, AuthorityState, PlanState
from opsplan.scheduling.plan.judge import broken_now
from opsplan.scheduling.problem.actions import warranted_spans
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.store import authority as store
from opsplan.scheduling.store.breaches import read_some_places
from opsplan.scheduling.store.reading import read_part
from opsplan.vocabulary.clock import instant_from_text, minute_text
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

AUTHORITY: Final = frozenset({"warrants", "permitted_countries"})
"""Rules that ask for authority."""
NOT_TO_BE_JUDGED: Final = "well_formed"
"""The rule of a place that cannot be expressed any more, as its mode needs other units: no rule can be asked."""
_OF: Final[Mapping[str, frozenset[str]]] = {
    "Action": frozenset({"window_start", "window_end", "location", "compound", "country"}),
    "Unit": frozenset({"permitted_countries"}),
    "Compound": frozenset({"country"}),
}
"""By noun: what of it the rules ask for."""


async def watch_authority(unit: Unit) -> None:
    """Keep what actions lack in authority as it is after this write. A consequence of every write."""
    changed = sorted({each["record_id"] for each in unit.changes if _concerns(each)})
    if not changed:
        return
    in_question: dict[str, bool] = {}
    for start in range(0, len(changed), BATCH_ROWS):
        batch = changed[start : start + BATCH_ROWS]
        rows = await unit.tx.run(store.ACTIONS_IN_QUESTION, ids=batch, claiming=CLAIMING)
        in_question |= {row["id"]: row["claims"] for row in rows}
    if not in_question:
        return
    commit = await hold_sequence(unit.tx)
    claiming = [each for each, claims in in_question.items() if claims]
    published = {each["record_id"] for each in unit.changes if _is_publication(each)}
    found = await lacking(unit.tx, claiming, commit, sound=published)
    await _keep(unit, sorted(in_question), {each: _authority(found.get(each, ())) for each in in_question})


async def lacking(
    tx: Tx, action_ids: Sequence[str], commit: int, *, sound: Iterable[str] = ()
) -> dict[str, list[BrokenRule]]:
    """Give what actions lack, by id: rules of `AUTHORITY`, and `NOT_TO_BE_JUDGED` where nothing can be said.

    Parameters
    ----------
    tx, commit
        The transaction, which holds the commit sequence, and the number of the last commit.
    action_ids
        The actions.
    sound
        Ids of plans that this write publishes: they were judged for that, as a whole.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    found: dict[str, list[BrokenRule]] = {}
    for start in range(0, len(action_ids), BATCH_ROWS):
        for row in await tx.run(store.TO_JUDGE, ids=action_ids[start : start + BATCH_ROWS]):
            if row["plan_id"] is None:
                found[row["id"]] = _uncovered(row)
            elif row["plan_id"] not in sound:
                groups.setdefault((row["operation_id"], row["plan_id"]), []).append(row["id"])
    for (operation_id, plan_id), ids in groups.items():
        places = await read_some_places(tx, plan_id, ids)
        units = sorted({each for row in places.rows for each in row.unit_ids})
        now = await read_part(tx, operation_id, commit, action_ids=ids, unit_ids=units)
        for each in broken_now(places.rows, Frame.over(now), places.names).rules:
            if each.rule in AUTHORITY or each.rule == NOT_TO_BE_JUDGED:
                for action_id in each.action_ids:
                    found.setdefault(action_id, []).append(each)
    return found


def _uncovered(row: Mapping[str, Any]) -> list[BrokenRule]:
    """Say where the window of an action that has warrants and no place is not covered by them."""
    warrants = [(instant_from_text(start), instant_from_text(end)) for start, end in row["warrants"]]
    start, end = instant_from_text(row["start"]), instant_from_text(row["end"])
    if not warrants or any(first <= start and end <= last for first, last in warranted_spans(warrants)):
        return []
    sentence = say(
        "{action} may run from {start} to {end}: no warrant covers all of that.",
        action=row["name"],
        start=minute_text(start),
        end=minute_text(end),
    )
    facts = {"action_id": row["id"], "action": row["name"], "start": minute_text(start), "end": minute_text(end)}
    return [BrokenRule("warrants", sentence, facts, (row["id"],))]


def _authority(rules: Iterable[BrokenRule]) -> dict[str, BrokenRule]:
    return {each.mark: each for each in rules if each.rule in AUTHORITY}


def _concerns(change: Mapping[str, Any]) -> bool:
    noun, kind = change["noun"], change["kind"]
    if noun == "Warrant":
        return True
    if noun == "Plan":
        return bool(kind == ChangeKind.STATE)
    after = json.loads(change["after"] or "{}")
    if noun == "Action" and kind == ChangeKind.STATE:
        # Further steps take nothing away; an activation is judged as such.
        return bool(after["state"] == ActionState.COORDINATED.name or after["state"] not in CLAIMING)
    if noun == "Action" and kind != ChangeKind.CHANGED:
        return bool(kind != ChangeKind.CREATED)
    return bool(kind == ChangeKind.CHANGED and not _OF.get(noun, frozenset()).isdisjoint(after))


def _is_publication(change: Mapping[str, Any]) -> bool:
    is_step = change["noun"] == "Plan" and change["kind"] == ChangeKind.STATE
    return bool(is_step and json.loads(change["after"])["state"] == PlanState.PUBLISHED.name)


async def _keep(unit: Unit, action_ids: Sequence[str], found: Mapping[str, Mapping[str, BrokenRule]]) -> None:
    """Open what is new, close what is there, and say of what stands what it is now."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for start in range(0, len(action_ids), BATCH_ROWS):
        for row in await unit.tx.run(store.GAPS, ids=action_ids[start : start + BATCH_ROWS]):
            wanted = dict(found[row["action_id"]])
            for before in row["gaps"]:
                now = wanted.pop(before["mark"], None)
                changed += unit.changed(
                    AUTHORITY_GAP, before, {"state": "CLOSED", "closed_at": unit.now} if now is None else _told(now)
                )
            new += [_made(unit, row, each) for each in wanted.values()]
    if new:
        await unit.tx.run(store.CREATE_GAPS, rows=new)
    if changed:
        await unit.tx.run(store.CHANGE_GAPS, rows=changed)


def _told(rule: BrokenRule) -> dict[str, Any]:
    return {"sentence": str(rule.sentence), "facts": canonical_json(dict(rule.facts))}


def _made(unit: Unit, row: Mapping[str, Any], rule: BrokenRule) -> dict[str, Any]:
    gap_id = mint(AUTHORITY_GAP.name)
    told = {"state": AuthorityState.OPEN.name, "rule": rule.rule, "mark": rule.mark, **_told(rule)}
    unit.note(gap_id, AUTHORITY_GAP.name, ChangeKind.CREATED, None, {**told, "action": row["action_id"]})
    standard = unit.standard_of_made(row["owner_id"], exercise=bool(row["exercise"]))
    return {"action_id": row["action_id"], "properties": {**standard, **told, "id": gap_id}}
