"""Keeping the lists of agencies that readerships compare with, in the transaction of the write that changes them."""

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.statements import arrow
from opsplan.records.writing.unit import BATCH_ROWS, Unit

_KEEPING: dict[str, Query] = {}


async def keep_readers(unit: Unit) -> None:
    """Make the lists of all records anew that this write may have given other readers. A consequence of every write."""
    for noun in unit.laws.catalogue:
        if not noun.readership.kept:
            continue
        concerning = {noun.name, *noun.readership.kept_by}
        ids = sorted({each["record_id"] for each in unit.changes if each["noun"] in concerning})
        if ids:
            # Two writers at once, of two participants of one operation, would each miss the other's.
            await hold_sequence(unit.tx)
        for start in range(0, len(ids), BATCH_ROWS):
            await unit.tx.run(_keeping(unit.laws.catalogue, noun), ids=ids[start : start + BATCH_ROWS])


def readers_anew(noun: Noun, node: str) -> str:
    """Give the Cypher that binds, for `node`, each of the noun's lists as it should be, by its name."""
    return "\n".join(
        f"CALL ({node}) {{ CALL ({node}) {{ {each.cypher.replace('{node}', node)} }} "
        f"WITH DISTINCT id ORDER BY id RETURN collect(id) AS {each.name} }}"
        for each in noun.readership.kept
    )


def _keeping(catalogue: Catalogue, noun: Noun) -> Query:
    name = f"records.keep_readers_of_{noun.name}"
    if name not in _KEEPING:
        ways = [f"MATCH (changed) WHERE changed:{noun.label} RETURN changed AS n"]
        for other, relation in noun.readership.kept_by.items():
            way = arrow(catalogue[other].relation_named(relation))
            ways.append(f"MATCH (changed){way}(n:{noun.label}) RETURN n")
        kept = ", ".join(f"n.{each.name} = {each.name}" for each in noun.readership.kept)
        _KEEPING[name] = Query(
            name,
            Mode.WRITE,
            f"""
            UNWIND $ids AS id
            MATCH (changed:Record {{id: id}})
            CALL (changed) {{ {" UNION ".join(ways)} }}
            WITH DISTINCT n
            {readers_anew(noun, "n")}
            SET {kept}
            """,
        )
    return _KEEPING[name]
