"""Whether more is held of a pool than there is, and who is told: those who came later, with those who came before.

Two claims conflict where, at an instant at which both hold of a pool, what they hold is more than there is, together
with what those hold who came before the later of the two. So whoever overfills a pool meets all who hold of it, and
they do not all meet each other. Of the others only those count that all may read who may read the conflict, and where
one of the two is hidden from the other's owner, only those that are open: so nothing hidden shows in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from opsplan.deconfliction.model import ConflictKind, Severity
from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.ledger import Excess, Ledger
from opsplan.deconfliction.rules.meeting import Meeting, is_hidden
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.sentences import Sentence, say

RULE: Final = "CAPACITY"


def capacity_meetings(one: Footprint, ledgers: Iterable[Ledger]) -> list[Meeting]:
    """Give the conflicts of a claim in all pools that it holds of, one for each other claim."""
    found: dict[str, tuple[Footprint, list[Excess]]] = {}
    for ledger in ledgers:
        for other, excess in ledger.excesses(one):
            found.setdefault(other.claim_id, (other, []))[1].append(excess)
    return [_meeting(one, other, excesses) for _, (other, excesses) in sorted(found.items())]


def _meeting(one: Footprint, other: Footprint, excesses: Sequence[Excess]) -> Meeting:
    ordered = sorted(excesses, key=lambda each: (each.pool, each.start))
    worst = max(ordered, key=lambda each: each.lack)
    is_veiled = is_hidden(one, other)
    return Meeting(
        one,
        other,
        ConflictKind.CAPACITY,
        RULE,
        0,
        Severity.SERIOUS,
        is_veiled,
        sentence=_said(worst, is_rounded=is_veiled),
        facts={"pools": [_facts(each, is_rounded=is_veiled) for each in ordered]},
    )


def _said(worst: Excess, *, is_rounded: bool) -> Sentence:
    start, end = instant_text(worst.start), instant_text(worst.end)
    if is_rounded:
        return say(
            "By amounts and hours rounded up, as one is hidden from the other: of {pool} there are {available}; "
            "{count} claims may hold {amount} from {start} until {end}.",
            count=worst.claims,
            amount=worst.amount,
            pool=worst.pool.title,
            start=start,
            end=end,
            available=worst.available,
        )
    return say(
        "Of {pool} there are {available}; {count} claims hold {amount} from {start} until {end}.",
        count=worst.claims,
        amount=worst.amount,
        pool=worst.pool.title,
        start=start,
        end=end,
        available=worst.available,
    )


def _facts(excess: Excess, *, is_rounded: bool) -> Mapping[str, Any]:
    return {
        "country": excess.pool.country,
        "kind": excess.pool.kind,
        "language": excess.pool.language or None,
        "amount": excess.amount,
        "claims": excess.claims,
        "available": excess.available,
        "from": instant_text(excess.start),
        "until": instant_text(excess.end),
        **({"is_rounded": True} if is_rounded else {}),
    }
