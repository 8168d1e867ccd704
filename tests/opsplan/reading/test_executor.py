"""Compiled reads inside ordinary execution: mutations, subscriptions, and queries that ask for other things too."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, parse, subscribe

from opsplan.graph.driver import Graph
from opsplan.reading.compile.cost import TooCostly
from opsplan.reading.complete.marker import StoredRecord, StoredRecords
from opsplan.reading.executor import ReadingExecutor
from opsplan.reading.schema import Reading
from opsplan.reading.types.making import many, maybe, new_type, put_fields
from opsplan.vocabulary.errors import Invalid
from tests.make.world import World
from tests.opsplan.reading.desk import Desk, DeskContext, desk_over
from tests.opsplan.reading.recording import recording


def _field(name: str, annotation: Any, resolver: Any, *, subscription: bool = False) -> Any:
    from strawberry.annotation import StrawberryAnnotation

    made = (strawberry.subscription if subscription else strawberry.field)(
        resolver=resolver, name=name, description=name
    )
    made.python_name = name
    made.type_annotation = StrawberryAnnotation(annotation, namespace={})
    return made


@pytest.fixture
def desk(graph: Graph, world: World) -> Desk:
    """A desk whose schema has ordinary fields, mutations and a subscription beside the reads."""
    compounds = [each.id for each in world.of("Compound")]

    def viewer() -> str:
        return "somebody"

    def change() -> Any:
        return StoredRecord("Compound", compounds[0])

    def change_all() -> Any:
        return StoredRecords("Compound", (*reversed(compounds[:3]), "compound_unknown"))

    def lose() -> Any:
        return StoredRecord("Compound", "compound_unknown")

    async def changes() -> AsyncGenerator[Any, None]:
        for each in compounds[:2]:
            yield StoredRecord("Compound", each)

    query = new_type("Query", "What can be asked.")
    put_fields(query, [_field("viewerName", str, viewer)])

    def mutation(reading: Reading) -> Any:
        made = new_type("Mutation", "What can be changed.")
        of = reading.types.nouns["Compound"]
        put_fields(
            made,
            [
                _field("change", of, change),
                _field("changeAll", many(of), change_all),
                _field("lose", of, lose),
                _field("loseSoftly", maybe(of), lose),
            ],
        )
        return made

    def subscription(reading: Reading) -> Any:
        made = new_type("Subscription", "What can be listened to.")
        put_fields(made, [_field("changes", reading.types.nouns["Compound"], changes, subscription=True)])
        return made

    return desk_over(graph, query=query, mutation=mutation, subscription=subscription)


_SELECTION = "{ id called: name country { code } actions(first: 2) { totalCount nodes { __typename ...F } } }"
_FRAGMENT = "fragment F on Record { id owner { name } }"


async def _plainly(desk: Desk, world: World, number: int) -> Any:
    text = f"query ($id: ID!) {{ compound(id: $id, includeRetired: true) {_SELECTION} }} {_FRAGMENT}"
    return (await desk.ask(text, {"id": world.of("Compound")[number].id}))["compound"]


async def test_a_mutation_gives_the_record_with_its_whole_selection(desk: Desk, world: World) -> None:
    """What a mutation gives is read like any look-up, in one statement, retired or not."""
    graph = desk.graph = recording(desk.graph)
    result = await desk.execute(f"mutation {{ first: change {_SELECTION} }} {_FRAGMENT}")
    assert not result.errors
    assert len(graph.texts) == 1
    assert result.data == {"first": await _plainly(desk, world, 0)}


async def test_a_mutation_gives_several_records_in_one_statement(desk: Desk, world: World) -> None:
    """A list of records is read at once, in the order given; what is not there is left out of a list without nulls."""
    graph = desk.graph = recording(desk.graph)
    result = await desk.execute(f"mutation {{ changeAll {_SELECTION} }} {_FRAGMENT}")
    assert not result.errors
    assert len(graph.texts) == 1
    assert result.data == {"changeAll": [await _plainly(desk, world, number) for number in (2, 1, 0)]}


async def test_a_record_that_is_not_there(desk: Desk) -> None:
    """It is null where null may stand, else an error that makes the parent null."""
    soft = await desk.execute("mutation { loseSoftly { id } }")
    assert (soft.data, soft.errors) == ({"loseSoftly": None}, None)
    hard = await desk.execute("mutation { lose { id } }")
    assert hard.data is None
    assert hard.errors
    assert hard.errors[0].message == "Cannot return null for non-nullable field Mutation.lose."
    assert hard.errors[0].path == ["lose"]


async def test_a_query_that_asks_for_other_things_too(desk: Desk, world: World) -> None:
    """Ordinary resolvers and compiled fields stand in one operation; each compiled field stays one statement."""
    text = """query ($id: ID!) {
      viewerName
      a: compound(id: $id, includeRetired: true) { id name }
      compounds(first: 2) { nodes { id } }
      __schema { queryType { name } }
    }"""
    document = parse(text)
    context = DeskContext(desk.graph, desk.actor, desk.clock)
    first = world.of("Compound")[0]
    operation: Any = document.definitions[0]
    assert await desk.reads.answer(document, operation, {"id": first.id}, context) is None
    graph = desk.graph = recording(desk.graph)
    result = await desk.execute(text, {"id": first.id})
    assert not result.errors
    assert len(graph.texts) == 2
    assert result.data is not None
    assert list(result.data) == ["viewerName", "a", "compounds", "__schema"]
    assert result.data["a"] == {"id": first.id, "name": first.values["name"]}
    assert result.data["__schema"] == {"queryType": {"name": "Query"}}


async def test_a_refusal_in_a_mixed_query_stands_at_its_field(desk: Desk) -> None:
    """What the compiler refuses inside ordinary execution is an error with the field's path."""
    result = await desk.execute('{ viewerName node(id: "x") { id } compounds(first: -1) { totalCount } }')
    assert result.errors
    assert result.errors[0].path == ["compounds"]
    assert isinstance(result.errors[0].original_error, Invalid)


LARGE = "(first: 100) { nodes { actions(first: 1000) { nodes { id } } } }"
"""100,100 records: two are allowed together, three are not."""


def _foreseen(desk: Desk, text: str) -> int:
    document = parse(text)
    operation: Any = document.definitions[0]
    return desk.reads.foresee(document, operation, {}, DeskContext(desk.graph, desk.actor, desk.clock))


@pytest.mark.requirement("G2")
async def test_what_ordinary_execution_reads_is_bounded_before_it_begins(desk: Desk) -> None:
    """A query's compiled fields, and what a mutation gives, are foreseen with a fixed cost for each other field."""
    assert _foreseen(desk, f"{{ viewerName a: compounds{LARGE} b: compounds{LARGE} }}") == 20 + 2 * 100_100
    assert _foreseen(desk, "{ viewerName __typename __schema { queryType { name } } }") == 20 + 1_000
    change = "mutation { a: change { id actions(first: 9) { nodes { id } } } b: change { id } }"
    assert _foreseen(desk, change) == 2 * 100 + (1 + 9) + 1
    with pytest.raises(TooCostly) as refused:
        _foreseen(desk, f"{{ viewerName a: compounds{LARGE} b: compounds{LARGE} c: compounds{LARGE} }}")
    assert refused.value.facts["cost"] == 20 + 3 * 100_100
    lists = "actions(first: 1000) { nodes { warrants(first: 300) { nodes { id } } } }"
    with pytest.raises(TooCostly):
        _foreseen(desk, f"mutation {{ change {{ id {lists} }} }}")


async def test_a_mutation_whose_answer_cannot_be_read_is_not_begun(desk: Desk) -> None:
    """A page of a wrong size in the selection is told before the change is made, not behind it."""
    with pytest.raises(Invalid) as refused:
        _foreseen(desk, "mutation { change { actions(first: -1) { nodes { id } } } }")
    assert refused.value.field == "first"


async def test_marks_are_bounded_together_as_they_come(desk: Desk) -> None:
    """What could not be foreseen is added up: the mark with which it is too much is refused, and no statement run."""
    graph = desk.graph = recording(desk.graph)
    result = await desk.execute(f"{{ viewerName a: compounds{LARGE} b: compounds{LARGE} c: compounds{LARGE} }}")
    assert result.errors
    assert [error.path for error in result.errors] == [["c"]]
    assert isinstance(result.errors[0].original_error, TooCostly)
    assert len(graph.texts) == 2
    assert desk.charged == [100_100, 100_100]


async def test_each_event_of_a_subscription_is_bounded_and_charged_by_itself(desk: Desk) -> None:
    """The bound of an operation holds for each event anew."""
    context = DeskContext(desk.graph, desk.actor, desk.clock)
    text = "subscription { changes { actions(first: 800) { nodes { warrants(first: 200) { nodes { id } } } } } }"
    events: Any = subscribe(
        desk.reads.ground.schema, parse(text), context_value=context, executor_class=ReadingExecutor
    )
    events = await events if hasattr(events, "__await__") else events
    assert [each.errors async for each in events] == [None, None]
    assert context.charged == [1 + 800 + 800 * 200] * 2


async def test_a_subscription_gives_records(desk: Desk, world: World) -> None:
    """Each event's record is read with the subscription's selection."""
    context = DeskContext(desk.graph, desk.actor, desk.clock)
    events = subscribe(
        desk.reads.ground.schema,
        parse(f"subscription {{ changes {_SELECTION} }} {_FRAGMENT}"),
        context_value=context,
        executor_class=ReadingExecutor,
    )
    events = events if not hasattr(events, "__await__") else await events
    assert not isinstance(events, ExecutionResult), events
    seen = [each.data async for each in events]  # type: ignore[union-attr]
    assert seen == [{"changes": await _plainly(desk, world, number)} for number in (0, 1)]


async def test_variables_that_do_not_fit_are_left_to_graphql(desk: Desk) -> None:
    """Where a variable does not fit its type, ordinary execution says so, before anything is read."""
    document = parse("query ($n: Int!) { compounds(first: $n) { totalCount } }")
    operation: Any = document.definitions[0]
    context = DeskContext(desk.graph, desk.actor, desk.clock)
    assert await desk.reads.answer(document, operation, {"n": "many"}, context) is None
