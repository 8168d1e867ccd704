"""Fields that Python computes stand in compiled answers: each is computed once for all records of an operation."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest

from opsplan.graph.driver import Graph
from opsplan.records.declaration import Catalogue, Computed, Direction, Kind, Noun, Part, Property, Relation
from opsplan.vocabulary.errors import Invalid
from tests.conftest import WIPE
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.recording import recording

_NAME = Property("name", Kind.TEXT, "Its name.", required=True, sorted_by=True)
_CALLS: list[tuple[str, list[Any], dict[str, Any]]] = []


async def _length(_: Any, sources: Sequence[tuple[Any, ...]], arguments: Mapping[str, Any]) -> list[Any]:
    _CALLS.append(("length", list(sources), dict(arguments)))
    return [None if name == "nothing" else len(name) * (arguments["factor"] or 1) for (name,) in sources]


async def _letters(context: Any, sources: Sequence[tuple[Any, ...]], _: Mapping[str, Any]) -> list[Any]:
    _CALLS.append(("letters", list(sources), {"actor": context.actor.subject}))
    return [
        Invalid("This box has no letters.", field="name", remedy="name it")
        if name == "nothing"
        else [
            {**_told(each), "place": at, "behind": [_told(other) for other in name[at + 1 :]]}
            for at, each in enumerate(name)
        ]
        for name, _ in sources
    ]


def _told(letter: str) -> dict[str, Any]:
    """A letter; `y` is a vowel without a name, which breaks its promise."""
    vowel = {"name": letter.upper() if letter != "y" else None} if letter in "aeiouy" else None
    return {"letter": letter, "vowel": vowel, "spot": {"longitude": 1.0, "latitude": 2.0} if vowel else None}


async def _broken(_: Any, _sources: Sequence[tuple[Any, ...]], _arguments: Mapping[str, Any]) -> list[Any]:
    raise Invalid("It cannot be computed.", field="broken", remedy="ask for something else")


BOX = Noun(
    "Box",
    "Boxes",
    "A box.",
    owner="test",
    system=True,
    key="name",
    properties=(_NAME, Property("ratio", Kind.FLOAT, "A ratio.")),
    relations=(
        Relation("inside", "INSIDE", "Box", "The box that it stands in.", entered=False),
        Relation("held", "INSIDE", ("Box", "Ball"), "What stands in it.", Direction.IN, many=True, entered=False),
    ),
    computed=(
        Computed(
            "length", "Letters of its name.", ("name",), _length, Kind.INTEGER, parameters={"factor": Kind.INTEGER}
        ),
        Computed(
            "letters",
            "Its letters.",
            ("name", "ratio"),
            _letters,
            facts=(
                Property("place", Kind.INTEGER, "Where.", required=True),
                Property("letter", Kind.TEXT, "Which.", required=True),
                Part("vowel", "What it is as a vowel.", (Property("name", Kind.TEXT, "Its name.", required=True),)),
                Part(
                    "behind",
                    "The letters behind it.",
                    (
                        Property("letter", Kind.TEXT, "Which.", required=True),
                        Part("vowel", "As a vowel.", (Property("name", Kind.TEXT, "Its name."),)),
                    ),
                    many=True,
                ),
                Property("spot", Kind.POINT, "Where on the map."),
            ),
            many=True,
        ),
        Computed("broken", "Never computed.", ("name",), _broken, Kind.TEXT),
    ),
)
BALL = Noun("Ball", "Balls", "A ball.", owner="test", system=True, key="name", properties=(_NAME,))
AGENCY = Noun("Agency", "Agencies", "A body.", owner="test", system=True, key="name", properties=(_NAME,))

_MAKE = """CREATE (a:Reference:Box {id: 'box_a', name: 'oak'}),
 (b:Reference:Box {id: 'box_b', name: 'ashen'})-[:INSIDE]->(a),
 (:Reference:Box {id: 'box_c', name: 'nothing'})-[:INSIDE]->(b),
 (:Reference:Ball {id: 'ball_r', name: 'red'})-[:INSIDE]->(a)"""


@pytest.fixture
async def desk(graph: Graph) -> Desk:
    """A desk over three boxes, one in another, and a ball."""
    await graph.run_outside(WIPE)
    await graph.write(lambda tx: tx.run(_MAKE))
    _CALLS.clear()
    return desk_over(graph, catalogue=Catalogue((AGENCY, BOX, BALL)))


async def test_a_field_is_computed_once_for_all_records(desk: Desk) -> None:
    """One statement and one call give the values of a list, in the order of the selection."""
    graph = desk.graph = recording(desk.graph)
    answer = await desk.ask("{ boxes { nodes { first: id length name } } }")
    assert answer["boxes"]["nodes"] == [
        {"first": "box_a", "length": 3, "name": "oak"},
        {"first": "box_b", "length": 5, "name": "ashen"},
        {"first": "box_c", "length": None, "name": "nothing"},
    ]
    assert list(answer["boxes"]["nodes"][0]) == ["first", "length", "name"]
    assert len(graph.texts) == 1
    assert _CALLS == [("length", [("oak",), ("ashen",), ("nothing",)], {"factor": None})]


async def test_each_set_of_arguments_is_a_call_of_its_own(desk: Desk) -> None:
    """Aliases with the same arguments share a call, those with others do not; variables are arguments too."""
    answer = await desk.ask(
        'query ($f: Int) { box(id: "box_a") { length twice: length(factor: $f) thrice: length(factor: 3) } }', {"f": 2}
    )
    assert answer["box"] == {"length": 3, "twice": 6, "thrice": 9}
    assert [call[2] for call in _CALLS] == [{"factor": None}, {"factor": 2}, {"factor": 3}]


async def test_it_stands_wherever_a_record_may(desk: Desk) -> None:
    """Below references, in nested lists of several kinds, in edges, pages from the end, and look-ups by id."""
    answer = await desk.ask(
        """{ boxes(last: 2) { edges { node { inside { length } held {
               nodes { ... on Box { length } ... on Ball { name } }
               edges { node { ... on Box { length } } } } } } }
             nodes(ids: ["box_b", "ball_r", "box_none"]) { ... on Box { length } } }"""
    )
    second, third = (edge["node"] for edge in answer["boxes"]["edges"])
    assert second == {
        "inside": {"length": 3},
        "held": {"nodes": [{"length": None}], "edges": [{"node": {"length": None}}]},
    }
    assert third == {"inside": {"length": 5}, "held": {"nodes": [], "edges": []}}
    assert answer["nodes"] == [{"length": 5}, {}, None]
    assert len(_CALLS) == 2, "one call for each root field"


async def test_objects_have_the_fields_asked_for(desk: Desk) -> None:
    """A list of objects shows what is selected of them, by alias and with its type name; the context is at hand."""
    answer = await desk.ask('{ box(id: "box_a") { letters { at: place letter __typename } } }')
    assert answer["box"]["letters"][1] == {"at": 1, "letter": "a", "__typename": "BoxLetters"}
    assert list(answer["box"]["letters"][1]) == ["at", "letter", "__typename"]
    assert [("letters", [("oak", None)], {"actor": desk.actor.subject})] == _CALLS


async def test_objects_have_parts(desk: Desk) -> None:
    """An object in it, or a list of them, shows what is selected, by alias and with its type name; or null."""
    answer = await desk.ask(
        """{ box(id: "box_a") { letters { letter vowel { n: name __typename } spot
             behind { letter also: letter vowel { name } __typename } } } }"""
    )
    first, second, third = answer["box"]["letters"]
    assert first["vowel"] == {"n": "O", "__typename": "BoxLettersVowel"}
    assert (second["vowel"], third["vowel"]) == ({"n": "A", "__typename": "BoxLettersVowel"}, None)
    assert (first["spot"], third["spot"]) == ({"longitude": 1.0, "latitude": 2.0}, None)
    a = {"letter": "a", "also": "a", "vowel": {"name": "A"}, "__typename": "BoxLettersBehind"}
    k = {"letter": "k", "also": "k", "vowel": None, "__typename": "BoxLettersBehind"}
    assert (first["behind"], second["behind"], third["behind"]) == ([a, k], [k], [])


async def test_a_null_in_a_part_goes_up_to_what_may_be_null(desk: Desk) -> None:
    """As the specification has it: with the path of the null, and the rest of the answer."""
    await desk.graph.write(lambda tx: tx.run("CREATE (:Reference:Box {id: 'box_y', name: 'yo'})"))
    result = await desk.result('{ box(id: "box_y") { name letters { vowel { name } } } }')
    assert result.data is not None
    assert result.errors is not None
    assert [each.path for each in result.errors] == [["box", "letters", 0, "vowel", "name"]]
    assert orjson.loads(orjson.dumps(result.data))["box"]["letters"] == [{"vowel": None}, {"vowel": {"name": "O"}}]


async def test_an_error_stands_at_its_record_alone(desk: Desk) -> None:
    """A value that cannot be computed is null with an error at its path; the rest of the answer is there."""
    result = await desk.result("{ boxes { nodes { id letters { letter } } } }")
    assert result.errors is not None
    assert [each.path for each in result.errors] == [["boxes", "nodes", 2, "letters"]]
    assert isinstance(result.errors[0].original_error, Invalid)


async def test_a_computation_that_fails_leaves_the_rest(desk: Desk) -> None:
    """When all of a field fails, every place has its error and everything else its value."""
    result = await desk.result("{ boxes(first: 2) { nodes { id broken length } } }")
    assert result.errors is not None
    assert [each.path for each in result.errors] == [["boxes", "nodes", at, "broken"] for at in (0, 1)]
    assert b'"id":"box_b","broken":null,"length":5' in orjson.dumps(result.data)


async def test_a_selection_without_it_computes_nothing(desk: Desk) -> None:
    """What is skipped is not computed."""
    await desk.ask("{ boxes { nodes { id length @skip(if: true) } } }")
    assert _CALLS == []
