"""A host that leaves takes its consent with it: published plans with actions on its soil are marked at once."""

import json
from collections.abc import Mapping
from typing import Any

from opsplan.operations.states import GONE
from opsplan.records.writing import ChangeKind
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.consent.parts import unhosted
from opsplan.scheduling.plan.judge import APPROVAL
from opsplan.scheduling.store.approvals import authorities_of, published_plans_of_participants, read_part_rows
from opsplan.scheduling.store.breaches import mark_broken, open_breaches
from opsplan.vocabulary.sentences import say

_GONE = frozenset(state.name for state in GONE)


async def watch_hosts(unit: Unit) -> None:
    """Mark published plans that place actions where nobody hosts any more. A consequence of every write."""
    left = [each for each in unit.changes if each["noun"] == "Participant" and _leaves(each)]
    if not left:
        return
    ids = [each["record_id"] for each in left]
    for plan_id, operation_id in await published_plans_of_participants(unit.tx, ids):
        hosted = await authorities_of(unit.tx, operation_id)
        rows = await read_part_rows(unit.tx, plan_id)
        marked = {each.mark for each in await open_breaches(unit.tx, plan_id)}
        broken = [
            _broken(country, [row.action_id for row in rows if row.country == country])
            for country in unhosted(rows, hosted)
        ]
        await mark_broken(unit, plan_id, [each for each in broken if each.mark not in marked], (ids[0], "Participant"))


def _leaves(change: Mapping[str, Any]) -> bool:
    if change["kind"] == ChangeKind.RETIRED:
        return True
    return change["kind"] == ChangeKind.STATE and json.loads(change["after"])["state"] in _GONE


def _broken(country: str, action_ids: list[str]) -> BrokenRule:
    sentence = say(
        "No host of {country} takes part any more, so nobody approves what the plan does there.", country=country
    )
    return BrokenRule(APPROVAL, sentence, {"country": country, "record_id": country}, tuple(sorted(action_ids)))
