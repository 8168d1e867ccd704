"""A small invented world to write in: two live agencies, one of an exercise, their actors, and short ways to write."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.operations.service import invite, move_participant
from opsplan.operations.states import ParticipantState
from opsplan.records.check import check_row
from opsplan.records.declaration import Noun
from opsplan.records.writing import Laws, Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import FrozenClock

Result = TypeVar("Result")
ADMINISTRATOR = Actor("machine:test", roles=frozenset({Role.ADMINISTRATOR}))


class World:
    """What a test of writers needs; every world has agencies of its own, so tests share a graph in peace."""

    def __init__(self, graph: Graph, laws: Laws = LAWS) -> None:
        self.graph = graph
        self.laws = laws
        self.clock = FrozenClock(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
        self.tag = secrets.token_hex(4).upper()
        self.agencies: dict[str, str] = {}
        self.signers: dict[str, Any] = {}
        """By agency: the private key that it approves plans with."""
        self._has_desks = False

    async def open(self) -> "World":
        """Make the agencies: A and B are live, X belongs to an exercise."""
        rows = [
            checked(
                "Agency",
                code=f"{name}-{self.tag}",
                name=f"Agency {name}",
                kind="POLICE",
                country="KH",
                territorial=True,
            )
            for name in "ABX"
        ]
        rows[2]["exercise"] = True
        rows[2]["name"] = "EXERCISE Agency X"
        ids = await self.write(lambda writing: writing.create(noun("Agency"), rows), actor=ADMINISTRATOR)
        self.agencies = dict(zip("ABX", ids, strict=True))
        return self

    async def with_desks(self) -> "World":
        """Give each agency a desk that is on duty day and night, so that it can take part in operations; once."""
        if not self._has_desks:
            await self.write(self._make_desks, actor=ADMINISTRATOR)
            self._has_desks = True
        return self

    async def _make_desks(self, writing: Writing) -> None:
        desk = {"post": "Desk", "phone": "+99900000001", "time_zone": "Asia/Phnom_Penh"}
        owners = list(self.agencies.values())
        desks = [checked("ContactPoint", agency=each, owner=each, **desk) for each in owners]
        ids = await writing.create(noun("ContactPoint"), desks)
        always = {"from_local": "00:00", "until_local": "00:00"}
        shifts = [
            checked("DutyShift", contact_point=each, owner=owner, **always)
            for each, owner in zip(ids, owners, strict=True)
        ]
        await writing.create(noun("DutyShift"), shifts)

    def actor(self, name: str = "A", *roles: Role) -> Actor:
        """Give somebody of an agency, a planner unless said otherwise."""
        return Actor(f"user-{name}", self.agencies[name], f"{name}-{self.tag}", frozenset(roles or (Role.PLANNER,)))

    async def write(
        self, work: Callable[[Writing], Awaitable[Result]], *, actor: Actor | None = None, **options: Any
    ) -> Result:
        """Write as an actor, A's planner unless said otherwise."""
        who = actor or self.actor()
        return await write(self.graph, who, self.clock, work, laws=self.laws, request_id="test", **options)

    async def create(self, name: str, /, *, actor: Actor | None = None, **given: Any) -> str:
        """Create one record from raw values that must be right, and give its id."""
        row = checked(name, **given)
        return (await self.write(lambda writing: writing.create(noun(name), [row]), actor=actor))[0]

    async def change(
        self, name: str, record_id: str, /, *, actor: Actor | None = None, seen: Iterable[str] = (), **given: Any
    ) -> None:
        """Change one record."""
        await self.write(
            lambda writing: writing.change(noun(name), [{"id": record_id, **given}]), actor=actor, seen=seen
        )

    async def retire(
        self, name: str, record_id: str, version: int | None = None, *, actor: Actor | None = None
    ) -> None:
        """Retire one record."""
        await self.write(lambda writing: writing.retire(noun(name), [(record_id, version)]), actor=actor)

    async def compound(self, *, actor: Actor | None = None, **given: Any) -> str:
        """Make a compound in Phnom Penh."""
        return await self.create(
            "Compound", actor=actor, **{"name": "Heron Court", "location": (104.92, 11.56), **given}
        )

    async def target(self, *, actor: Actor | None = None, **given: Any) -> str:
        """Make a target."""
        return await self.create("Target", actor=actor, **{"name": "Quill Marrow", "kind": "PERSON", **given})

    async def operation(self, *, actor: Actor | None = None, **given: Any) -> str:
        """Make an operation of one week."""
        frame = {
            "h_hour": "2026-12-01T04:00:00Z",
            "start": "2026-12-01T00:00:00Z",
            "end": "2026-12-07T00:00:00Z",
        }
        return await self.create("Operation", actor=actor, **{"code_name": "Lantern", **frame, **given})

    async def action(self, operation: str, *, actor: Actor | None = None, **given: Any) -> str:
        """Make an action in an operation."""
        window = {"window_start": "2026-12-01T04:00:00Z", "window_end": "2026-12-01T16:00:00Z"}
        return await self.create(
            "Action", actor=actor, **{"name": "Raid", "kind": "RAID", "operation": operation, **window, **given}
        )

    async def invite(self, operation: str, name: str = "B", *, by: Actor | None = None, **given: Any) -> str:
        """Let A, unless another is named, invite an agency, and give the participant's id."""
        asked = {"operation": operation, "agency": self.agencies[name], "role": "CONTRIBUTOR"}
        row = checked("Participant", **{**asked, **given})
        return await self.write(lambda writing: invite(writing, row), actor=by)

    async def reply(
        self,
        participant: str,
        to: ParticipantState,
        name: str = "B",
        *,
        by: Actor | None = None,
        version: int | None = None,
    ) -> None:
        """Let an agency reply to its invitation or withdraw, in the version that it has unless another is given."""
        known = version or (await self.properties(participant))["version"]
        await self.write(
            lambda writing: move_participant(writing, participant, to, reason="EXERCISE", expected_version=known),
            actor=by or self.actor(name),
        )

    async def properties(self, record_id: str) -> dict[str, Any]:
        """Read a record's properties straight from the graph."""
        rows = await self.graph.read_rows("MATCH (n:Record {id: $id}) RETURN properties(n)", {"id": record_id})
        return dict(rows[0][0]) if rows else {}

    async def referred(self, record_id: str, relation_type: str) -> list[str]:
        """Read the ids that a record refers to by a relationship of a type."""
        text = f"MATCH (n:Record {{id: $id}})-[:{relation_type}]->(other) RETURN other.id ORDER BY other.id"
        return [row[0] for row in await self.graph.read_rows(text, {"id": record_id})]


def noun(name: str) -> Noun:
    """Give a noun of the catalogue."""
    return CATALOGUE[name]


async def enter(writing: Writing, name: str, /, **given: Any) -> str:
    """Create one record inside a transaction, from raw values that must be right, and give its id."""
    return (await writing.create(noun(name), [checked(name, **given)]))[0]


def checked(name: str, /, **given: Any) -> dict[str, Any]:
    """Check raw values that must be right."""
    row, problems = check_row(noun(name), given)
    assert not problems, [problem.sentence for problem in problems]
    return row


def only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Give some of the values."""
    return {name: values.get(name) for name in names}
