"""Four agencies with plans: entering, moving and withdrawing them by the product's own writers."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.records.declaration import Noun
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import KeysMissing
from tests.opsplan.deconfliction.oracle import FURTHER_NOTICE, KINDS, Plan
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun

DAY = datetime(2026, 12, 1, tzinfo=UTC)
TOLD_OF_HIDDEN = {"key", "contact_id", "own_claims", "own_claims_count"}
"""What a refusal tells of a key that stands for what is hidden: whom to call, and for which claims of one's own."""
CLAIM = noun("Claim")
ZONE = noun("Zone")


def row_of(plan: Plan, as_: str = "Claim", **more: Any) -> dict[str, Any]:
    """Give a plan as a checked row."""
    corners = {"outline": [list(each) for each in plan.corners]} if plan.corners else {}
    return checked(
        as_,
        external_id=plan.name,
        kind=plan.kind,
        start=plan.start.isoformat(),
        end=None if plan.end == FURTHER_NOTICE else plan.end.isoformat(),
        sensitivity=plan.sensitivity,
        location=(plan.longitude, plan.latitude),
        radius_m=0.0 if plan.corners else plan.radius_m,
        **corners,
        **more,
    )


class Theatre:
    """A world with four agencies, and what they claim."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.graph = world.graph
        self.agencies: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    async def open(self) -> "Theatre":
        rows = [
            checked("Agency", code=f"{name}-{self.world.tag}", name=f"Agency {name}", kind="POLICE", country="KH")
            for name in "KLMN"
        ]
        ids = await self.world.write(lambda writing: writing.create(noun("Agency"), rows), actor=ADMINISTRATOR)
        self.agencies = dict(zip("KLMN", ids, strict=True))
        return self

    def actor(self, agency: str, role: Role = Role.COORDINATOR) -> Actor:
        return Actor(f"user-{agency}", self.agencies[agency], f"{agency}-{self.world.tag}", frozenset({role}))

    async def put(self, *plans: Plan, seen: tuple[str, ...] = ()) -> list[str]:
        """Enter plans of one owner, or have them be as they now are; give their ids."""
        rows = [row_of(each) for each in plans]
        outcomes = await self.world.write(
            lambda writing: writing.upsert(CLAIM, rows), actor=self.actor(plans[0].owner), seen=seen
        )
        ids = [each.record_id for each in outcomes]
        self.ids |= dict(zip((each.name for each in plans), ids, strict=True))
        return ids

    async def commit(self, *plans: Plan) -> list[Mapping[str, Any]]:
        """Enter plans as somebody who shows the keys that a refusal names; give what was missing at first."""
        missing: list[Mapping[str, Any]] = []
        while True:
            try:
                await self.put(*plans, seen=tuple(each["key"] for each in missing))
            except KeysMissing as refusal:
                assert not missing, "what a refusal named was not enough"
                missing = list(refusal.facts["missing"])
            else:
                return missing

    async def withdraw(self, plan: Plan, noun: Noun = CLAIM) -> None:
        record_id = self.ids[plan.name]
        await self.world.write(
            lambda writing: writing.retire(noun, [(record_id, None)], "withdrawn"), actor=self.actor(plan.owner)
        )

    async def keep(self, zone: Plan) -> str:
        """Enter a zone, or have it be as it now is; give its id."""
        row = row_of(zone, "Zone", name=f"EXERCISE {zone.name}")
        outcomes = await self.world.write(lambda writing: writing.upsert(ZONE, [row]), actor=self.actor(zone.owner))
        self.ids[zone.name] = outcomes[0].record_id
        return self.ids[zone.name]

    async def read_by(self, agency: str, noun: Noun, returns: str, match: str = "(n)") -> list[list[Any]]:
        """Give what of a noun's records an agency may know of, by the product's own condition; GONE ones are not."""
        readership, reader = self.world.laws.readership, self.actor(agency)
        condition = readership.predicate(reader, noun).replace("{node}", "n")
        return await self.graph.read_rows(
            f"MATCH (n:{noun.label}) WHERE n.state <> 'GONE' AND coalesce({condition}, false) "
            f"MATCH {match} RETURN {returns}",
            {"reader": readership.parameters(reader)},
        )

    async def crossings(self, agency: str) -> set[tuple[str, str]]:
        """Give the crossings that an agency may know of, by the names of claim and zone."""
        way = "(c:Claim)<-[:CROSSING_OF]-(n)-[:CROSSES]->(z:Zone)"
        rows = await self.read_by(agency, noun("ZoneCrossing"), "c.external_id, z.external_id", way)
        assert len(rows) == len({tuple(row) for row in rows}), "a pair has two crossings"
        return {(row[0], row[1]) for row in rows}

    async def zone_notices(self, agency: str) -> set[tuple[str, str]]:
        """Give what an agency is told of zones beside crossings: its own claim or zone, and the agency to call."""
        names = {each: name for name, each in self.agencies.items()}
        way = "(contact)<-[:ZONE_NOTICE_CALLS]-(n)-[:ZONE_NOTICE_ON|ZONE_NOTICE_OF]->(own)"
        rows = await self.read_by(
            agency, noun("ZoneNotice"), "own.external_id, contact.id, own.owner_id = n.owner_id", way
        )
        assert all(row[2] for row in rows)
        told = [(row[0], names[row[1]]) for row in rows]
        assert len(told) == len(set(told)), "a side was told twice"
        return set(told)

    async def conflicts(self) -> set[frozenset[str]]:
        """Give the pairs of plans' names that are in conflict, as the graph has them."""
        rows = await self.graph.read_rows(
            "MATCH (a:Claim)<-[:CONFLICT_OF]-(k:Conflict)-[:CONFLICT_WITH]->(b:Claim) WHERE k.state <> 'GONE' "
            "RETURN a.external_id, b.external_id"
        )
        pairs = [frozenset(row) for row in rows]
        assert len(pairs) == len(set(pairs)), "a pair of claims has two conflicts"
        return set(pairs)

    async def notices(self) -> set[tuple[str, str, str]]:
        """Give what stands told: the plan that it is told of, the other plan or nothing, and the agency to call."""
        names = {agency: name for name, agency in self.agencies.items()}
        rows = await self.graph.read_rows(
            "MATCH (c:Claim)<-[:NOTICE_ON]-(n:Notice)-[:NOTICE_CALLS]->(contact) WHERE n.state <> 'GONE' "
            "OPTIONAL MATCH (n)-[:NOTICE_OF]->(k:Conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(o:Claim) WHERE o <> c "
            "RETURN c.external_id, coalesce(o.external_id, ''), contact.id, n.owner_id = c.owner_id, n.is_blind"
        )
        assert all(row[3] and row[4] is (row[1] == "") for row in rows)
        told = [(row[0], row[1], names[row[2]]) for row in rows]
        assert len(told) == len(set(told)), "a side was told twice"
        return set(told)


def drawn_plan(chance: random.Random, name: str, owner: str, *, at: tuple[float, float] = (104.9, 11.55)) -> Plan:
    """Draw a plan in a crowded district round a point."""
    longitude = at[0] + chance.uniform(-0.15, 0.15)
    latitude = max(-90.0, min(90.0, at[1] + chance.uniform(-0.15, 0.15)))
    start = DAY + timedelta(minutes=chance.randrange(0, 4 * 24 * 60))
    end = start + timedelta(minutes=chance.choice((1, 30, 120, 600, 3_000)))
    longitude = (longitude + 180.0) % 360.0 - 180.0
    radius_m = chance.choice((0.0, 50.0, 400.0, 3_000.0))
    corners: tuple[tuple[float, float], ...] = ()
    if chance.random() < 0.2 and abs(latitude) < 80:
        size = chance.uniform(0.001, 0.004)
        corners = tuple(
            (((longitude + dx * size) + 180.0) % 360.0 - 180.0, latitude + dy * size)
            for dx, dy in ((-1, -0.7), (1.1, -1), (0.9, 1), (-0.2, 0.2))
        )
    sensitivity = chance.choices(("OPEN", "POINTER", "SILENT"), (7, 2, 1))[0]
    return Plan(name, owner, chance.choice(KINDS), longitude, latitude, radius_m, start, end, sensitivity, corners)
