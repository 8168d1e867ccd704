"""The rules of participants and offers: who takes part once, who hosts and approves, what may be offered by whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.operations.model import ParticipantRole
from opsplan.operations.states import GONE, OVER, ParticipantState
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.sentences import Sentence, say

_GONE = sorted(state.name for state in GONE)

PARTICIPANTS_TWICE = Query(
    "operations.participants_twice",
    Mode.READ,
    f"""
    UNWIND $ids AS id
    MATCH (mine:Record {{id: id}})-[:PARTICIPATES_IN]->(operation:Operation)
    WHERE mine.retired_at IS NULL AND NOT mine.state IN {_GONE}
    MATCH (operation)<-[:PARTICIPATES_IN]-(other:Participant)
    WHERE other <> mine AND other.retired_at IS NULL AND NOT other.state IN {_GONE}
      AND (other.owner_id = mine.owner_id OR (other.role = 'LEAD' AND mine.role = 'LEAD'))
    RETURN mine.id AS id, other.id AS other, other.owner_id = mine.owner_id AS same_agency
    ORDER BY id, other LIMIT 5
    """,
)
OFFERS_THAT_OVERLAP = Query(
    "operations.offers_that_overlap",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (mine:Record {id: id})-[:OFFERED_BY]->(participant:Participant)<-[:OFFERED_BY]-(other:Offer)
    WHERE other <> mine AND mine.retired_at IS NULL AND other.retired_at IS NULL
      AND coalesce(mine.start, '') < coalesce(other.end, '9999')
      AND coalesce(other.start, '') < coalesce(mine.end, '9999')
    MATCH (mine)-[:OFFERS|OFFERS_RESOURCE]->(thing:Record)<-[:OFFERS|OFFERS_RESOURCE]-(other)
    RETURN mine.id AS id, other.id AS other, other.start AS start, other.end AS end, thing.id AS thing,
           'Unit' IN labels(thing) AS is_unit
    ORDER BY id, other, thing LIMIT 5
    """,
)


def fill_participant(draft: Draft) -> Filled:
    """Say whether a new participant has accepted, and who approves for a host.

    Whoever enters the own agency has accepted by that; whom a coordinator enters is invited.
    """
    row, agency = draft.row, draft.only("agency")
    if agency is None:
        return {}, []
    problems: list[Problem] = []
    filled: dict[str, Any] = {}
    if draft.is_new:
        problems += _may_take_part(draft, agency)
        if "state" not in draft.given:
            filled["state"] = (ParticipantState.INVITED if draft.on_behalf else ParticipantState.ACCEPTED).name
    if row.get("role") != ParticipantRole.HOST.name:
        if row.get("approving_authority") and "approving_authority" in draft.given:
            what = say("a {role} has nothing to approve; only a HOST has", role=row.get("role"))
            problems.append(_wrong("approving_authority", row["approving_authority"], what, say("leave it out")))
        return filled, problems
    if not agency.get("country"):
        what = say("an agency without a country has no soil to host actions on")
        problems.append(
            _wrong("role", row.get("role"), what, say("choose another role, or an agency of the host country"))
        )
        return filled, problems
    authority = draft.only("approving_authority")
    if not row.get("approving_authority"):
        filled["approving_authority"] = agency["id"]
    elif authority is not None and authority.get("country") != agency.get("country"):
        what = say("{id} is not of the host's country", id=authority["id"])
        remedy = say("name an agency of the same country as the host")
        problems.append(_wrong("approving_authority", row["approving_authority"], what, remedy))
    return filled, problems


def _may_take_part(draft: Draft, agency: Mapping[str, Any]) -> list[Problem]:
    row, operation = draft.row, draft.only("operation")
    problems: list[Problem] = []
    if draft.owner_id != agency["id"]:
        what = say("a participant's record belongs to the agency that takes part")
        problems.append(
            _wrong("agency", row.get("agency"), what, say("name your own agency, or use inviteParticipant"))
        )
    if not draft.is_restored and operation is not None and operation.get("state") in {state.name for state in OVER}:
        what = say("the operation is {state}", state=operation["state"])
        problems.append(_wrong("operation", row.get("operation"), what, say("choose one that is being planned")))
    return problems


def fill_offer(draft: Draft) -> Filled:
    """Refuse offers by those who take no part or only look on, of what is another's, and of nothing."""
    row, participant = draft.row, draft.only("participant")
    problems: list[Problem] = []
    if participant is not None:
        problems += _may_offer(draft, participant)
    for name in ("units", "resources"):
        for thing in draft.referred.get(name, ()):
            if thing.get("owner_id") != draft.owner_id:
                what = say("{id} belongs to another agency", id=thing["id"])
                problems.append(_wrong(name, thing["id"], what, say("offer what is your own")))
    if not row.get("units") and not row.get("resources"):
        problems.append(
            _wrong("units", None, say("it offers nothing"), say("name units or resources, or retire the offer"))
        )
    elif row.get("amount") is not None and not row.get("resources"):
        what = say("only resources have an amount, and it offers none")
        problems.append(_wrong("amount", row["amount"], what, say("leave it out, or name resources")))
    return {}, problems


def _may_offer(draft: Draft, participant: Mapping[str, Any]) -> list[Problem]:
    given = draft.row.get("participant")
    if participant.get("owner_id") != draft.owner_id:
        what = say("{id} is another agency's part in the operation", id=participant["id"])
        return [_wrong("participant", given, what, say("name the participant that your own agency is"))]
    if not draft.is_new or draft.is_restored:
        return []
    if participant.get("role") == ParticipantRole.OBSERVER.name:
        what = say("your agency is an OBSERVER, and observers offer nothing")
        return [_wrong("participant", given, what, say("ask a coordinator to invite your agency as CONTRIBUTOR"))]
    if participant.get("state") in _GONE:
        what = say("the participant is {state}", state=participant["state"])
        return [_wrong("participant", given, what, say("ask a coordinator to invite your agency again"))]
    return []


def taking_part_twice(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse a second part of one agency in one operation, and a second LEAD."""
    return [
        _wrong(
            "agency",
            row["id"],
            say("the agency takes part already, as {other}", other=row["other"]),
            say("change that participant"),
        )
        if row["same_agency"]
        else _wrong(
            "role", "LEAD", say("{other} leads the operation already", other=row["other"]), say("choose another role")
        )
        for row in rows
    ]


def offered_twice(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse two offers of one thing to one operation at one time."""
    problems: list[Problem] = []
    for row in rows:
        what = say(
            "{thing} is offered already by {other}, {start} to {end}",
            thing=row["thing"],
            other=row["other"],
            start=row["start"] or say("any time"),
            end=row["end"] or say("any time"),
        )
        name = "units" if row["is_unit"] else "resources"
        problems.append(_wrong(name, row["thing"], what, say("change that offer, or give times that do not overlap")))
    return problems


def _wrong(name: str, value: Any, what: Sentence, remedy: Sentence) -> Problem:
    return Problem(name, value, what, remedy, name)
