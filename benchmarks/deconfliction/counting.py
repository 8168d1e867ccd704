"""What stands in the graph after the hot spot, held against what the writers and readers were told."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.deconfliction.hot_claims import pairs
from benchmarks.deconfliction.hot_spot import Hot
from benchmarks.deconfliction.watching import Watched
from opsplan.graph.driver import Graph

_CLAIMS = """
MATCH (c:Claim) WHERE c.external_id STARTS WITH 'hot-' OR c.external_id STARTS WITH 'ground-'
RETURN c.id, c.external_id, c.owner_id
"""
_CONFLICTS = """
MATCH (one:Claim)<-[:CONFLICT_OF]-(conflict:Conflict)-[:CONFLICT_WITH]->(other:Claim)
WHERE one.external_id STARTS WITH 'hot-' OR other.external_id STARTS WITH 'hot-'
RETURN one.external_id, other.external_id
"""
_NOTICES = """
MATCH (notice:Notice)-[:NOTICE_ON]->(mine:Claim) MATCH (notice)-[:NOTICE_OF]->(conflict:Conflict)
MATCH (conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(other:Claim) WHERE other <> mine
  AND (mine.external_id STARTS WITH 'hot-' OR other.external_id STARTS WITH 'hot-')
RETURN notice.id, mine.owner_id, mine.external_id, other.external_id
"""
_AGENCIES = "MATCH (a:Agency) RETURN a.id, a.code"


@dataclass(slots=True)
class Count:
    """What is missing, or there too often; `wrong` says it in words.

    Attributes
    ----------
    claims, conflicts, notices, told
        How many there are: claims that were let in, conflicts of them, notices, and notices told to readers.
    wrong
        Sentences, one for each kind of fault, with the number of cases before.
    """

    claims: int = 0
    conflicts: int = 0
    notices: int = 0
    told: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Cases of all faults."""
        return sum(count for count, _ in self.wrong)

    def note(self, count: int, fault: str) -> None:
        """Take a kind of fault, if there are cases of it."""
        if count:
            self.wrong.append((count, fault))


async def count_all(graph: Graph, hot: Hot, watched: Watched) -> Count:
    """Count everything once the writers have ended: nothing may be lost, nothing doubled."""
    count = Count()
    claims = await graph.read_rows(_CLAIMS, timeout_s=120.0)
    names = Counter(name for _, name, _ in claims)
    owners = {name: owner for _, name, owner in claims}
    ids = {name: claim_id for claim_id, name, _ in claims}
    let_in = {each.external_id: each.claim_id for each in hot.committed}
    there = {name for name in names if name.startswith("hot-")}
    count.claims = len(there)
    count.note(len(let_in.keys() - there), "claims were let in and are not there")
    count.note(len(there - let_in.keys()), "claims are there and nobody was told so")
    count.note(sum(1 for each in names.values() if each > 1), "claims are there twice")
    others = sum(name in ids and ids[name] != each for name, each in let_in.items())
    count.note(others, "claims have another id than was told")

    due = {frozenset(pair) for pair in pairs(owners) if any(each.startswith("hot-") for each in pair)}
    conflicts = Counter(frozenset(pair) for pair in await graph.read_rows(_CONFLICTS, timeout_s=120.0))
    count.conflicts = conflicts.total()
    count.note(len(due - conflicts.keys()), "conflicts are missing")
    count.note(len(conflicts.keys() - due), "conflicts are none")
    count.note(sum(each - 1 for each in conflicts.values()), "conflicts are there more than once")

    rows = await graph.read_rows(_NOTICES, timeout_s=120.0)
    notices = Counter((mine, other) for _, _, mine, other in rows)
    sides = {side for pair in due for side in (tuple(sorted(pair)), tuple(sorted(pair, reverse=True)))}
    count.notices = notices.total()
    count.note(len(sides - notices.keys()), "sides have no notice")
    count.note(sum(each - 1 for each in notices.values()), "sides have more than one notice")

    codes = dict(await graph.read_rows(_AGENCIES))
    for reader, told in watched.by_reader.items():
        own = {notice for notice, owner, _, _ in rows if codes.get(owner) == reader}
        count.told += len(told)
        count.note(len(own - told.keys()), f"notices were not told to {reader}")
        count.note(sum(1 for each in told.values() if each > 1), f"notices were told twice to {reader}")
    return count
