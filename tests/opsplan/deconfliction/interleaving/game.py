"""A small world, the model of it, and the judge of each write that ends in it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.nouns import LAWS
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.clock import FrozenClock
from opsplan.vocabulary.errors import KeysMissing, OpsplanError
from tests.opsplan.deconfliction.interleaving.director import Player
from tests.opsplan.deconfliction.interleaving.model import Hidden, Model, Standing
from tests.opsplan.deconfliction.interleaving.paced import PacedGraph
from tests.opsplan.deconfliction.theatre import Theatre

LOOK = """
UNWIND $ids AS id
MATCH (n:Record {id: id})
WITH id, CASE WHEN n:Claim THEN n ELSE head([(n)<-[:CLAIMED_FOR]-(claim:Claim) | claim]) END AS c
WHERE c IS NOT NULL
RETURN id, c.id, c.key, c.retired_at IS NULL, COLLECT { MATCH (s:CommitSequence {id: 1}) RETURN s.number }[0],
  COUNT { (c)<-[:ENTRY_OF]-(:ClaimEntry) },
  COLLECT {
    MATCH (c)<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict)-[:CONFLICT_OF|CONFLICT_WITH]->(other:Claim)
    WHERE k.state <> 'GONE' RETURN [k.kind, other.id, k.id]
  },
  COLLECT {
    MATCH (c)<-[:NOTICE_ON]-(n:Notice)-[:NOTICE_CALLS]->(contact) WHERE n.state <> 'GONE'
    OPTIONAL MATCH (n)-[:NOTICE_OF]->(k:Conflict)
    RETURN [n.owner_id = c.owner_id, n.is_blind, n.key, contact.id, k.id]
  }
"""

PATIENCE_S = 120.0
LATE_S = 5.0
"""How much later a commit may be heard of than the refusal of who came upon it."""

Apply = Callable[[Standing], Standing | type[OpsplanError]]


class Game:
    """One world of a few records, far from all others."""

    def __init__(self, theatre: Theatre, number: int, standing: Standing, ids: dict[str, str]) -> None:
        self.theatre = theatre
        self.graph: Graph = theatre.graph
        self.model = Model(number, standing)
        self.ids = ids
        """Of claims and actions, operations and sites, by name."""
        self.claim_ids: dict[str, str] = {}
        self.keys: dict[int, dict[str, str]] = {number: {}}
        """The key of each claim that stands, by number of the commit."""
        self.blind_keys: dict[Hidden, str] = {}
        self.accepted = self.refused = self.retried = 0
        self.blurred: set[int] = set()
        """Numbers of commits that another had followed before they could be looked at."""
        self._judged = asyncio.Condition()

    async def write(
        self,
        player: Player,
        owner: str,
        work: Callable[[Writing], Awaitable[Any]],
        apply: Apply,
        seen: set[str],
        clock: FrozenClock,
    ) -> set[str]:
        """Let a player write, hold what comes of it to the model, and give the keys that it lacked."""
        met: OpsplanError | None = None
        try:
            await write(
                PacedGraph(self.graph, player),  # type: ignore[arg-type]
                self.theatre.actor(owner),
                clock,
                work,
                laws=LAWS,
                request_id=player.name,
                seen=seen,
                # It stands still for as long as others are moved.
                timeout_s=PATIENCE_S,
            )
        except OpsplanError as error:
            met = error
        player.looks()
        self.retried += player.attempts - 1
        player.attempts = 0
        async with self._judged:
            # What the database has committed first is judged first, whoever is heard of first.
            due = None if player.number is None else player.number - (met is None)
            await self._judged.wait_for(lambda: due is None or due <= self.model.number)
            if met is not None and not isinstance(met, KeysMissing):
                # The commit that it came upon may be heard of later than its refusal.
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._judged.wait_for(lambda: apply(self.model.now) is type(met)), LATE_S)
            lacked = await self._judge(player.number, met, apply, seen)
            self._judged.notify_all()
        player.goes_on_writing()
        return lacked

    async def _judge(self, number: int | None, met: OpsplanError | None, apply: Apply, seen: set[str]) -> set[str]:
        if met is None:
            await self._judge_commit(number, apply, seen)
            return set()
        if isinstance(met, KeysMissing):
            return self._judge_refusal(met, number, apply, seen)
        assert apply(self.model.now) is type(met), (met, apply(self.model.now))
        return set()

    def _judge_refusal(self, refusal: KeysMissing, number: int | None, apply: Apply, seen: set[str]) -> set[str]:
        """Hold the keys that a refusal names to those that were missing after the last commit before it."""
        assert number is not None, "refused without holding the sequence"
        self.refused += 1
        after = apply(self.model.at[number])
        assert isinstance(after, Standing), (refusal, after)
        named, hidden = self.model.needed(number, after)
        missing = list(refusal.facts["missing"])
        given: set[str] = {each["key"] for each in missing}
        assert given.isdisjoint(seen)
        assert len(given) == len(missing)
        names = {claim: name for name, claim in self.claim_ids.items()}
        shown = {names[each["claim_id"]]: each["key"] for each in missing if each["claim_id"]}
        keys = self.keys[number]
        if number in self.blurred:
            return given
        lacking = {name: keys[name] for name in named if keys[name] not in seen}
        assert shown == lacking, (shown, lacking)
        agencies = {record: name for name, record in self.theatre.agencies.items()}
        blind = [(agencies[each["contact_id"]], each["key"]) for each in missing if not each["claim_id"]]
        expected = {each for each in hidden if self.blind_keys.get(each) not in seen}
        assert sorted(contact for contact, _ in blind) == sorted(contact for _, contact, _ in expected)
        for each in expected:
            # Several of one agency are told apart only by keys known already; a new key stands for what is new.
            candidates = [key for contact, key in blind if contact == each[1]]
            known = self.blind_keys.get(each)
            assert known in candidates if known else len(candidates) >= 1
            if len(candidates) == 1:
                self._note_blind(each, candidates[0])
        return given

    def _note_blind(self, hidden: Hidden, key: str) -> None:
        """One key stands for what an agency has hidden in one place, and for nothing else."""
        assert self.blind_keys.setdefault(hidden, key) == key
        assert len(set(self.blind_keys.values())) == len(self.blind_keys)

    async def _judge_commit(self, number: int | None, apply: Apply, seen: set[str]) -> None:
        before = self.model.number
        after = apply(self.model.now)
        assert isinstance(after, Standing), f"accepted, though it had to meet {after}"
        if number is None:
            assert after == self.model.now, "nothing was committed"
            return
        named, hidden = self.model.needed(before, after)
        keys = self.keys[before]
        assert before in self.blurred or {keys[name] for name in named} <= seen, "accepted without all keys"
        assert all(self.blind_keys.get(each) in seen for each in hidden), "accepted without the key of what is hidden"
        self.accepted += 1
        changed_before = self.model.changes[before]
        self.model.commit(number, after)
        await self.compare()
        for name, key in self.keys[number].items():
            if name in keys and self.blurred.isdisjoint((before, number)):
                is_other = self.model.changes[number][name] != changed_before[name]
                assert (keys[name] != key) is is_other, name

    async def compare(self) -> None:
        """Hold what the graph has after the last commit to the model: claims, entries, conflicts, notices."""
        rows = await self.graph.read_rows(LOOK, {"ids": sorted(self.ids.values())})
        names = {record: name for name, record in self.ids.items()}
        self.claim_ids = {names[row[0]]: row[1] for row in rows}
        by_claim = {claim: name for name, claim in self.claim_ids.items()}
        if any(row[4] != self.model.number for row in rows):
            self.blurred.add(self.model.number)
            self.keys[self.model.number] = {}
            return
        plans = self.model.now.plans()
        standing = {names[row[0]] for row in rows if row[3]}
        assert standing == {name for name, plan in plans.items() if plan.stands}
        assert all(bool(row[5]) is row[3] for row in rows), "claims in force have entries, others none"
        self.keys[self.model.number] = keys = {names[row[0]]: row[2] for row in rows if row[3]}
        assert len(set(keys.values())) == len(keys)
        sides: dict[str, set[str]] = {}
        pairs: dict[tuple[str, frozenset[str]], set[str]] = {}
        for row in rows:
            for kind, other, record in row[6]:
                pair = frozenset((names[row[0]], by_claim[other]))
                pairs.setdefault((kind, pair), set()).add(record)
                sides[record] = set(pair)
        assert all(len(records) == 1 for records in pairs.values()), "a pair has two conflicts by one rule"
        stands, should = {pair for _, pair in pairs}, self.model.conflicts()
        assert stands == should, (stands - should, should - stands)
        self._compare_notices(rows, names, sides, keys)

    def _compare_notices(
        self, rows: list[list[Any]], names: dict[str, str], sides: dict[str, set[str]], keys: dict[str, str]
    ) -> None:
        agencies = {record: name for name, record in self.theatre.agencies.items()}
        told: list[tuple[str, str]] = []
        blind: dict[tuple[str, str], str] = {}
        for row in rows:
            name = names[row[0]]
            for is_own, is_blind, key, contact, conflict in row[7]:
                assert is_own, "a notice belongs to the side that is told"
                if is_blind:
                    assert conflict is None
                    assert (name, agencies[contact]) not in blind, "a side was told twice"
                    blind[name, agencies[contact]] = key
                    continue
                (other,) = sides[conflict] - {name}
                assert key == keys[other], "a notice has the key of what it tells of"
                told.append((name, other))
        expected = self.model.told()
        assert len(told) == len(set(told)), "a side was told twice"
        assert set(told) == {(name, other) for name, other in expected if isinstance(other, str)}
        hidden = {(name, each[1]): each for name, each in expected if not isinstance(each, str)}
        assert blind.keys() == hidden.keys()
        for place, each in hidden.items():
            self._note_blind(each, blind[place])
