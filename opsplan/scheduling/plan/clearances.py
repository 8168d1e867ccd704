"""Claims of others that a place comes too near to, or that leave an action none: in words, with the claims named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import Any

from opsplan.scheduling.problem.clearances import Clearance
from opsplan.scheduling.problem.index import Index
from opsplan.scheduling.problem.snapshot import ReadBlindNotice
from opsplan.vocabulary.clock import minute_text
from opsplan.vocabulary.sentences import Sentence, say
from solver import Interval, Placement, Problem

CLAIMS = "claims"
"""Name of the rule that an action keeps away from what others claim. It bars no plan: its keys are asked for."""
_SHOWN = 3
_MINUTE = timedelta(minutes=1)


def clearances_met(index: Index, action: int, spans: Iterable[Interval]) -> tuple[Clearance, ...]:
    """Give what keeps an action out of any slot of the spans."""
    known = tuple(spans)
    return tuple(
        each
        for each in index.clearances.get(action, ())
        if any(each.slots.meets(span.start_slot, span.end_slot) for span in known)
    )


def clearances_said(those: Sequence[Clearance]) -> Sentence:
    """Say what keeps an action away: the first few claims, and how many there are beside them."""
    told = [_said(each) for each in those[:_SHOWN]]
    if len(those) > _SHOWN:
        told.append(say("There are {count} more.", count=len(those) - _SHOWN))
    return reduce(lambda said, one: say("{said} {one}", said=said, one=one), told)


def clearance_facts(those: Iterable[Clearance]) -> dict[str, Any]:
    """Give the claims behind such a sentence: ids, rule, and the figures of each."""
    return {"claims": [_facts(each) for each in those]}


def tolerating(problem: Problem, placements: Iterable[Placement], but: int | None = None) -> Problem:
    """Give the problem in which the placements come too near to nobody's claim, whatever others claim.

    What else may be said of a plan is said, though it meets a claim: that is for its owners to settle. The action `but`
    keeps away all the same.
    """
    met = {
        each.action
        for each in placements
        if each.action != but
        and any(
            claimed.meets(each.start_slot, each.end_slot(problem)) for claimed in problem.actions[each.action].claimed
        )
    }
    if not met:
        return problem
    actions = tuple(
        replace(action, claimed=()) if number in met else action for number, action in enumerate(problem.actions)
    )
    return replace(problem, actions=actions)


def _said(each: Clearance) -> Sentence:
    start, end = minute_text(each.claim.start), minute_text(each.claim.end)
    if isinstance(each.claim, ReadBlindNotice):
        return say(
            "Those who run the operation were told of a conflict near {claim}, which is from {start} to {end}.",
            claim=each.claim.name,
            start=start,
            end=end,
        )
    assert each.separation is not None
    assert each.distance_m is not None
    return say(
        "{claim} is claimed from {start} to {end}, {near} m away; {rule} asks for {distance} m or {buffer} minutes.",
        claim=each.claim.name,
        start=start,
        end=end,
        near=round(each.distance_m),
        rule=each.separation.rule,
        distance=each.separation.distance_m,
        buffer=each.separation.buffer // _MINUTE,
    )


def _facts(each: Clearance) -> dict[str, Any]:
    when = {"start": minute_text(each.claim.start), "end": minute_text(each.claim.end)}
    if isinstance(each.claim, ReadBlindNotice):
        return {"notice_id": each.claim.id, "claim_id": each.claim.claim_id, **when}
    assert each.separation is not None
    return {
        "claim_id": each.claim.id,
        "owner_id": each.claim.owner_id,
        "rule": each.separation.rule,
        "rule_version": each.separation.version,
        "severity": each.separation.severity.name,
        "distance_m": each.distance_m,
        "rule_distance_m": each.separation.distance_m,
        "rule_minutes": each.separation.buffer // _MINUTE,
        **when,
    }
