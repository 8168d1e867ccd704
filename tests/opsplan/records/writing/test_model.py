"""The writers against a model: random sequences of right and wrong requests, every outcome and the end compared."""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from opsplan.records.feed import changes_after, history, last_number
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound, OpsplanError, VersionConflict
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.world import World, noun
from tests.seeds import many, with_fresh

_PLACE = GeoPoint(104.92, 11.56)


@dataclass
class Entry:
    """A record as the model has it: estimates hang on compounds and cannot be without them."""

    noun: str
    owner: str
    values: dict[str, Any]
    refers: dict[str, str]
    version: int = 1
    retired: bool = False
    kinds: list[str] = field(default_factory=lambda: ["CREATED"])


class Model:
    """Records in a dictionary, with the rules in a few lines of plain Python, written without the writers' code."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.commits = 0

    def why_not_create(self, name: str, owner: str, values: dict[str, Any], refers: dict[str, str]) -> type | None:
        """Give the error that creating must meet, or None."""
        for relation, record_id in refers.items():
            found = self.entries.get(record_id)
            if found is None or found.noun != relation.capitalize() or found.retired:
                return Invalid
        if self._is_taken(name, owner, values.get("external_id")):
            return Conflict
        return None

    def why_not_change(
        self, name: str, actor: str, record_id: str, values: dict[str, Any], version: int | None
    ) -> type | None:
        """Give the error that changing must meet, or None."""
        found = self.entries.get(record_id)
        if found is None or found.noun != name:
            return NotFound
        if found.owner != actor:
            return Forbidden
        if version is not None and version != found.version:
            return VersionConflict
        if found.retired:
            return Conflict
        if values.get("external_id", found.values.get("external_id")) != found.values.get("external_id"):
            return Invalid
        if "low" in values and not values["low"] <= found.values["high"]:
            return Invalid
        return None

    def why_not_retire(self, name: str, actor: str, record_id: str, version: int | None) -> type | None:
        """Give the error that retiring must meet, or None."""
        wrong = self.why_not_change(name, actor, record_id, {}, version)
        if wrong is None and any(
            record_id in each.refers.values() and not each.retired for each in self.entries.values()
        ):
            return Conflict
        return wrong

    def why_not_restore(self, name: str, actor: str, record_id: str) -> type | None:
        """Give the error that restoring must meet, or None."""
        found = self.entries.get(record_id)
        if found is None or found.noun != name:
            return NotFound
        if found.owner != actor:
            return Forbidden
        if not found.retired or any(self.entries[each].retired for each in found.refers.values()):
            return Conflict
        return None

    def _is_taken(self, name: str, owner: str, external_id: str | None) -> bool:
        return external_id is not None and any(
            (each.noun, each.owner, each.values.get("external_id")) == (name, owner, external_id)
            for each in self.entries.values()
        )


class Walk:
    """A random walk over both: every step asks both and compares."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.draw, self.model = world, random.Random(seed), Model()

    async def step(self) -> None:
        """Do one random thing."""
        kind = self.draw.choices(("create", "change", "retire", "restore"), (5, 5, 2, 2))[0]
        name = self.draw.choice(("Compound", "Target", "Estimate"))
        actor = self.draw.choice("AB")
        await getattr(self, f"_{kind}")(name, actor)

    async def _ask(self, actor: str, work: Any, expected: type | None) -> Any:
        number = await last_number(self.world.graph)
        met: OpsplanError | None = None
        result = None
        try:
            result = await self.world.write(work, actor=self.world.actor(actor))
        except OpsplanError as error:
            met = error
        assert (type(met) if met else None) is expected, met
        if met is not None:
            assert await last_number(self.world.graph) == number
        return result

    async def _create(self, name: str, actor: str) -> None:
        values: dict[str, Any] = {"name": self.draw.choice(("Heron", "Quill"))}
        refers: dict[str, str] = {}
        if self.draw.random() < 0.3:
            values["external_id"] = str(self.draw.randrange(4))
        if name == "Target":
            values["kind"] = "PERSON"
        elif name == "Compound":
            values["location"] = _PLACE
        else:
            values = {"low": 1, "likely": 5, "high": 9, "as_of": "2026-11-01T00:00:00.000Z", **_only_ids(values)}
            refers = {"compound": self._any_id()}
        expected = self.model.why_not_create(name, actor, values, refers)
        row = {**values, **refers} | ({"nationality": "country_vn"} if name == "Estimate" else {})
        made = await self._ask(actor, lambda w: w.create(_noun(name), [row]), expected)
        if made is not None:
            self.model.entries[made[0]] = Entry(name, actor, values, refers)

    async def _change(self, name: str, actor: str) -> None:
        record_id, version = self._any_id(), self.draw.choice((None, None, 1, 2, 3))
        values = self.draw.choice(
            ({"notes": self.draw.choice(("x", "y", None))}, {"external_id": "9"}, {"name": "Ash"})
            if name != "Estimate"
            else ({"low": self.draw.choice((1, 2, 5, 99))}, {"source": "z"}, {"external_id": "9"})
        )
        expected = self.model.why_not_change(name, actor, record_id, values, version)
        row = {"id": record_id, "expected_version": version, **values}

        async def work(w: Writing) -> bool:
            await w.change(_noun(name), [row])
            return True

        if await self._ask(actor, work, expected):
            entry = self.model.entries[record_id]
            after = {key: value for key, value in {**entry.values, **values}.items() if value is not None}
            if after != entry.values:
                entry.values, entry.version = after, entry.version + 1
                entry.kinds.append("CHANGED")

    async def _retire(self, name: str, actor: str) -> None:
        record_id, version = self._any_id(), self.draw.choice((None, None, 1, 2))
        expected = self.model.why_not_retire(name, actor, record_id, version)

        async def work(w: Writing) -> bool:
            await w.retire(_noun(name), [(record_id, version)])
            return True

        if await self._ask(actor, work, expected):
            entry = self.model.entries[record_id]
            entry.retired, entry.version = True, entry.version + 1
            entry.kinds.append("RETIRED")

    async def _restore(self, name: str, actor: str) -> None:
        record_id = self._any_id()
        expected = self.model.why_not_restore(name, actor, record_id)

        async def work(w: Writing) -> bool:
            await w.restore(_noun(name), [(record_id, None)])
            return True

        if await self._ask(actor, work, expected):
            entry = self.model.entries[record_id]
            entry.retired, entry.version = False, entry.version + 1
            entry.kinds.append("RESTORED")

    def _any_id(self) -> str:
        return self.draw.choice([*self.model.entries, "compound_0", "target_0"])

    async def compare(self) -> None:
        """Hold every record, reference and history of the graph against the model."""
        owners = {self.world.agencies[name]: name for name in "AB"}
        rows = await self.world.graph.read_rows(
            "MATCH (n:Record) WHERE n.owner_id IN $owners AND NOT n:Agency "
            "RETURN n.id, properties(n), [(n)-[:ESTIMATED_AT]->(c) | c.id], n:Retired",
            {"owners": list(owners)},
        )
        assert {row[0] for row in rows} == self.model.entries.keys()
        for record_id, properties, refers, is_retired in rows:
            entry = self.model.entries[record_id]
            assert owners[properties["owner_id"]] == entry.owner
            assert properties["version"] == entry.version
            assert ("retired_at" in properties) == is_retired == entry.retired
            assert refers == list(entry.refers.values())
            for name in ("name", "notes", "external_id", "low", "source"):
                assert properties.get(name) == entry.values.get(name), (record_id, name)
            told = await history(self.world.graph, record_id)
            assert [commit.changes[0].kind for commit in told] == entry.kinds


def _noun(name: str) -> Any:
    return noun("VictimEstimate" if name == "Estimate" else name)


def _only_ids(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key == "external_id"}


@pytest.mark.parametrize("seed", with_fresh(0, 1, 2))
async def test_the_writers_do_what_the_model_does(world: World, seed: int) -> None:
    """Seventy random requests by two agencies: each is accepted or refused as the model says, and the end is equal."""
    start = await last_number(world.graph)
    walk = Walk(world, seed)
    for _ in range(70):
        await walk.step()
    await walk.compare()
    done = sum(len(entry.kinds) for entry in walk.model.entries.values())
    told = await changes_after(world.graph, start, 1_000)
    assert sum(len(commit.changes) for commit in told) == done


@pytest.mark.long
@pytest.mark.parametrize("seed", many(20))
async def test_the_writers_do_what_the_model_does_for_long(world: World, seed: int) -> None:
    """The same for twenty walks of five hundred requests."""
    walk = Walk(world, seed)
    for _ in range(500):
        await walk.step()
    await walk.compare()
