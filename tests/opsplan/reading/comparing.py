"""Comparing what the compiled reader and the oracle answer to drawn operations, byte for byte."""

from typing import Any

import orjson
from graphql import print_schema

from opsplan.reading.limits import Limits
from tests.make.world import World
from tests.opsplan.reading.desk import Desk
from tests.opsplan.reading.oracle.executor import Oracle
from tests.opsplan.reading.oracle.operations import Draws

LIMITS = Limits(largest_cost=10_000_000)
"""Drawn operations may be larger than callers' are."""


async def compare(desk: Desk, drawn_from: World, left: World, seed: int, operations: int) -> None:
    """Draw operations and compare the answers.

    Parameters
    ----------
    desk
        Reads by compilation, with cursors that can be read.
    drawn_from
        The world whose ids and values the operations name.
    left
        What of it the reader may see: what the oracle answers from.
    """
    schema = desk.reads.ground.schema
    oracle = Oracle(print_schema(schema), desk.reads.ground.shapes, left)
    draws = Draws(schema, drawn_from, seed)
    for number in range(operations):
        drawn = draws.draw()
        where = f"seed {seed}, operation {number}\n{drawn.text}\n{orjson.dumps(drawn.variables).decode()}"
        wanted = oracle.result(drawn.text, drawn.variables)
        assert not wanted.errors, f"the oracle: {wanted.errors}\n{where}"
        got = await desk.result(drawn.text, drawn.variables)
        assert not got.errors, f"{got.errors} {[each.__cause__ for each in got.errors]}\n{where}"
        one, other = orjson.dumps(got.data), orjson.dumps(wanted.data)
        assert one == other, f"{first_difference(orjson.loads(one), orjson.loads(other))}\n{where}"


def first_difference(got: Any, wanted: Any, path: str = "") -> str:
    """Say where two answers differ first."""
    if isinstance(got, dict) and isinstance(wanted, dict) and list(got) == list(wanted):
        for key in got:
            if got[key] != wanted[key]:
                return first_difference(got[key], wanted[key], f"{path}.{key}")
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        for at, (one, other) in enumerate(zip(got, wanted, strict=True)):
            if one != other:
                return first_difference(one, other, f"{path}[{at}]")
    return f"{path}: got {got!r:.300}, wanted {wanted!r:.300}"
