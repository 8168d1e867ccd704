"""The seam for policy: a test policy proves that no way goes round it.

The answer that a reader gets equals the answer over a world from which everything hidden was deleted: in lists, counts,
pages, look-ups, filters, sorts, cursors and derived lists.
"""

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.shape.fields import Hop
from opsplan.records.declaration import Derived, Noun, Property
from opsplan.vocabulary.actor import Actor
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.comparing import LIMITS, compare
from tests.opsplan.reading.desk import READER, Desk, desk_over
from tests.opsplan.reading.oracle.cursors import PLAIN_CURSORS
from tests.opsplan.reading.secrets import Secrets
from tests.seeds import many, with_fresh

OPERATIONS = 10
_SECRETS = Secrets(CATALOGUE, 1)


async def _compare(graph: Graph, world: World, seed: int) -> None:
    policy = Secrets(CATALOGUE, seed)
    desk = desk_over(graph, policy=policy, cursors=PLAIN_CURSORS, limits=LIMITS)
    owner = next(each for each in world.of("Agency") if each.values["marking"] != "TLP_RED")
    desk.actor = Actor("reader@test", owner.id, "TEST")
    left = policy.world_left(world, desk.actor)
    assert len(left.things) < len(world.things)
    assert len(left.links) < len(world.links)
    await compare(desk, world, left, seed, OPERATIONS)


@pytest.mark.requirement("G1")
@pytest.mark.parametrize("seed", with_fresh(11, 12))
async def test_the_answer_is_that_of_a_world_without_what_is_hidden(graph: Graph, world: World, seed: int) -> None:
    """Drawn operations, derived lists, named filters and searches among them, give byte for byte what they give where
    the hidden was deleted."""
    await _compare(graph, world, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(25))
async def test_the_answer_is_that_of_many_worlds_without_what_is_hidden(graph: Graph, seed: int) -> None:
    """The same over other graphs, each with another policy."""
    world = random_world(CATALOGUE, seed, size=10)
    await graph.run_outside(WIPE)
    await put_into(graph, world)
    await _compare(graph, world, seed)


@pytest.fixture
def desk(graph: Graph, world: World) -> Desk:
    """A desk with the test policy."""
    owner = next(each for each in world.of("Agency") if each.values["marking"] != "TLP_RED")
    desk = desk_over(graph, policy=_SECRETS, cursors=PLAIN_CURSORS, limits=LIMITS)
    desk.actor = Actor("reader@test", owner.id, "TEST")
    return desk


async def test_derived_lists_leave_out_what_is_hidden(desk: Desk, world: World) -> None:
    """What a derived list, its count and its pages tell of is visible to the reader."""
    visible = set(_SECRETS.world_left(world, desk.actor).things)
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
    hidden = [each for each in live if _SECRETS.hides(each, READER)]
    assert hidden
    assert (await desk.ask(text, actor=everything))["compounds"]["totalCount"] == len(live)
    assert (await desk.ask(text, actor=READER))["compounds"]["totalCount"] == len(live) - len(hidden)


class _OneEnd:
    """Hides the links of compounds, and says so at the compound's end alone."""

    def key(self, _actor: Actor) -> str:
        return "one end"

    def predicate(
        self, _actor: Actor, noun: Noun, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        del declared
        return "false" if noun.name == "Compound" and getattr(hop, "name", "") in ("links_from", "links_to") else None

    def shared(self, _actor: Actor, _nouns: object) -> None:
        return None

    def beyond(self, _actor: Actor, _noun: Noun, _hop: object, _target: Noun) -> None:
        return None

    def parameters(self, _actor: Actor) -> dict[str, object]:
        return {}


async def test_what_is_hidden_at_one_end_is_hidden_from_the_other(graph: Graph, world: World) -> None:
    """A relation is asked about from both nouns that declare it, also where a declared way passes it."""
    text = """{ compounds { nodes { linksFrom { totalCount } targets { totalCount } network(depth: 3) { totalCount } } }
      links { nodes { from { __typename ... on Target { id } } to { __typename } } } targets { nodes { compounds {
        totalCount } } } }"""
    everything = await desk_over(graph).ask(text)
    assert sum(each["targets"]["totalCount"] for each in everything["compounds"]["nodes"])
    answer = await desk_over(graph, policy=_OneEnd()).ask(text)
    for each in answer["compounds"]["nodes"]:
        assert [counted["totalCount"] for counted in each.values()] == [0, 0, 0]
    ends = [end["__typename"] for each in answer["links"]["nodes"] for end in each.values() if end is not None]
    assert set(ends) == {"Target"}
    assert not any(each["compounds"]["totalCount"] for each in answer["targets"]["nodes"])
