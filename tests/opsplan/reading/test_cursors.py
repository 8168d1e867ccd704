"""Cursors are opaque, authenticated, and good for one reader, list and order only."""

import base64

import pytest

from opsplan.graph.driver import Graph
from opsplan.reading.cursors import CursorKey
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Invalid
from tests.make.world import World
from tests.opsplan.reading.desk import SECRET, Desk, desk_over

_PAGE = """query ($after: String, $name: String, $order: [CompoundOrder!]) {
  compounds(first: 2, after: $after, where: {name: {contains: $name}}, orderBy: $order) {
    nodes { id } pageInfo { endCursor }
  }
}"""


async def _cursor(desk: Desk, **given: object) -> str:
    answer = await desk.ask(_PAGE, given)
    return str(answer["compounds"]["pageInfo"]["endCursor"])


async def _refused(desk: Desk, text: str, variables: dict[str, object], actor: Actor | None = None) -> None:
    result = await desk.result(text, variables, actor=actor)
    assert result.errors
    failure = result.errors[0].original_error
    assert isinstance(failure, Invalid), failure
    assert failure.field == "after"
    assert result.data is None


async def test_a_cursor_goes_on_where_the_page_ended(desk: Desk) -> None:
    """The page behind a cursor begins with the record that follows."""
    whole = await desk.ask("{ compounds(first: 4, orderBy: NAME_DESC) { nodes { id } } }")
    cursor = await _cursor(desk, order=["NAME_DESC"])
    behind = await desk.ask(_PAGE, {"after": cursor, "order": ["NAME_DESC"]})
    assert behind["compounds"]["nodes"] == whole["compounds"]["nodes"][2:4]


async def test_a_cursor_survives_a_restart_of_the_service(graph: Graph, desk: Desk) -> None:
    """Another process with the same secret takes it."""
    cursor = await _cursor(desk)
    assert await desk_over(graph, cursors=CursorKey(SECRET)).ask(_PAGE, {"after": cursor}) == await desk.ask(
        _PAGE, {"after": cursor}
    )


@pytest.mark.parametrize("order", [["NAME_ASC"], ["NAME_DESC", "CAPACITY_ASC"]])
async def test_a_cursor_of_another_order_is_refused(desk: Desk, order: list[str]) -> None:
    """A cursor is bound to the order of its list."""
    await _refused(desk, _PAGE, {"after": await _cursor(desk), "order": order})


async def test_a_cursor_of_another_filter_is_refused(desk: Desk) -> None:
    """A cursor is bound to the filter of its list."""
    await _refused(desk, _PAGE, {"after": await _cursor(desk), "name": "H"})


async def test_a_cursor_of_another_reader_is_refused(desk: Desk) -> None:
    """A cursor is bound to its reader."""
    await _refused(desk, _PAGE, {"after": await _cursor(desk)}, Actor("other@th-ncb", "agency_other"))


async def test_a_cursor_of_another_list_is_refused(desk: Desk) -> None:
    """A cursor of compounds is none of targets."""
    await _refused(
        desk,
        "query ($after: String) { targets(after: $after) { totalCount nodes { id } } }",
        {"after": await _cursor(desk)},
    )


async def test_a_cursor_of_another_record_is_refused(desk: Desk, world: World) -> None:
    """A cursor of one record's list is none of the same list of another record."""
    text = """query ($id: ID!, $after: String) {
      country(id: $id) { agencies(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }
    }"""
    pages = {}
    for country in world.of("Country"):
        answer = await desk.ask(text, {"id": country.id})
        if answer["country"]["agencies"]["nodes"]:
            pages[country.id] = answer["country"]["agencies"]["pageInfo"]["endCursor"]
    one, other = list(pages)[:2]
    assert not (await desk.result(text, {"id": one, "after": pages[one]})).errors
    result = await desk.result(text, {"id": other, "after": pages[one]})
    assert result.errors
    assert isinstance(result.errors[0].original_error, Invalid)


@pytest.mark.parametrize("forged", ["", "x", "AAAA", "é", "a" * 10_000, "null", base64.b64encode(b"[1]").decode()])
async def test_a_forged_cursor_is_refused(desk: Desk, forged: str) -> None:
    """What nobody sealed is refused before the graph is asked."""
    await _refused(desk, _PAGE, {"after": forged})


async def test_a_changed_cursor_is_refused(desk: Desk) -> None:
    """Every single changed character is noticed."""
    cursor = await _cursor(desk)
    for place in range(0, len(cursor), 7):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        await _refused(desk, _PAGE, {"after": changed})


async def test_a_cursor_tells_nothing(desk: Desk, world: World) -> None:
    """Neither the id nor the sort key of the record stands in it."""
    answer = await desk.ask("{ compounds(first: 1, orderBy: NAME_ASC) { edges { cursor node { id name } } } }")
    (edge,) = answer["compounds"]["edges"]
    plain = base64.urlsafe_b64decode(edge["cursor"] + "==")
    assert edge["node"]["id"].encode() not in plain
    assert edge["node"]["name"].encode() not in plain


def test_a_short_secret_is_refused() -> None:
    """A key needs at least 16 bytes."""
    with pytest.raises(ValueError, match="16"):
        CursorKey(b"short")
