"""Named queries."""

import pytest

from opsplan.graph.query import Mode, Query, registered_queries


def test_every_query_can_be_walked() -> None:
    """A query that was made is found in the registry, under its name."""
    query = Query("tests.walked", Mode.READ, "RETURN $one AS one")
    assert query in registered_queries()
    assert [q.name for q in registered_queries()] == sorted(q.name for q in registered_queries())


def test_a_name_belongs_to_one_text() -> None:
    """The same query may be made twice, another text under its name is refused."""
    Query("tests.taken", Mode.READ, "RETURN 1")
    Query("tests.taken", Mode.READ, "RETURN 1")
    with pytest.raises(ValueError, match=r"tests\.taken.*choose another name"):
        Query("tests.taken", Mode.READ, "RETURN 2")


@pytest.mark.parametrize("name", ["", "noroom", "Room.x", "room.", "room. x"])
def test_a_name_says_room_and_sentence(name: str) -> None:
    """A name of another form is refused with the form that is wanted."""
    with pytest.raises(ValueError, match=r"room\.sentence"):
        Query(name, Mode.READ, "RETURN 1")
