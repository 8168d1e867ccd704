"""Four agencies with plans: entering, moving and withdrawing them by the product's own writers."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import KeysMissing
from tests.opsplan.deconfliction.oracle import KINDS, Plan
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun

DAY = datetime(2026, 12, 1, tzinfo=UTC)
CLAIM = noun("Claim")


def row_of(plan: Plan) -> dict[str, Any]:
    """Give a plan as a checked row."""
    where: dict[str, Any] = (
        {"outline": [list(each) for each in plan.corners]}
        if plan.corners
        else {
            "location": (plan.longitude, plan.latitude),
            "radius_m": plan.radius_m,
        }
    )
    return checked(
        "Claim",
        external_id=plan.name,
        kind=plan.kind,
        start=plan.start.isoformat(),
        end=plan.end.isoformat(),
        sensitivity=plan.sensitivity,
        **where,
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

    def actor(self, agency: str) -> Actor:
        return Actor(f"user-{agency}", self.agencies[agency], f"{agency}-{self.world.tag}", frozenset({Role.PLANNER}))

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

    async def withdraw(self, plan: Plan) -> None:
        record_id = self.ids[plan.name]
        await self.world.write(
            lambda writing: writing.retire(CLAIM, [(record_id, None)], "withdrawn"), actor=self.actor(plan.owner)
        )

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
