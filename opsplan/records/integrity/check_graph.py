"""The walk over the catalogue."""

from collections.abc import Callable, Collection

from opsplan.graph.driver import Graph
from opsplan.records.declaration import Catalogue
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.labels import declared_labels
from opsplan.records.integrity.properties import check_properties
from opsplan.records.integrity.relations import check_relations
from opsplan.records.integrity.whole import check_whole


async def check_graph(
    graph: Graph,
    catalogue: Catalogue,
    told: Callable[[str], None] = lambda _: None,
    *,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """Hold the whole graph against the catalogue and give what is wrong, noun by noun.

    It reads every record several times over, each statement in a transaction of its own: findings about records that
    are written meanwhile may have settled already.

    Parameters
    ----------
    graph, catalogue
        What is checked, and against what.
    told
        Called with the name of each noun before it is checked.
    only
        Names of the nouns to check, besides the whole; all when None.
    """
    findings: list[Finding] = []
    for noun in catalogue:
        if only is not None and noun.name not in only:
            continue
        told(noun.name)
        findings += await check_properties(graph, noun)
        findings += await check_relations(graph, noun, catalogue)
    told("the whole")
    return findings + await check_whole(graph, catalogue, declared_labels())
