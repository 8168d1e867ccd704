"""Which records are there for a reader: asked kind by kind, by the statement that is shortest for each."""

from collections.abc import Iterable
from unicodedata import normalize

from opsplan.graph.driver import Graph
from opsplan.reading.compile.known import closed, seen
from opsplan.reading.policy import Policy
from opsplan.records.declaration import Catalogue
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.ids import prefix_in, prefix_of

_NODE = "n"


async def may_know(
    policy: Policy, catalogue: Catalogue, ids: Iterable[str], graph: Graph, actor: Actor
) -> dict[str, bool]:
    """Say of records whether the reader may know of them.

    Of those alone that there are, and whose kind is not open to everybody: where it is, nothing is asked. One statement
    for each kind of record, of which a request has few; one for all kinds together takes the server longer to plan.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    nouns = {prefix_of(noun.name): noun for noun in closed(policy, actor, catalogue)}
    by_prefix: dict[str, list[str]] = {}
    for each in sorted(set(ids)):
        prefix = prefix_in(each)
        if prefix in nouns:
            by_prefix.setdefault(prefix, []).append(each)
    found: dict[str, bool] = {}
    for prefix, of_noun in by_prefix.items():
        noun = nouns[prefix]
        text = (
            f"UNWIND $ids AS id MATCH ({_NODE}:{'Reference' if noun.system else 'Record'} {{id: id}}) "
            f"WHERE {_NODE}:{noun.label} RETURN id, {' AND '.join(seen(policy, actor, (noun,), _NODE))}"
        )
        rows = await graph.read_plain(text, {"ids": of_noun, "reader": policy.parameters(actor)})
        found.update((record_id, bool(may)) for record_id, may in rows)
    return found


async def unseen(policy: Policy, catalogue: Catalogue, given: Iterable[str], graph: Graph, actor: Actor) -> set[str]:
    """Give those of the texts, as they were given, that are ids of records which the reader may not know of.

    Blanks around an id do not make another one of it: services take them away. Raises as `may_know`.
    """
    texts = {each: normalize("NFC", each).strip() for each in given}
    known = await may_know(policy, catalogue, texts.values(), graph, actor)
    return {each for each, record_id in texts.items() if known.get(record_id) is False}
