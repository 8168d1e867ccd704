"""Reads that ask for too much are refused with the bound, before the graph is asked."""

import pytest
from graphql import GraphQLError

from opsplan.graph.driver import Graph
from opsplan.reading.compile.cost import TooCostly
from opsplan.reading.limits import Limits
from opsplan.vocabulary.errors import Invalid
from tests.make.world import World
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.recording import recording

COUNT_BELOW = 20
"""What a count of records linked to one record costs."""


async def _refusal(desk: Desk, text: str, variables: dict[str, object] | None = None) -> Invalid:
    """Give the refusal of a query; the test fails when a statement was run for it."""
    graph = recording(desk.graph)
    desk.graph = graph
    result = await desk.result(text, variables)
    assert result.errors, "it was not refused"
    failure = result.errors[0].original_error
    assert isinstance(failure, Invalid), failure
    assert failure.remedy
    assert result.errors[0].path
    assert graph.texts == []
    return failure


async def _whole_refusal(desk: Desk, text: str, variables: dict[str, object] | None = None) -> TooCostly:
    """Give the refusal of a whole operation, for which nothing was charged and no statement was run."""
    graph = recording(desk.graph)
    desk.graph = graph
    with pytest.raises(TooCostly) as refused:
        await desk.result(text, variables)
    assert graph.texts == []
    assert desk.charged == []
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize("size", [-1, 1_001, 2_147_483_647])
@pytest.mark.parametrize("name", ["first", "last"])
async def test_a_page_of_a_wrong_size_is_refused(desk: Desk, name: str, size: int) -> None:
    """A page has 0 to 1,000 records."""
    refusal = await _refusal(
        desk, f"query ($size: Int) {{ compounds({name}: $size) {{ totalCount }} }}", {"size": size}
    )
    assert refusal.field == name
    assert refusal.value == size
    assert "1000" in str(refusal.remedy)


async def test_both_ends_at_once_are_refused(desk: Desk) -> None:
    """`first` and `last` exclude each other."""
    assert (await _refusal(desk, "{ compounds(first: 1, last: 1) { totalCount } }")).field == "last"


async def test_a_nested_page_of_a_wrong_size_is_refused(desk: Desk) -> None:
    """The sizes of nested pages are looked at too."""
    text = "{ compounds(first: 1) { nodes { actions(first: -5) { totalCount } } } }"
    assert "Compound.actions" in (await _refusal(desk, text)).message


async def test_a_page_of_nothing_is_answered(desk: Desk) -> None:
    """A page of 0 records tells the count and that there is more."""
    answer = await desk.ask("{ compounds(first: 0) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }")
    assert answer["compounds"]["nodes"] == []
    assert answer["compounds"]["pageInfo"] == {"hasNextPage": True, "endCursor": None}


@pytest.mark.requirement("G2")
async def test_a_query_over_budget_is_refused_with_its_costliest_field(desk: Desk) -> None:
    """The cost comes from page sizes along the nesting; the refusal names the bound and the field that costs most."""
    text = """{ operations(first: 100) { nodes { code: codeName actions(first: 100) { nodes {
      modes(first: 50) { nodes { unitNeeds(first: 1) { nodes { id } } } }
      warrants(first: 1) { nodes { id } } } } } } }"""
    refusal = await _whole_refusal(desk, text)
    assert refusal.facts["largest_cost"] == 250_000
    assert refusal.facts["cost"] == 100 + 100 * 100 + 100 * 100 * 50 + 100 * 100 * 50 + 100 * 100
    assert refusal.facts["costliest"] in ("operations.actions.modes", "operations.actions.modes.unitNeeds")


async def test_cost_follows_the_variables_of_each_request(desk: Desk) -> None:
    """One compiled query is allowed with a small page and refused with a large one."""
    text = "query ($n: Int) { operations(first: $n) { nodes { actions(first: 1000) { totalCount } } } }"
    assert not (await desk.result(text, {"n": 2})).errors
    assert desk.charged == [2 + 2 * 1_000 + 2 * COUNT_BELOW]
    desk.charged.clear()
    assert (await _whole_refusal(desk, text, {"n": 1_000})).facts["cost"] == 1_000 + 1_000_000 + 1_000 * COUNT_BELOW


@pytest.mark.requirement("G2")
async def test_root_fields_are_bounded_and_charged_together(desk: Desk) -> None:
    """Fields that are allowed alone are refused together, before any of them is read; else all are charged at once."""
    field = "compounds(first: 100) { nodes { actions(first: 100) { nodes { warrants(first: 8) { nodes { id } } } } } }"
    alone = 100 + 100 * 100 + 100 * 100 * 8
    assert not (await desk.result(f"{{ {field} }}")).errors
    assert not (await desk.result(f"{{ a: {field} b: {field} }}")).errors
    assert desk.charged == [alone, 2 * alone]
    desk.charged.clear()
    refusal = await _whole_refusal(desk, f"{{ a: {field} b: {field} c: {field} }}")
    assert refusal.facts["cost"] == 3 * alone
    assert refusal.facts["costliest"] == "c.actions.warrants"


LOOKS = {
    "{ compounds(first: 5) { nodes { id } } }": 5,
    "{ compounds(first: 5) { totalCount again: totalCount nodes { id } } }": 5 + 2 * 1_000,
    '{ compounds(first: 5, where: {name: {eq: "x"}}) { nodes { id } } }': 5 + 1_000,
    '{ compounds(first: 5, where: {text: "x"}, orderBy: [NAME_ASC]) { nodes { id } } }': 5 + 2 * 1_000,
    "{ compounds(first: 5, where: {}) { nodes { id } } }": 5,
    '{ compounds(first: 5, where: {or: [{actions: {some: {name: {eq: "x"}}}}, {not: {country: {code: {eq: "KH"}}}}]})'
    " { nodes { id } } }": 5 + 3 * 1_000,
    "{ compounds(first: 5) { nodes { actions(first: 2, orderBy: [NAME_ASC]) { totalCount nodes { id } } } } }": 5
    + 5 * (2 + 2 * 20),
    "{ compounds(first: 5) { nodes { country { code } owner { code } } } }": 5 + 5 * 2,
    "{ compounds(first: 5) { nodes { network(first: 3, depth: 4) { nodes { id } } } } }": 5 + 5 * (3 + 4 * 20),
    "{ compounds(first: 5) { nodes { jurisdictions(first: 3) { nodes { id } } } } }": 5 + 5 * (3 + 20),
    'query { node(id: "compound_1") { id } }': 1,
    'query { nodes(ids: ["compound_1", "action_1", "x"]) { id ... on Compound { country { code } } } }': 3 + 3,
    '{ node(id: "x") { id } compounds(first: 0) { nodes { id } } }': 1,
}


@pytest.mark.parametrize("text", LOOKS)
async def test_what_the_server_looks_at_costs_too(desk: Desk, text: str) -> None:
    """A filter, each relation in it, a sort, a count, and a computed list cost a page each beside their own page."""
    assert not (await desk.result(text)).errors
    assert desk.charged == [LOOKS[text]]


async def test_a_field_that_is_refused_alone_costs_nothing(desk: Desk) -> None:
    """What is wrong with one field is its own error; the others are read, and they alone are charged."""
    result = await desk.result("{ a: compounds(first: -1) { totalCount } b: compounds(first: 3) { nodes { id } } }")
    assert result.errors
    assert result.errors[0].path == ["a"]
    assert desk.charged == [3]
    await desk.result("{ a: compounds(first: -1) { totalCount } }")
    assert desk.charged == [3]


async def test_a_nesting_of_a_hundred_is_refused(desk: Desk) -> None:
    """A query a hundred records deep is refused without a statement, and without a fault."""
    text = "id"
    for _ in range(14):
        text = f"compound {{ country {{ compounds(first: 1) {{ nodes {{ actions(first: 1) {{ nodes {{ {text} }} "
        text += "} } } } }"
    refusal = await _refusal(desk, f"{{ actions(first: 1) {{ nodes {{ {text} }} }} }}")
    assert "12" in refusal.message


async def test_a_thousand_aliases_of_lists_are_refused(desk: Desk, world: World) -> None:
    """A selection with more references and lists than a statement should have is refused."""
    lists = " ".join(f"a{number}: actions(first: 1) {{ totalCount }}" for number in range(1_000))
    refusal = await _refusal(desk, f"{{ compounds(first: 1) {{ nodes {{ {lists} }} }} }}")
    assert "60" in refusal.message


async def test_a_thousand_aliases_of_values_are_answered(desk: Desk) -> None:
    """Aliases of plain values cost nothing: one column serves them all."""
    names = " ".join(f"a{number}: name" for number in range(1_000))
    graph = desk.graph = recording(desk.graph)
    answer = await desk.ask(f"{{ compounds(first: 1) {{ nodes {{ {names} }} }} }}")
    (node,) = answer["compounds"]["nodes"]
    assert len(node) == 1_000
    assert graph.texts[0].count(".name") == 1


async def test_many_root_fields_are_read_a_few_at_a_time(graph: Graph, world: World) -> None:
    """Fifty root fields are answered, each by its own statement."""
    desk = desk_over(graph, limits=Limits(at_once=2))
    recorded = desk.graph = recording(graph)
    answer = await desk.ask(
        "{ " + " ".join(f"a{number}: compounds(first: 0) {{ totalCount }}" for number in range(50)) + " }"
    )
    assert len(answer) == len(recorded.texts) == 50


@pytest.mark.parametrize("count", [1_001, 10_000])
async def test_too_many_ids_are_refused(desk: Desk, count: int) -> None:
    """`nodes` and a list of values in a filter have at most 1,000 entries."""
    ids = [f"compound_{number}" for number in range(count)]
    assert (await _refusal(desk, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})).value == count
    text = "query ($ids: [ID!]) { compounds(where: {id: {in: $ids}}) { totalCount } }"
    failure = await _refusal(desk, text, {"ids": ids})
    assert (failure.field, failure.value) == ("where.id.in", count)


async def test_a_filter_of_too_many_conditions_is_refused(desk: Desk) -> None:
    """A filter has at most 100 conditions, wherever they stand in it."""
    where = {"or": [{"name": {"eq": str(number)}} for number in range(60)]}
    text = "query ($where: CompoundFilter) { compounds(where: $where) { totalCount } }"
    assert "100" in (await _refusal(desk, text, {"where": where})).message


@pytest.mark.parametrize("name", ["not", "and", "or"])
async def test_combinations_are_not_nested_beyond_measure(desk: Desk, name: str) -> None:
    """Beyond it the server's planner could run out of stack, and would not say so; up to it, it answers."""

    def nested(depth: int) -> dict[str, object]:
        found: dict[str, object] = {"name": {"eq": "x"}}
        for _ in range(depth):
            found = {name: found if name == "not" else [found]}
        return found

    text = "query ($where: CompoundFilter) { compounds(where: $where) { totalCount } }"
    most = desk.reads.ground.limits.deepest_combination
    assert "compounds" in await desk.ask(text, {"where": nested(most)})
    failure = await _refusal(desk, text, {"where": nested(most + 1)})
    assert str(failure.field).startswith(f"where.{name}")
    assert failure.value == most + 1


async def test_a_bound_outside_its_set_is_refused(desk: Desk, world: World) -> None:
    """Hop bounds come from a small fixed set, whether they are written out or sent as variables."""
    compound = world.of("Compound")[0].id
    for depth in (0, -1, 5, 1_000):
        text = "query ($id: ID!, $depth: Int!) { compound(id: $id) { network(depth: $depth) { totalCount } } }"
        refusal = await _refusal(desk, text, {"id": compound, "depth": depth})
        assert refusal.field == "depth"
        assert refusal.remedy == "give one of 1, 2, 3, 4"
    text = "query ($w: CompoundFilter) { compounds(where: $w) { totalCount } }"
    assert (await _refusal(desk, text, {"w": {"linkedWithin": {"id": compound, "hops": 9}}})).field == "hops"


async def test_too_many_sort_keys_are_refused(desk: Desk) -> None:
    """A list has at most four sort keys."""
    text = "query ($o: [CompoundOrder!]) { compounds(orderBy: $o) { totalCount nodes { id } } }"
    assert (await _refusal(desk, text, {"o": ["NAME_ASC"] * 5})).field == "orderBy"


@pytest.mark.parametrize(
    ("area", "field"),
    [
        ({"withinRadius": {"center": {"longitude": 1, "latitude": 1}, "radiusM": -1}}, "withinRadius.radiusM"),
        (
            {
                "withinBox": {
                    "southWest": {"longitude": 1, "latitude": 2},
                    "northEast": {"longitude": 2, "latitude": 1},
                }
            },
            "withinBox.southWest",
        ),
        ({"withinPolygon": {"vertices": [{"longitude": 1, "latitude": 2}]}}, "withinPolygon.vertices"),
        (
            {"withinPolygon": {"vertices": [{"longitude": x, "latitude": 80} for x in (0, 90, 180, -90)]}},
            "withinPolygon.vertices",
        ),
    ],
)
async def test_an_impossible_area_is_refused(desk: Desk, area: dict[str, object], field: str) -> None:
    """A negative radius, a box upside down, a polygon of one corner or round a pole: each with its field."""
    text = "query ($w: CompoundFilter) { compounds(where: $w) { totalCount } }"
    assert (await _refusal(desk, text, {"w": {"location": area}})).field == field


async def test_a_filter_may_not_go_over_relation_after_relation(desk: Desk) -> None:
    """The server's planner takes twice as long for each further EXISTS inside another, and heeds no time-out: so a
    filter is refused before it is sent, by its depth, and what it may cost grows with each level."""
    text = "query ($where: CountryFilter) { countries(where: $where) { totalCount } }"
    where: dict[str, object] = {"code": {"eq": "KH"}}
    costs = []
    for level in range(1, 6):
        where = {"compounds": {"some": {"country": where}}} if level % 2 else {"agencies": {"some": {"country": where}}}
        result = await desk.result(text, {"where": where})
        if result.errors:
            refusal = result.errors[0].original_error
            assert isinstance(refusal, Invalid)
            assert "more than 4 relations" in refusal.message
            assert refusal.field is not None
            assert refusal.field.startswith("where.")
        else:
            costs.append(desk.charged[-1])
    assert len(costs) == 2
    assert costs[1] > 10 * costs[0]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ('query ($i: ID = "x") { node(id: $i) { id } }', {"i": None}),
        ('query ($i: [ID!] = ["x"]) { nodes(ids: $i) { id } }', {"i": None}),
    ],
)
async def test_a_null_where_none_may_be_is_the_callers_error(
    desk: Desk, text: str, variables: dict[str, object]
) -> None:
    """A variable with a default may be given as null; where the argument takes none, it is refused as GraphQL says."""
    result = await desk.result(text, variables)
    assert result.errors
    assert all(each.original_error is None or isinstance(each.original_error, GraphQLError) for each in result.errors)


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
async def test_clocks_of_other_ages_are_not_known(desk: Desk, at: str) -> None:
    """An instant for which no offset can be told is refused by the name of the argument."""
    result = await desk.result(
        "query ($at: DateTime) { cities(first: 1) { nodes { localTime(at: $at) } } }", {"at": at}
    )
    assert result.errors
    refusal = result.errors[0].original_error
    assert isinstance(refusal, Invalid)
    assert refusal.field == "at"


async def test_each_counted_property_of_an_aggregate_costs(desk: Desk) -> None:
    """Measures are had in one look over the list, each property whose values are counted in one more."""
    for text, looks in (
        ("capacity { min max }", 1),
        ("totalCount capacity { sum } createdAt { max }", 1),
        ("status { count }", 1),
        ("totalCount status { count } marking { value }", 3),
    ):
        assert not (await desk.result(f"{{ compounds(first: 5) {{ aggregate {{ {text} }} }} }}")).errors
        assert desk.charged[-1] == 5 + looks * 1_000, text
