"""An operation that is not OPEN, with at least one record of everything that hangs on an operation."""

from dataclasses import dataclass

from opsplan.nouns import CATALOGUE
from opsplan.scheduling.plan.steps import Pin
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.ids import mint
from tests.opsplan.conduct.test_reports import results, status
from tests.opsplan.reading.circles import HANGS_ON_A_CLAIM, HANGS_ON_AN_OPERATION
from tests.opsplan.records.world import checked
from tests.opsplan.scheduling.theatre import Theatre, at

_HANGING = (*HANGS_ON_AN_OPERATION, *HANGS_ON_A_CLAIM, "Claim", "Comment", "Operation")
_MADE_BY_THE_SERVICE = """
    MATCH (operation:Record {id: $operation})<-[:PARTICIPATES_IN]-(participant:Participant)
    WITH operation, participant LIMIT 1
    CREATE (gap:Record:RotaGap {id: $gap, owner_id: participant.owner_id, version: 1, state: 'OPEN'})
           -[:GAP_OF]->(participant)
    CREATE (asked:Record:WhatIf {id: $what_if, owner_id: operation.owner_id, version: 1})-[:WHAT_IF_OF]->(operation)
    WITH operation, gap, asked
    MATCH (operation)<-[:PART_OF]-(action:Action)
    WITH operation, gap, asked, action LIMIT 1
    CREATE (lacks:Record:AuthorityGap {id: $lacks, owner_id: operation.owner_id, version: 1, state: 'OPEN'})
           -[:LACKS_AUTHORITY]->(action)
    FOREACH (made IN [gap, asked, lacks] | SET made.marking = 'TLP_AMBER', made.exercise = false,
      made.created_at = operation.created_at, made.changed_at = operation.created_at,
      made.created_by = 'test', made.changed_by = 'test', made.start = operation.start, made.end = operation.end)
"""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The operation, and by noun the id of one record of it; `all_ids` are all that hang on it, `met` meets it."""

    theatre: Theatre
    ids: dict[str, str]
    all_ids: frozenset[str]
    met: str


async def hidden_operation(theatre: Theatre) -> Hidden:
    """Fill a theatre's operation, schedule and publish it, and let the hour begin."""
    first = await theatre.staffed_raid("Raid 1", window_end=at(12))
    second = await theatre.raid("Raid 2")
    impossible = await theatre.raid("Raid 3")
    await theatre.unit_need(impossible, unit_kind="CYBER")
    await theatre.bed_need(first)
    group = await theatre.create("SimultaneityGroup", name="Doors", operation=theatre.operation)
    await theatre.change("Action", second, group=group)
    await theatre.create("Precedence", before=first, after=impossible)
    await theatre.create("Warrant", action=first, reference="12/2026", start=at(0), end=at(48))
    await theatre.beds()
    unit = await theatre.unit()
    await theatre.create("Comment", about=first, body="The gate is open at night.")
    plan = await theatre.planned()
    await theatre.edit(plan, Pin(first))
    await theatre.publish(plan)
    await theatre.absence(unit, 0, 48)
    await theatre.state(first, "ACTIVATED")
    await status(theatre, first, state="UNDER_WAY")
    await results(theatre, first, {"kind": "ARREST", "number": 3})
    await theatre.graph.run_outside(
        _MADE_BY_THE_SERVICE,
        {
            "operation": theatre.operation,
            "gap": mint("RotaGap"),
            "what_if": mint("WhatIf"),
            "lacks": mint("AuthorityGap"),
        },
    )
    met = await _meet(theatre, first)
    labels = "|".join(_HANGING)
    rows = await theatre.graph.read_rows(
        f"MATCH (n:{labels}) WHERE n.owner_id IN $owners AND n.id <> $met AND NOT (n:Notice AND n.owner_id = $other) "
        # What other tests claim there crosses the zone, too.
        "AND NOT EXISTS { (n)-[:CROSSING_OF]->(claim:Claim) WHERE NOT claim.owner_id IN $owners } "
        "RETURN n.id, head([l IN labels(n) WHERE l IN $nouns])",
        {
            "owners": sorted(theatre.world.agencies.values()),
            "nouns": list(_HANGING),
            "met": met,
            "other": theatre.world.agencies["B"],
        },
    )
    ids = {noun: record_id for record_id, noun in sorted(rows, reverse=True)}
    assert set(ids) == set(_HANGING), set(_HANGING) - set(ids)
    assert all(noun in CATALOGUE for noun in ids)
    return Hidden(theatre, ids, frozenset(record_id for record_id, _ in rows), met)


async def _meet(theatre: Theatre, action: str) -> str:
    """Have another agency claim the place and hour of an action, and keep a zone there; give that claim."""
    (raid,) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CLAIMED_FOR]-(c) "
        "RETURN [c.location.longitude, c.location.latitude], c.start, c.end",
        {"id": action},
    )
    row = checked("Claim", kind="RAID", location=tuple(raid[0]), radius_m=50.0, start=raid[1], end=raid[2])
    who, seen = theatre.world.actor("B", Role.COORDINATOR), ()
    zone = {"name": "EXERCISE Strip", "kind": "RESTRICTED", "location": tuple(raid[0]), "radius_m": 50.0}
    await theatre.world.create("Zone", actor=who, start=raid[1], end=raid[2], **zone)
    while True:
        try:
            (made,) = await theatre.world.write(
                lambda writing: writing.create(CATALOGUE["Claim"], [row]), actor=who, seen=seen
            )
        except KeysMissing as refusal:
            seen = tuple(each["key"] for each in refusal.facts["missing"])
        else:
            return made
