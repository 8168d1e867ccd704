"""A plan under change as flat arrays, with the room in which loops work."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solver.compiled.chance import State, state_of
from solver.compiled.raids import fields as at
from solver.compiled.raids.fields import PLAN_FIELDS, field, flattened
from solver.compiled.raids.tables import NONE, Ints, Tables, Words

Floats = npt.NDArray[np.float64]


class Plan(NamedTuple):
    """What the loops write; `fields.PLAN_FIELDS` stand in `flat`.

    Per action, MODE (NONE while it is not placed), START_SLOT and its TEAM, units by need. Per unit, STINTS and DAY,
    its actions by start. Per resource, SEGMENTS, from which slot on how much is left (SEGMENT_SLOT, SEGMENT_LEFT), and
    USES (by USE_DEMAND of USE_ACTION). Per country, LOAD_SLOTS in action. NUMBERS, see `fields`. WAITING, the bundles
    left out, and MAY, those that may be placed. OUT, a list of actions that leave, and GONE, whether an action is on
    it. TRAIL, what was taken out, as (action, mode, start). BEST_MODE, BEST_START, BEST_TEAM, the best plan so far. The
    rest is room to work in: SPANS of starts, FREE and BUSY units, PRICE, SEEN marks, SEATED_BY, PARENT and PLACES for
    seating, SHORT for lacks.

    `starts` has a row of words per mode of an action, `levels` one per count of a need, `some` and `common` are one;
    `penalty` is what taking an action out costs, `gain` what having it is worth.
    """

    flat: Ints
    starts: Words
    levels: Words
    some: Words
    common: Words
    penalty: Floats
    gain: Floats
    chance: State


def new_plan(tables: Tables, seed: int) -> Plan:
    """Return an empty plan over the tables."""

    def of(number: int) -> Ints:
        return field(tables.flat, number)

    def longest(number: int) -> int:
        return int(np.diff(of(number)).max(initial=0)) + 1

    def filled(length: int) -> Ints:
        return np.full(length, NONE, dtype=np.int64)

    def room(length: int) -> Ints:
        return np.zeros(length, dtype=np.int64)

    actions, units, teams = len(of(at.SITE)), len(of(at.HOME)), int(of(at.TEAM_FROM)[-1])
    places, segments, uses = longest(at.TEAM_FROM), int(of(at.SEGMENT_FROM)[-1]), int(of(at.USE_FROM)[-1])
    bundles = len(of(at.BUNDLE_FROM)) - 1
    words = tables.allowed.shape[1]
    numbers = room(8)
    numbers[at.MISSING_NOW] = of(at.MANDATORY).sum()
    fields = {
        "MODE": filled(actions),
        "START_SLOT": filled(actions),
        "TEAM": filled(teams),
        "STINTS": room(units),
        "DAY": room(int(of(at.DAY_FROM)[-1])),
        "SEGMENTS": np.diff(of(at.FIRST_SEGMENTS)),
        "SEGMENT_SLOT": room(segments),
        "SEGMENT_LEFT": room(segments),
        "USES": room(len(of(at.USE_FROM)) - 1),
        "USE_DEMAND": room(uses),
        "USE_ACTION": room(uses),
        "LOAD_SLOTS": room(len(of(at.OFFERED_SLOTS))),
        "NUMBERS": numbers,
        "WAITING": room(bundles),
        "MAY": room(bundles),
        "OUT": room(actions + 1),
        "GONE": room(actions),
        "TRAIL": room(3 * actions + 3),
        "BEST_MODE": filled(actions),
        "BEST_START": filled(actions),
        "BEST_TEAM": filled(teams),
        "SPANS": room(8 * longest(at.DAY_FROM) + 8),
        "FREE": room(longest(at.POOL_FROM) * places),
        "BUSY": room(longest(at.POOL_FROM)),
        "PRICE": room(longest(at.POOL_FROM) * places),
        "SEEN": room(units),
        "SEATED_BY": filled(units),
        "PARENT": filled(units),
        "PLACES": room(4 * places),
        "SHORT": room(3 * longest(at.SEGMENT_FROM)),
    }
    for resource, (first, last) in enumerate(pairwise(of(at.FIRST_SEGMENTS))):
        into = of(at.SEGMENT_FROM)[resource]
        fields["SEGMENT_SLOT"][into : into + last - first] = of(at.FIRST_SLOT)[first:last]
        fields["SEGMENT_LEFT"][into : into + last - first] = of(at.FIRST_LEFT)[first:last]
    return Plan(
        flat=flattened(PLAN_FIELDS, fields),
        starts=np.zeros((longest(at.MODE_FROM), words), dtype=np.uint64),
        levels=np.zeros((int(of(at.COUNT).max(initial=1)) + 1, words), dtype=np.uint64),
        some=np.zeros(words, dtype=np.uint64),
        common=np.zeros(words, dtype=np.uint64),
        penalty=np.zeros(actions),
        gain=np.zeros(actions),
        chance=state_of(seed),
    )
