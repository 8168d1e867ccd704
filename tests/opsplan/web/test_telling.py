"""What a subscriber hears of: the policy of reading holds for what happened, too."""

import asyncio
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphql import parse, subscribe

from opsplan.access.identity import Caller
from opsplan.calls.budget import Bill, Budgets, Share
from opsplan.calls.context import Context, Surroundings
from opsplan.events.broadcast import Broadcast
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.reading.cursors import CursorKey
from opsplan.reading.executor import ReadingExecutor
from opsplan.reading.shape.fields import Hop
from opsplan.reading.telling import told
from opsplan.records.declaration import Noun, Property, Relation
from opsplan.records.feed import Happened
from opsplan.vocabulary.actor import Actor
from opsplan.web.schema import build_schema
from tests.opsplan.records.world import World

_LAST = "Last Court"
_CHANGES = (
    "subscription { recordChanged(nouns: [Compound]) { recordId kind fields record { id ... on Compound { name } } } }"
)


class _OnePolicy:
    """Red records are there for their owner alone; so are notes; nobody knows of a compound's country."""

    def key(self, _actor: Actor, /) -> Hashable:
        return "one"

    def predicate(
        self, _actor: Actor, noun: Noun, /, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        if noun.system:
            return None
        if declared is not None:
            return "{node}.owner_id = $reader.agency_id" if declared.name == "notes" else None
        if hop is not None:
            is_country = isinstance(hop, Relation) and (noun.name, hop.name) == ("Compound", "country")
            return "false" if is_country else None
        return "{node}.marking <> 'TLP_RED' OR {node}.owner_id = $reader.agency_id"

    def shared(self, _actor: Actor, _nouns: object, /) -> str | None:
        return None

    def beyond(self, _actor: Actor, _noun: Noun, _hop: Hop, _target: Noun, /) -> str | None:
        return None

    def parameters(self, actor: Actor, /) -> Mapping[str, Any]:
        return {"agency_id": actor.agency_id}


async def test_what_a_reader_may_not_see_has_not_happened_for_it(empty_graph: Graph) -> None:
    """A hidden record's changes are not told, nor hidden fields of one that is seen; its owner hears of all it may."""
    await keep_countries(empty_graph)
    world = await World(empty_graph).open()
    schema = build_schema(CATALOGUE, CursorKey(b"a secret of the tests alone"), policy=_OnePolicy()).schema
    async with Broadcast(empty_graph).running() as broadcast:
        heard: dict[str, list[Any]] = {"A": [], "B": []}

        async def listen(name: str) -> None:
            events: Any = subscribe(
                schema,
                parse(_CHANGES),
                context_value=_context(empty_graph, broadcast, world.actor(name)),
                executor_class=ReadingExecutor,
            )
            async for event in events:
                assert not event.errors, event.errors
                heard[name].append(event.data["recordChanged"])
                if event.data["recordChanged"]["record"]["name"] == _LAST:
                    return

        listeners = [asyncio.create_task(listen(name)) for name in "AB"]
        # Whoever has heard of something listens.
        async with asyncio.timeout(30):
            while not all(heard.values()):
                await world.compound(name="First Court")
                broadcast.wake()
                await asyncio.sleep(0.05)
        red = await world.compound(marking="TLP_RED")
        amber = await world.compound(marking="TLP_AMBER")
        await world.change(
            "Compound", amber, name="Heron Yard", notes="two gates", country="country_th", location=(100.5, 13.7)
        )
        await world.change("Compound", red, name="Quiet Yard")
        await world.retire("Compound", amber)
        await world.compound(name=_LAST)
        broadcast.wake()
        async with asyncio.timeout(30):
            await asyncio.gather(*listeners)

    shown = {name: [(each["recordId"], each["kind"]) for each in changes] for name, changes in heard.items()}
    of_amber = [(amber, "CREATED"), (amber, "CHANGED"), (amber, "RETIRED")]
    assert [each for each in shown["A"] if each[0] == red] == [(red, "CREATED"), (red, "CHANGED")]
    assert [each for each in shown["B"] if each[0] == red] == []
    for changes in shown.values():
        assert [each for each in changes if each[0] == amber] == of_amber
    fields = {
        name: next(set(each["fields"]) for each in changes if each["recordId"] == amber and each["kind"] == "CHANGED")
        for name, changes in heard.items()
    }
    assert fields["A"] - fields["B"] == {"notes"}
    assert {"name"} <= fields["B"]
    assert "country" not in fields["A"] | fields["B"]
    assert all(each["record"]["id"] == each["recordId"] for changes in heard.values() for each in changes)


async def test_what_is_told_follows_what_is_seen_now(empty_graph: Graph) -> None:
    """A record that has come into view is told of from then on; of one that is gone, nobody can say who may hear."""
    await keep_countries(empty_graph)
    world = await World(empty_graph).open()
    red = await world.compound(marking="TLP_RED", notes="two gates")
    policy = _OnePolicy()
    # The last is what a merge remembers beside the record: no field of it.
    names = ("name", "notes", "country", "marking", "had_aliases")

    async def told_to(name: str) -> tuple[str, ...] | None:
        context: Any = _context(empty_graph, Broadcast(empty_graph), world.actor(name))
        one = Happened(1, 0, "", "somebody", None, None, red, "Compound", "CHANGED", names)
        found = await told(policy, CATALOGUE, [one], context)
        return found[0].names if found else None

    assert await told_to("A") == ("name", "notes", "marking")
    assert await told_to("B") is None
    await world.change("Compound", red, marking="TLP_GREEN")
    assert await told_to("B") == ("name", "marking")
    await empty_graph.run_outside("MATCH (n:Record {id: $id}) DETACH DELETE n", {"id": red})
    assert await told_to("A") is None
    assert await told_to("B") is None


def _context(graph: Graph, broadcast: Broadcast, actor: Actor) -> Context:
    share = Share(1_000_000, 10)
    now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    return Context(
        Surroundings(graph, graph, lambda: now, LAWS, broadcast),
        "test",
        now,
        Caller(actor, now),
        bill=Bill(Budgets(share, share).of(actor)),
    )
