"""Pages are stable: whatever is entered, changed or deleted meanwhile, who was there throughout comes exactly once."""

import random

import pytest

from opsplan.graph.driver import Graph
from tests.conftest import WIPE
from tests.opsplan.reading.desk import Desk, desk_over
from tests.seeds import with_fresh

_MAKE = """UNWIND $rows AS row CREATE (n:Record:Compound)
SET n = row, n.location = point({longitude: 1.0, latitude: 1.0})"""


def _row(chance: random.Random, number: int) -> dict[str, object]:
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    row: dict[str, object] = {
        "id": f"compound_{''.join(chance.choices(letters, k=26))}",
        "name": chance.choice(["Heron", "Łódź", "金", ""]) + str(number % 7),
        "owner_id": "agency_x",
        "version": 1,
        "exercise": True,
        "marking": "TLP_AMBER",
    }
    for name in ("created_at", "changed_at"):
        row[name] = "2026-11-23T08:30:00.000Z"
    for name in ("created_by", "changed_by"):
        row[name] = "test"
    if chance.random() < 0.7:
        row["capacity"] = chance.randrange(5)
    return row


@pytest.mark.parametrize("seed", with_fresh(*range(6)))
async def test_no_record_is_skipped_or_repeated(graph: Graph, seed: int) -> None:
    """While a reader pages in any order and direction, others enter and delete; who stayed comes exactly once."""
    chance = random.Random(seed)
    await graph.run_outside(WIPE)
    rows = [_row(chance, number) for number in range(60)]
    await graph.write(lambda tx: tx.run(_MAKE, rows=rows))
    stayed = {row["id"]: row for row in rows}
    desk = desk_over(graph)
    order = chance.choice([[], ["NAME_ASC"], ["CAPACITY_DESC"], ["CAPACITY_ASC", "NAME_DESC"]])
    backwards = chance.random() < 0.5
    seen: list[str] = []
    cursor = None
    while True:
        page = await _page(desk, order, cursor, chance.randrange(1, 9), backwards=backwards)
        seen += page["ids"]
        if not page["more"]:
            break
        cursor = page["cursor"]
        await _disturb(graph, chance, stayed, seen)
    # One that was moved may come where it was and where it went; who stayed comes once.
    assert all(seen.count(each) == 1 for each in stayed)
    assert set(stayed) <= set(seen)
    # Those who stayed come in the order asked for.
    wanted = sorted(stayed.values(), key=lambda row: str(row["id"]))
    for key in reversed(order):
        name, falling = key.rpartition("_")[0].lower(), key.endswith("DESC")
        known = [row for row in wanted if row.get(name) is not None]
        known.sort(key=lambda row, name=name: row[name], reverse=falling)  # type: ignore[misc]
        wanted = known + [row for row in wanted if row.get(name) is None]
    expected = [row["id"] for row in wanted]
    assert [each for each in (reversed(seen) if backwards else seen) if each in stayed] == expected


async def _page(desk: Desk, order: list[str], cursor: str | None, size: int, *, backwards: bool) -> dict[str, object]:
    count, place = ("last", "before") if backwards else ("first", "after")
    text = f"""query ($size: Int!, $cursor: String, $order: [CompoundOrder!]) {{
      compounds({count}: $size, {place}: $cursor, orderBy: $order) {{
        nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }}
      }}
    }}"""
    answer = await desk.ask(text, {"size": size, "cursor": cursor, "order": order})
    ids = [each["id"] for each in answer["compounds"]["nodes"]]
    info = answer["compounds"]["pageInfo"]
    if backwards:
        return {"ids": ids[::-1], "more": info["hasPreviousPage"], "cursor": info["startCursor"]}
    return {"ids": ids, "more": info["hasNextPage"], "cursor": info["endCursor"]}


async def _disturb(
    graph: Graph, chance: random.Random, stayed: dict[object, dict[str, object]], seen: list[str]
) -> None:
    """Delete some, move others elsewhere in the order, enter new ones; what lies at the cursor is among them."""
    gone = [*chance.sample(sorted(map(str, stayed)), k=min(2, len(stayed))), *seen[-1:]]
    for each in gone:
        stayed.pop(each, None)
    fresh = [_row(chance, number) for number in range(3)]
    moved = [*chance.sample(sorted(map(str, stayed)), k=min(2, len(stayed))), *seen[-2:-1]]
    for each in moved:
        stayed.pop(each, None)
    await graph.write(lambda tx: tx.run("MATCH (n:Record) WHERE n.id IN $gone DETACH DELETE n", gone=gone))
    await graph.write(
        lambda tx: tx.run(
            "MATCH (n:Record) WHERE n.id IN $moved SET n.name = $name, n.capacity = $capacity",
            moved=moved,
            name=chance.choice(["", "zzz"]),
            capacity=chance.choice([None, 0, 9]),
        )
    )
    await graph.write(lambda tx: tx.run(_MAKE, rows=fresh))
