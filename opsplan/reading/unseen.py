"""Which records are there, and not for the reader."""

from collections.abc import Iterable
from unicodedata import normalize

from opsplan.graph.driver import Graph
from opsplan.reading.compile.known import seen
from opsplan.reading.policy import Policy
from opsplan.records.declaration import Catalogue
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.ids import prefix_in, prefix_of

_NODE = "n"


async def unseen(policy: Policy, catalogue: Catalogue, given: Iterable[str], graph: Graph, actor: Actor) -> set[str]:
    """Give those of the texts, as they were given, that are ids of records which the reader may not know of.

    One statement; none where no text is the id of a kind of record that may be hidden. Blanks around an id do not make
    another one of it: services take them away.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    closed = [noun for noun in catalogue if policy.predicate(actor, noun) is not None]
    prefixes = {prefix_of(noun.name) for noun in closed}
    texts = {each: normalize("NFC", each).strip() for each in given}
    ids = sorted({record_id for record_id in texts.values() if prefix_in(record_id) in prefixes})
    if not ids:
        return set()
    labels = "|".join(noun.label for noun in closed)
    text = (
        f"UNWIND $ids AS id MATCH ({_NODE}:Record|Reference {{id: id}}) "
        f"WHERE {_NODE}:{labels} AND NOT ({' AND '.join(seen(policy, actor, closed, _NODE))}) RETURN id"
    )
    rows = await graph.read_plain(text, {"ids": ids, "reader": policy.parameters(actor)})
    hidden = {record_id for (record_id,) in rows}
    return {each for each, record_id in texts.items() if record_id in hidden}
