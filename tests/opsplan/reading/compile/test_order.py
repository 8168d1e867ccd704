"""Orders and places in them, as text."""

import itertools

import pytest

from opsplan.reading.compile.order import Key, beyond, order_by

ID = Key("id", "n.id", descending=False, nullable=False)


@pytest.mark.parametrize(
    ("key", "forth", "back"),
    [
        (Key("a", "n.a", descending=False, nullable=False), "n.a, n.id", "n.a DESC, n.id DESC"),
        (Key("a", "n.a", descending=True, nullable=False), "n.a DESC, n.id", "n.a, n.id DESC"),
        (Key("a", "n.a", descending=False, nullable=True), "n.a, n.id", "n.a DESC, n.id DESC"),
        (
            Key("a", "n.a", descending=True, nullable=True),
            "n.a IS NULL, n.a DESC, n.id",
            "n.a IS NULL DESC, n.a, n.id DESC",
        ),
    ],
)
def test_orders_put_what_has_no_value_last(key: Key, forth: str, back: str) -> None:
    """Null comes last in both directions; backwards, the whole order is turned round."""
    assert order_by((key, ID), backwards=False) == forth
    assert order_by((key, ID), backwards=True) == back


def _holds(text: str, record: dict[str, object], place: dict[str, object]) -> bool:
    """Judge a predicate as Cypher does: null is neither true nor false."""
    python = text.replace("IS NOT NULL", "is not None").replace("IS NULL", "is None")
    python = python.replace(" AND ", " and ").replace(" OR ", " or ").replace(" = ", " == ")
    return bool(eval(python, {"n": _Cypher(record), "p": _Cypher(place)}))


class _Cypher:
    """Values by attribute; comparisons with null are false, as in a WHERE."""

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> object:
        value = self._values[name]
        return _Null() if value is None else value


class _Null:
    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


def _truth(record: dict[str, object], place: dict[str, object], *, falling: bool) -> int:
    """Whether a record comes before (-1), at (0) or behind (1) a place."""
    a, at = record["a"], place["a"]
    if a != at:
        if a is None or at is None:
            return 1 if a is None else -1
        return -1 if (a < at) != falling else 1  # type: ignore[operator]
    return (record["id"] > place["id"]) - (record["id"] < place["id"])  # type: ignore[operator]


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("inclusive", [False, True])
def test_what_lies_beyond_a_place(falling: bool, backwards: bool, inclusive: bool) -> None:
    """For all values, null among them, the predicate agrees with the order."""
    key = Key("a", "n.a", descending=falling, nullable=True)
    text = beyond((key, ID), ("p.a", "p.id"), backwards=backwards, inclusive=inclusive)
    # Python's `is None` meets the stand-in for null: say it in its words.
    text = text.replace("n.a IS NULL", "type(n.a).__name__ == '_Null'").replace(
        "n.a IS NOT NULL", "type(n.a).__name__ != '_Null'"
    )
    text = text.replace("p.a IS NULL", "type(p.a).__name__ == '_Null'").replace(
        "p.a IS NOT NULL", "type(p.a).__name__ != '_Null'"
    )
    for a, number, at, other in itertools.product([None, 1, 2], [1, 2], [None, 1, 2], [1, 2]):
        record, place = {"a": a, "id": number}, {"a": at, "id": other}
        side = _truth(record, place, falling=falling)
        wanted = side == (-1 if backwards else 1) or (inclusive and side == 0)
        assert _holds(text, record, place) == wanted, (record, place, text)


def test_a_sort_key_that_is_always_there_gives_a_range() -> None:
    """An index can serve the first key's bound."""
    text = beyond((Key("a", "n.a", descending=False, nullable=False), ID), ("$a", "$i"), backwards=False)
    assert text == "n.a >= $a AND (n.a > $a OR (n.a = $a AND n.id > $i))"
