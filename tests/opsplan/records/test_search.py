"""Tests of search text: what people type finds what people wrote, in any script, on the real full-text index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsplan.records.search import is_found, lucene_query, search_text
from opsplan.vocabulary.errors import Invalid
from tests.opsplan.records.world import World, noun

FOUND = [
    ("O'Brien Court", "brien"),
    ("O'Brien Court", "obrien"),
    ("O'Brien Court", "o'brien"),
    ("O’Brien Court", "O'BRIEN court"),
    ("Al-Qadir", "al qadir"),
    ("Zürich West", "zurich"),
    ("Zürich West", "zur"),
    ("Łódź Fabryczna", "lodz"),
    ("Cafe\u0301 Øst", "CAFÉ ost"),
    ("Straße", "strasse"),
    ("İstanbul", "istanbul"),
    ("金边园区", "金"),
    ("金边园区", "金边"),
    ("金边园区", "边园区"),
    ("KK園區 Park", "kk 園區 park"),
    ("平壌データセンター", "データ"),
    ("ﾃﾞｰﾀ", "データ"),
    ("평양공단", "공단"),
    ("ភ្នំពេញ", "ពេញ"),
    ("กรุงเทพมหานคร", "เทพ"),
    ("မြဝတီ", "ဝတီ"),
    ("مُحَمَّد", "محمد"),
    ("أحمد", "احمد"),
    ("Ёлка", "ёлка"),
    ("Αθήνα", "αθηνα"),
    ("दिल्ली", "दिल्ली"),
    ("evil-site.example", "evil site"),
    ("+855 10 000 001", "855"),
    ("٠١٢٣", "0123"),
]
NOT_FOUND = [
    ("O'Brien Court", "o'brian"),
    ("Heron Court", "heron house"),
    ("Heron Court", "eron"),
    ("金边园区", "边金"),
    ("金边园区", "金园"),
    ("Heron Court", "!!"),
    ("Heron Court", ""),
]


@pytest.mark.parametrize(("name", "asked"), FOUND)
def test_what_is_typed_finds_what_is_written(name: str, asked: str) -> None:
    """Accents, case, width, punctuation and word boundaries of any script do not hide a name."""
    assert is_found(asked, search_text(noun("Target"), {"name": "x", "aliases": [name]}))


@pytest.mark.parametrize(("name", "asked"), NOT_FOUND)
def test_what_is_typed_does_not_find_everything(name: str, asked: str) -> None:
    """All that is asked for must be there, at the beginning of words or as neighbours."""
    assert not is_found(asked, search_text(noun("Target"), {"name": name}))


async def test_the_index_answers_as_the_rule_says(world: World) -> None:
    """The full-text index of the server finds exactly the records that the pure rule finds, for every pair of these."""
    names = [name for name, _ in (*FOUND, *NOT_FOUND)]
    ids = dict(zip([await world.target(name=name) for name in names], names, strict=True))
    for _, asked in (*FOUND, *NOT_FOUND):
        query = lucene_query(asked)
        found: set[str] = set()
        if query is not None:
            text = "CALL db.index.fulltext.queryNodes('search_target', $query) YIELD node RETURN node.id"
            found = {row[0] for row in await world.graph.read_rows(text, {"query": query})} & ids.keys()
        expected = {key for key, name in ids.items() if is_found(asked, search_text(noun("Target"), {"name": name}))}
        assert found == expected, asked


@given(st.text(max_size=200))
def test_nothing_that_is_typed_speaks_lucene(asked: str) -> None:
    """A query holds letters, digits, marks and our own operators only, and never one of Lucene's words."""
    query = lucene_query(asked) or ""
    assert not set(query) & set('&|!{}[]^"~?:\\/-')
    assert not {"AND", "OR", "NOT", "TO"} & set(query.split())


@given(st.text(max_size=60))
def test_a_name_is_found_by_itself(name: str) -> None:
    """Whatever a record is called, typing its whole name finds it, unless there is no letter or digit in it."""
    kept = search_text(noun("Target"), {"name": name})
    assert kept is None or is_found(name, kept)


def test_long_texts_are_refused() -> None:
    """More than 200 characters are no search."""
    with pytest.raises(Invalid):
        lucene_query("x" * 201)


async def test_search_text_follows_a_change(world: World) -> None:
    """A new name is found by and an old one is not, and a change of something else leaves both alone."""
    record_id = await world.target(name="Quill Marrow", aliases=["金边"])
    await world.change("Target", record_id, notes="seen")
    assert (await world.properties(record_id))["search_text"] == "marrow quill 边 金 金边"
    await world.change("Target", record_id, name="Ash Marrow", aliases=None)
    assert (await world.properties(record_id))["search_text"] == "ash marrow"
