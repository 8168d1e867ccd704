"""Where things stand in the flat arrays of `Tables` and `Plan`, and how they are read and written there.

Both are one array of integers each: first, for every field, where it begins, then the fields. A call with a hundred
arrays would take numba minutes to compile and a call's time to pass; one array costs one look-up more, of what is in
the cache. Field names are those of `solver.compiled.raids.tables` and `plan`, which say what each holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from solver.compiled.jit import compiled

Ints = npt.NDArray[np.int64]

TABLE_FIELDS = (
    "horizon_slots",
    "slot_minutes",
    "hub",
    "access_minutes",
    "hub_minutes",
    "leg_from",
    "leg_to",
    "leg_minutes",
    "site",
    "mode_from",
    "weight",
    "mandatory",
    "victims",
    "due_slot",
    "locked",
    "team_from",
    "kept_mode",
    "kept_slot",
    "kept_from",
    "kept_unit",
    "kept_need",
    "duration_slots",
    "mode_cost",
    "need_from",
    "demand_from",
    "count",
    "pool_of",
    "pool_from",
    "pool_unit",
    "resource",
    "amount",
    "offset_slots",
    "length_slots",
    "segment_from",
    "first_segments",
    "first_slot",
    "first_left",
    "use_from",
    "home",
    "owner",
    "cost_per_slot",
    "max_duty_slots",
    "min_rest_slots",
    "open_from",
    "open_slot",
    "close_slot",
    "day_from",
    "offered_slots",
    "link_from",
    "link_other",
    "link_leads",
    "link_at_end",
    "link_min",
    "link_max",
    "link_required",
    "group_from",
    "group_of",
    "member_from",
    "member",
    "tolerance_slots",
    "bundle_of",
    "bundle_from",
    "bundle_action",
    "bundle_tolerance",
    "project_of",
    "project_from",
    "project_action",
    "release_slot",
    "least_slots",
    "actions",
    "countries",
    "projects",
    "hubs",
    "most_places",
)
PLAN_FIELDS = (
    "mode",
    "start_slot",
    "team",
    "stints",
    "day",
    "segments",
    "segment_slot",
    "segment_left",
    "uses",
    "use_demand",
    "use_action",
    "load_slots",
    "numbers",
    "waiting",
    "may",
    "out",
    "gone",
    "trail",
    "best_mode",
    "best_start",
    "best_team",
    "spans",
    "free",
    "busy",
    "price",
    "seen",
    "seated_by",
    "parent",
    "places",
    "short",
)

(
    HORIZON_SLOTS,
    SLOT_MINUTES,
    HUB,
    ACCESS_MINUTES,
    HUB_MINUTES,
    LEG_FROM,
    LEG_TO,
    LEG_MINUTES,
    SITE,
    MODE_FROM,
    WEIGHT,
    MANDATORY,
    VICTIMS,
    DUE_SLOT,
    LOCKED,
    TEAM_FROM,
    KEPT_MODE,
    KEPT_SLOT,
    KEPT_FROM,
    KEPT_UNIT,
    KEPT_NEED,
    DURATION_SLOTS,
    MODE_COST,
    NEED_FROM,
    DEMAND_FROM,
    COUNT,
    POOL_OF,
    POOL_FROM,
    POOL_UNIT,
    RESOURCE,
    AMOUNT,
    OFFSET_SLOTS,
    LENGTH_SLOTS,
    SEGMENT_FROM,
    FIRST_SEGMENTS,
    FIRST_SLOT,
    FIRST_LEFT,
    USE_FROM,
    HOME,
    OWNER,
    COST_PER_SLOT,
    MAX_DUTY_SLOTS,
    MIN_REST_SLOTS,
    OPEN_FROM,
    OPEN_SLOT,
    CLOSE_SLOT,
    DAY_FROM,
    OFFERED_SLOTS,
    LINK_FROM,
    LINK_OTHER,
    LINK_LEADS,
    LINK_AT_END,
    LINK_MIN,
    LINK_MAX,
    LINK_REQUIRED,
    GROUP_FROM,
    GROUP_OF,
    MEMBER_FROM,
    MEMBER,
    TOLERANCE_SLOTS,
    BUNDLE_OF,
    BUNDLE_FROM,
    BUNDLE_ACTION,
    BUNDLE_TOLERANCE,
    PROJECT_OF,
    PROJECT_FROM,
    PROJECT_ACTION,
    RELEASE_SLOT,
    LEAST_SLOTS,
    ACTIONS,
    COUNTRIES,
    PROJECTS,
    HUBS,
    MOST_PLACES,
) = range(len(TABLE_FIELDS))

(
    MODE,
    START_SLOT,
    TEAM,
    STINTS,
    DAY,
    SEGMENTS,
    SEGMENT_SLOT,
    SEGMENT_LEFT,
    USES,
    USE_DEMAND,
    USE_ACTION,
    LOAD_SLOTS,
    NUMBERS,
    WAITING,
    MAY,
    OUT,
    GONE,
    TRAIL,
    BEST_MODE,
    BEST_START,
    BEST_TEAM,
    SPANS,
    FREE,
    BUSY,
    PRICE,
    SEEN,
    SEATED_BY,
    PARENT,
    PLACES,
    SHORT,
) = range(len(PLAN_FIELDS))

MISSING_NOW, WEIGHT_NOW, VICTIMS_NOW, WAITING_COUNT, MAY_COUNT, LATEST_STAMP, TRAILED, LEAVING = range(8)
"""Places in NUMBERS: the first three goals (mandatory actions left out, weight and victims placed); how many bundles
wait, and may be placed; the latest mark in SEEN; how many stand on the trail, and how many leave."""


class Block(Protocol):
    """What has its fields in one flat array."""

    @property
    def flat(self) -> Ints: ...


def flattened(names: tuple[str, ...], fields: Mapping[str, Ints]) -> Ints:
    """Return one array with where each named field begins, and then the fields."""
    begins = len(names) + np.cumsum([0, *(fields[name.upper()].size for name in names)])
    return np.concatenate([begins[:-1], *(fields[name.upper()].ravel() for name in names)]).astype(np.int64)


def field(flat: Ints, number: int) -> Ints:
    """Return a field of a flat array as a view; for Python, not for loops."""
    last = int(flat[0]) == number + 1
    return flat[flat[number] :] if last else flat[flat[number] : flat[number + 1]]


@compiled
def of(block: Block, number: int, index: int) -> int:
    """Read one value of a field."""
    return block.flat[block.flat[number] + index]


@compiled
def write(block: Block, number: int, index: int, value: int) -> None:
    """Write one value of a field."""
    block.flat[block.flat[number] + index] = value


@compiled
def add(block: Block, number: int, index: int, value: int) -> None:
    """Add to one value of a field."""
    block.flat[block.flat[number] + index] += value
