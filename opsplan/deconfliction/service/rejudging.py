"""A change of a separation rule: claims that stand are judged anew by it.

The rule holds for commits from the change on. Of the claims that stand, those of the pair's kinds are judged anew, and
the hidden ones where the widest figures of all change: in the same transaction where they are few, else by and by, in
batches (`review_next`). Each pair of claims is so judged by the new rule, be it by a commit or by the review, and what
the review has done stands with how far it has come; so it may end anywhere and go on anywhere. Another change of the
pair meanwhile begins it anew.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import SEPARATION_RULE
from opsplan.deconfliction.rules.footprint import Footprint, footprint_of
from opsplan.deconfliction.rules.separation import ANY, DEFAULT_TABLE, Pair, SeparationTable
from opsplan.deconfliction.service.capacity import review_next_pool
from opsplan.deconfliction.service.deconflict import once
from opsplan.deconfliction.service.hiding import hiding_of, hold_hiding
from opsplan.deconfliction.service.looking import meetings_of_claims, read_rules
from opsplan.deconfliction.service.telling import tell
from opsplan.deconfliction.store import separation as store
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.writing import Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock

AT_ONCE = 300
"""Claims judged anew in the transaction of the change; nobody else commits meanwhile."""
BATCH = 100
"""Claims judged anew in one transaction of a review."""
_FEW = 5_000
"""Claims of which the hidden ones are looked for by reading all."""
_REVIEWER = Actor("machine:deconfliction", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


async def judge_anew(unit: Unit) -> None:
    """Have conflicts be as the rules now are. A consequence of every write; it does something where rules changed."""
    changes = [each for each in unit.changes if each["noun"] == SEPARATION_RULE.name]
    if not changes:
        return
    # What is committed before is judged here, what is committed afterwards knows the new rules.
    await hold_sequence(unit.tx)
    await hold_hiding(unit)
    after = await unit.tx.run(store.RULES_IN_FORCE)
    ids = sorted({each["record_id"] for each in changes})
    touched = [row["properties"] for row in await unit.tx.run(store.RULES, ids=ids)]
    new = DEFAULT_TABLE.replaced_by(after)
    old = DEFAULT_TABLE.replaced_by(_before(after, touched, changes))
    with_hidden = old.widest != new.widest
    for pair in sorted(pair for pair in new.by_pair if old.by_pair[pair] != new.by_pair[pair]):
        few = await _few(unit.tx, pair, with_hidden=with_hidden)
        if few is None:
            await unit.tx.run(
                store.KEEP_REVIEW, pair="+".join(pair), kinds=list(pair), with_hidden=with_hidden, now=unit.now
            )
        else:
            await _judge(unit, few, new, "+".join(pair))


async def review_next(graph: Graph, clock: Clock, laws: Laws) -> bool:
    """Judge the next claims of a review that is under way, of a rule or else of a pool; say whether there was one.

    Any number of processes may do it at once: each does what comes next when it is its turn to commit.
    """
    reviews = await graph.read(lambda tx: tx.run(store.REVIEWS))
    if not reviews:
        return await review_next_pool(graph, clock, laws)
    review = reviews[0]
    # Which come next is looked for while others may commit. A claim that is entered or changed meanwhile is judged by
    # its own commit.
    sought = {name: review[name] for name in ("after", "kinds", "with_hidden")}
    rows = await graph.read(lambda tx: tx.run(store.NEXT_CLAIMS, **sought, most=BATCH))
    ids = [row["id"] for row in rows]

    async def work(writing: Writing) -> None:
        await hold_sequence(writing.tx)
        await hold_hiding(writing)
        if review not in await writing.tx.run(store.REVIEWS):
            return
        table = (await read_rules(writing.tx)).table
        standing = [footprint_of(row) for row in await writing.tx.run(store.STANDING_CLAIMS, ids=ids)]
        await _judge(writing, standing, table, review["pair"])
        if len(ids) < BATCH:
            await writing.tx.run(store.END_REVIEW, pair=review["pair"])
        else:
            await writing.tx.run(store.MOVE_REVIEW, pair=review["pair"], after=ids[-1])

    await write(graph, _REVIEWER, clock, work, laws=laws, request_id=f"review {review['pair']}")
    return True


async def _few(tx: Tx, pair: Pair, *, with_hidden: bool) -> list[Footprint] | None:
    """Give the claims that a change of the pair's rule concerns; None if they are many."""
    kinds = sorted(set(pair))
    rows = await tx.run(store.CLAIMS_OF_KINDS, kinds=kinds, most=AT_ONCE + 1)
    if with_hidden and len(rows) <= AT_ONCE:
        (all_claims,) = await tx.run(store.COUNT_CLAIMS)
        if all_claims["count"] > _FEW:
            return None
        rows += await tx.run(store.HIDDEN_CLAIMS, kinds=kinds)
    return None if len(rows) > AT_ONCE else [footprint_of(row) for row in rows]


async def _judge(unit: Unit, standing: Sequence[Footprint], table: SeparationTable, rule: str) -> None:
    """Have what some claims meet by one rule be as it is by a table; by which a hidden one met is not to be told."""
    rules = frozenset({rule, ANY})
    found = await meetings_of_claims(unit.tx, standing, table, hiding_of(unit))
    by_rule = [(each, [meeting for meeting in met if meeting.rule in rules]) for each, met in found]
    await tell(unit, [each.claim_id for each in standing], once(by_rule), rules=rules)


def _before(
    after: Iterable[Mapping[str, Any]], touched: Iterable[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Give the rules in force before changes, of rules in force after them and of those that were changed."""
    was: dict[str, dict[str, Any]] = {each["id"]: dict(each) for each in after}
    was |= {each["id"]: {"buffer_minutes": None, **each} for each in touched}
    made: set[str] = set()
    for change in reversed(changes):
        if change["kind"] == ChangeKind.CREATED:
            made.add(change["record_id"])
            continue
        row = was[change["record_id"]]
        row |= json.loads(change["before"] or "{}")
        row["version"] -= 1
    return [row for rule, row in was.items() if rule not in made and row.get("retired_at") is None]
