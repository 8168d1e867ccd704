"""The seam for policy: a test policy proves that no way goes round it.

The answer that a reader gets equals the answer over a world from which everything hidden was deleted: in lists, counts,
pages, look-ups, filters, sorts, cursors and derived lists.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import orjson
import pytest
from graphql import print_schema

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.shape.fields import Hop
from opsplan.records.declaration import Derived, Noun, Property, Relation
from opsplan.vocabulary.actor import Actor
from tests.make.world import Thing, World
from tests.opsplan.reading.desk import READER, Desk, desk_over
from tests.opsplan.reading.oracle.cursors import PlainCursors
from tests.opsplan.reading.oracle.executor import Oracle
from tests.opsplan.reading.oracle.operations import Draws
from tests.seeds import with_fresh

# Derived lists and named filters pass over records of their own text, which a policy on `{other}` does not see.
ON_THE_WAY = frozenset({"Link", "Jurisdiction", "Identifier"})
DERIVED = frozenset(
    {(noun.name, each.name) for noun in CATALOGUE for each in noun.derived}
    | {(noun.name, each.name) for noun in CATALOGUE for each in noun.filters}
)


class Secrets:
    """Hides TLP:RED records of others, capacities of suspected sites, all aliases, what mandatory actions concern."""

    def key(self, actor: Actor) -> Hashable:
        return actor.is_administrator

    def predicate(
        self, actor: Actor, noun: Noun, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        if actor.is_administrator:
            return None
        if declared is not None:
            if (noun.name, declared.name) == ("Compound", "capacity"):
                return "coalesce({node}.status, '') <> 'SUSPECTED'"
            return "false" if declared.name == "aliases" else None
        if hop is not None:
            if isinstance(hop, Relation) and hop.type == "CONCERNS":
                action = "{node}" if noun.name == "Action" else "{other}"
                return f"NOT coalesce({action}.mandatory, false)"
            return None
        if noun.system or noun.name in ON_THE_WAY:
            return None
        return "({node}.marking <> 'TLP_RED' OR {node}.owner_id = $reader.agency_id)"

    def parameters(self, actor: Actor) -> Mapping[str, Any]:
        return {"agency_id": actor.agency_id}


def _hidden(thing: Thing, reader: Actor) -> bool:
    if thing.noun.system or thing.noun.name in ON_THE_WAY:
        return False
    return thing.values["marking"] == "TLP_RED" and thing.values["owner_id"] != reader.agency_id


def without_secrets(world: World, reader: Actor) -> World:
    """Give the world from which everything hidden was deleted."""
    left = World(world.catalogue)
    for thing in world.things.values():
        if not _hidden(thing, reader):
            values = dict(thing.values)
            if thing.noun.name == "Compound" and (values.get("status") or "") == "SUSPECTED":
                values["capacity"] = None
            if "aliases" in values:
                values["aliases"] = None
            left.add(Thing(thing.noun, values))
    for kind, start, end in sorted(world.links):
        if start in left.things and end in left.things:
            if kind == "CONCERNS" and world.things[start].values["mandatory"]:
                continue
            left.link(kind, start, end)
    return left


@pytest.fixture
def desk(graph: Graph, world: World) -> Desk:
    """A desk with the test policy."""
    owner = next(each for each in world.of("Agency") if each.values["marking"] != "TLP_RED")
    desk = desk_over(graph, policy=Secrets(), cursors=PlainCursors())
    desk.actor = Actor("reader@test", owner.id, "TEST")
    return desk


@pytest.mark.parametrize("seed", with_fresh(11))
async def test_the_answer_is_that_of_a_world_without_what_is_hidden(desk: Desk, world: World, seed: int) -> None:
    """Drawn operations give byte for byte what they give where the hidden was deleted."""
    schema = desk.reads.ground.schema
    left = without_secrets(world, desk.actor)
    assert len(left.things) < len(world.things)
    oracle = Oracle(print_schema(schema), desk.reads.ground.shapes, left)
    # The text index keeps names and aliases together, so a policy on one property of them is no matter of this test.
    draws = Draws(schema, world, seed, without=DERIVED | {(noun.name, "text") for noun in CATALOGUE})
    for number in range(12):
        drawn = draws.draw()
        where = f"seed {seed}, operation {number}\n{drawn.text}\n{orjson.dumps(drawn.variables).decode()}"
        got = await desk.result(drawn.text, drawn.variables)
        assert not got.errors, f"{got.errors}\n{where}"
        assert orjson.dumps(got.data) == orjson.dumps(oracle.result(drawn.text, drawn.variables).data), where


async def test_derived_lists_leave_out_what_is_hidden(desk: Desk, world: World) -> None:
    """What a derived list, its count and its pages tell of is visible to the reader."""
    visible = set(without_secrets(world, desk.actor).things)
    lists = [
        (noun, each)
        for noun in CATALOGUE
        for each in noun.derived
        if isinstance(each, Derived) and each.target is not None and each.many
    ]
    told = 0
    for noun, each in lists:
        name = desk.reads.ground.shapes[noun.name].fields
        field = next(key for key, value in name.items() if getattr(value, "hop", None) is each)
        plural = noun.plural[:1].lower() + noun.plural[1:]
        answer = await desk.ask(f"{{ {plural} {{ nodes {{ id {field} {{ totalCount nodes {{ id }} }} }} }} }}")
        for node in answer[plural]["nodes"]:
            ids = [other["id"] for other in node[field]["nodes"]]
            assert set(ids) <= visible
            assert len(ids) == node[field]["totalCount"]
            told += len(ids)
    assert told


async def test_an_owner_reads_its_own(desk: Desk, world: World) -> None:
    """The values of `$reader` are those of each request, in one compiled statement."""
    red = next(
        each
        for each in world.of("Compound")
        if each.values["marking"] == "TLP_RED" and each.values["retired_at"] is None
    )
    text = "query ($id: ID!) { compound(id: $id) { id } }"
    owner = Actor("owner@test", red.values["owner_id"], "OWN")
    other = Actor("other@test", "agency_none", "OTHER")
    assert (await desk.ask(text, {"id": red.id}, actor=owner))["compound"] == {"id": red.id}
    assert (await desk.ask(text, {"id": red.id}, actor=other))["compound"] is None


async def test_two_kinds_of_readers_have_statements_of_their_own(desk: Desk, world: World) -> None:
    """What was compiled for one kind of reader is never used for another."""
    from opsplan.vocabulary.actor import Role

    text = "{ compounds { totalCount } }"
    everything = Actor("root@test", None, None, frozenset({Role.ADMINISTRATOR}))
    live = [each for each in world.of("Compound") if each.values["retired_at"] is None]
    hidden = [each for each in live if _hidden(each, READER)]
    assert hidden
    assert (await desk.ask(text, actor=everything))["compounds"]["totalCount"] == len(live)
    assert (await desk.ask(text, actor=READER))["compounds"]["totalCount"] == len(live) - len(hidden)
