"""A unit's day: its stints in order, and the starts at which one more fits between them."""

from __future__ import annotations

from typing import NamedTuple

from solver.facts import Facts
from solver.facts.slots import span
from solver.problem import DutyLimit


class Stint(NamedTuple):
    """A unit's service in one placed action, ``[start_slot, end_slot)`` at `site`."""

    start_slot: int
    end_slot: int
    site: int
    action: int


class Block(NamedTuple):
    """A duty block: from the start of its first to the end of its last stint."""

    start_slot: int
    end_slot: int
    first_site: int
    last_site: int


def blocks(facts: Facts, duty: DutyLimit, day: list[Stint]) -> list[Block]:
    """Return the duty blocks of a day."""
    result: list[Block] = []
    for stint in day:
        if result:
            last = result[-1]
            rest_slots = stint.start_slot - last.end_slot - facts.way(last.last_site, stint.site)
            if rest_slots < duty.min_rest_slots:
                result[-1] = Block(last.start_slot, stint.end_slot, last.first_site, stint.site)
                continue
        result.append(Block(stint.start_slot, stint.end_slot, stint.site, stint.site))
    return result


def blocked_starts(facts: Facts, duty: DutyLimit | None, day: list[Stint], site: int, duration_slots: int) -> int:
    """Return the starts at which an action of this length at this site does not fit into the day.

    Travel is asked between every two stints, not only consecutive ones. That is the same where travel obeys
    the triangle inequality and stricter elsewhere, never laxer.
    """
    blocked = 0
    for start_slot, end_slot, there, _ in day:
        if there == site:
            blocked |= span(start_slot - duration_slots + 1, end_slot)
        else:
            from_slot = start_slot - duration_slots - facts.way(site, there) + 1
            blocked |= span(from_slot, min(end_slot + facts.way(there, site), facts.horizon_slots))
    if duty is not None and day:
        blocked |= _overtime_starts(facts, duty, day, site, duration_slots)
    return blocked


def _overtime_starts(facts: Facts, duty: DutyLimit, day: list[Stint], site: int, duration_slots: int) -> int:
    """Starts that would join a duty block, or two, and make it too long."""
    blocked = 0
    joins_until_slot: int | None = None
    joined_from_slot = 0
    for block in blocks(facts, duty, day):
        # Before the block and too close for a rest: [joins_from, block.start).
        joins_from_slot = (
            block.start_slot - duration_slots - facts.way(site, block.first_site) - duty.min_rest_slots + 1
        )
        blocked |= span(joins_from_slot, block.end_slot - duty.max_duty_slots)
        if joins_until_slot is not None and block.end_slot - joined_from_slot > duty.max_duty_slots:
            # Too close to this block and to the one before: both would become one.
            blocked |= span(joins_from_slot, joins_until_slot)
        # After the block and too close for a rest: up to joins_until.
        joins_until_slot = min(
            block.end_slot + facts.way(block.last_site, site) + duty.min_rest_slots, facts.horizon_slots
        )
        joined_from_slot = block.start_slot
        blocked |= span(block.start_slot + duty.max_duty_slots - duration_slots + 1, joins_until_slot)
    return blocked
