"""The facts of a problem as flat arrays: lists of lists become one list with the place where each begins.

In names, ``x_from[i]`` to ``x_from[i + 1]`` bounds what belongs to i. Modes are numbered through over all actions,
needs and demands over all modes. Sets of starts are rows of 64-bit words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solver.compiled.raids.fields import TABLE_FIELDS, flattened
from solver.facts import Facts

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

NONE = -1
"""Stands for what is not given, where every value is 0 or more."""
NEVER = 1 << 40
"""Stands for a slot, a lag or a duty that is not limited."""
WORD = 64


class Tables(NamedTuple):
    """Everything about a problem that the loops read and never write; `fields.TABLE_FIELDS` stand in `flat`.

    Per site, HUB (or NONE) and ACCESS_MINUTES to it; per two hubs HUB_MINUTES (or NONE); from LEG_FROM[site] on, its
    legs, by destination (LEG_TO, LEG_MINUTES). Per action, SITE, its modes from MODE_FROM, WEIGHT, MANDATORY, VICTIMS,
    DUE_SLOT, LOCKED, the places of its team from TEAM_FROM, and where an earlier plan has it (KEPT_MODE or NONE,
    KEPT_SLOT, and from KEPT_FROM on KEPT_UNIT and KEPT_NEED). Per mode, DURATION_SLOTS, MODE_COST, its needs from
    NEED_FROM and demands from DEMAND_FROM. Per need, COUNT and POOL_OF, the list of candidates from POOL_FROM on in
    POOL_UNIT. Per demand, RESOURCE, AMOUNT, OFFSET_SLOTS, LENGTH_SLOTS. Per resource, room for segments and uses
    (SEGMENT_FROM, USE_FROM), and its capacity as segments from FIRST_SEGMENTS on (FIRST_SLOT, FIRST_LEFT). Per unit,
    HOME, OWNER, COST_PER_SLOT, MAX_DUTY_SLOTS, MIN_REST_SLOTS, its availability from OPEN_FROM on (OPEN_SLOT,
    CLOSE_SLOT) and room for its day from DAY_FROM on. Per country, OFFERED_SLOTS. Per action, its precedences from
    LINK_FROM on, seen from it (LINK_OTHER and so on), and from GROUP_FROM on its groups in GROUP_OF; per group its
    members from MEMBER_FROM on and TOLERANCE_SLOTS; BUNDLE_OF, and per bundle BUNDLE_FROM, BUNDLE_ACTION,
    BUNDLE_TOLERANCE; PROJECT_OF (or NONE), and per project PROJECT_FROM, PROJECT_ACTION, RELEASE_SLOT, LEAST_SLOTS.
    Single numbers: HORIZON_SLOTS, SLOT_MINUTES, ACTIONS, COUNTRIES, PROJECTS, HUBS, MOST_PLACES.

    `allowed` has a row of words per mode: the starts that keep windows, forbidden hours, others' claims, warrants and
    the lock.
    """

    flat: Ints
    allowed: Words


def tables_of(facts: Facts) -> Tables:
    """Flatten the facts of a problem."""
    problem = facts.problem
    fields: dict[str, Ints] = {}
    for part in (_ways, _actions, _kept, _needs, _resources, _units, _ties, _projects):
        fields |= part(facts)
    fields |= _rooms(facts, fields)
    single = {
        "HORIZON_SLOTS": facts.horizon_slots,
        "SLOT_MINUTES": problem.slot_minutes,
        "ACTIONS": len(problem.actions),
        "COUNTRIES": len(problem.countries),
        "PROJECTS": len(problem.projects),
        "HUBS": max(1, len(problem.travel.hub_minutes)),
        "MOST_PLACES": int(np.diff(fields["team_from"]).max(initial=0)) + 1,
    }
    named = {name.upper(): values for name, values in fields.items()} | {
        name: np.array([value]) for name, value in single.items()
    }
    return Tables(flattened(TABLE_FIELDS, named), _allowed(facts))


def _allowed(facts: Facts) -> Words:
    words = (facts.horizon_slots + WORD - 1) // WORD
    rows = [starts for modes in facts.starts for starts in modes]
    text = b"".join(starts.to_bytes(words * 8, "little") for starts in rows)
    return np.frombuffer(text, dtype="<u8").astype(np.uint64).reshape(len(rows), words)


def ints(values: Iterable[int]) -> Ints:
    """Return the values as an array."""
    return np.fromiter(values, dtype=np.int64)


def listed(lists: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return where each list begins in the one list of all, and that list."""
    lists = list(lists)
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in lists], out=starts[1:])
    return starts, ints(value for each in lists for value in each)


def _ways(facts: Facts) -> dict[str, Ints]:
    sites, travel = facts.problem.sites, facts.problem.travel
    legs = sorted(travel.legs, key=lambda leg: (leg.origin, leg.destination))
    hubs = len(travel.hub_minutes)
    table = np.full((max(1, hubs), max(1, hubs)), NONE, dtype=np.int64)
    for hub, row in enumerate(travel.hub_minutes):
        table[hub] = [NONE if minutes is None else minutes for minutes in row]
    return {
        "hub": ints(NONE if site.hub is None else site.hub for site in sites),
        "access_minutes": ints(site.access_minutes for site in sites),
        "hub_minutes": table,
        "leg_from": np.searchsorted([leg.origin for leg in legs], np.arange(len(sites) + 1)).astype(np.int64),
        "leg_to": ints(leg.destination for leg in legs),
        "leg_minutes": ints(leg.minutes for leg in legs),
    }


def _actions(facts: Facts) -> dict[str, Ints]:
    actions = facts.problem.actions
    mode_from, durations = listed(facts.durations)
    return {
        "site": ints(facts.sites),
        "mode_from": mode_from,
        "duration_slots": durations,
        "mode_cost": ints(mode.cost for action in actions for mode in action.modes),
        "weight": ints(action.weight for action in actions),
        "mandatory": ints(action.mandatory for action in actions),
        "victims": ints(action.expected_victims for action in actions),
        "due_slot": ints(NEVER if action.due_slot is None else action.due_slot for action in actions),
        "locked": ints(action.lock is not None for action in actions),
    }


def _kept(facts: Facts) -> dict[str, Ints]:
    kept = [action.kept for action in facts.problem.actions]
    orders = [
        [] if each is None else [(unit, need) for need, units in enumerate(each.units) for unit in units]
        for each in kept
    ]
    kept_from, kept_unit = listed([[unit for unit, _ in each] for each in orders])
    return {
        "kept_mode": ints(NONE if each is None else each.mode for each in kept),
        "kept_slot": ints(NONE if each is None else each.start_slot for each in kept),
        "kept_from": kept_from,
        "kept_unit": kept_unit,
        "kept_need": ints(need for each in orders for _, need in each),
    }


def _needs(facts: Facts) -> dict[str, Ints]:
    pools: dict[tuple[int, ...], int] = {}
    need_from, counts, pool_of = [0], [], []
    for action, modes in enumerate(facts.problem.actions):
        for number, mode in enumerate(modes.modes):
            for place, need in enumerate(mode.unit_needs):
                counts.append(need.count)
                pool_of.append(pools.setdefault(facts.candidates(action, number, place), len(pools)))
            need_from.append(len(counts))
    pool_from, pool_unit = listed(pools)
    demands = [demand for modes in facts.demands for demand in modes]
    demand_from, _ = listed([[0] * len(demand) for demand in demands])
    flat = [use for demand in demands for use in demand]
    return {
        "need_from": ints(need_from),
        "count": ints(counts),
        "pool_of": ints(pool_of),
        "pool_from": pool_from,
        "pool_unit": pool_unit,
        "demand_from": demand_from,
        "resource": ints(use[0] for use in flat),
        "amount": ints(use[1] for use in flat),
        "offset_slots": ints(use[2] for use in flat),
        "length_slots": ints(use[3] for use in flat),
    }


def _resources(facts: Facts) -> dict[str, Ints]:
    first: list[list[tuple[int, int]]] = []
    for resource in facts.problem.resources:
        segments = [(-NEVER, 0)]
        for step in resource.steps:
            if not resource.renewable:
                segments = [(-NEVER, step.capacity)]
            elif step.capacity != segments[-1][1]:
                segments.append((step.from_slot, step.capacity))
        first.append(segments)
    first_segments, first_slot = listed([[slot for slot, _ in segments] for segments in first])
    return {
        "first_segments": first_segments,
        "first_slot": first_slot,
        "first_left": ints(left for segments in first for _, left in segments),
    }


def _units(facts: Facts) -> dict[str, Ints]:
    problem = facts.problem
    open_from, open_slot = listed([[each.start_slot for each in unit.availability] for unit in problem.units])
    offered = np.zeros(len(problem.countries), dtype=np.int64)
    for unit in problem.units:
        for each in unit.availability:
            offered[unit.owner] += max(0, min(each.end_slot, problem.horizon_slots) - max(each.start_slot, 0))
    return {
        "home": ints(unit.home for unit in problem.units),
        "owner": ints(unit.owner for unit in problem.units),
        "cost_per_slot": ints(unit.cost_per_slot for unit in problem.units),
        "max_duty_slots": ints(NEVER if unit.duty is None else unit.duty.max_duty_slots for unit in problem.units),
        "min_rest_slots": ints(0 if unit.duty is None else unit.duty.min_rest_slots for unit in problem.units),
        "open_from": open_from,
        "open_slot": open_slot,
        "close_slot": ints(each.end_slot for unit in problem.units for each in unit.availability),
        "offered_slots": offered,
    }


def _ties(facts: Facts) -> dict[str, Ints]:
    problem = facts.problem
    links = [link for links in facts.links for link in links]
    link_from, link_other = listed([[link.other for link in links] for links in facts.links])
    group_from, group_of = listed(facts.groups_of)
    member_from, member = listed([group.actions for group in problem.groups])
    bundle_from, bundle_action = listed(facts.bundles)
    tolerances = [group.tolerance_slots for group in problem.groups]
    groups = [{group for action in bundle for group in facts.groups_of[action]} for bundle in facts.bundles]
    return {
        "link_from": link_from,
        "link_other": link_other,
        "link_leads": ints(link.leads for link in links),
        "link_at_end": ints(link.at_end for link in links),
        "link_min": ints(link.min_lag_slots for link in links),
        "link_max": ints(NEVER if link.max_lag_slots is None else link.max_lag_slots for link in links),
        "link_required": ints(link.required for link in links),
        "group_from": group_from,
        "group_of": group_of,
        "member_from": member_from,
        "member": member,
        "tolerance_slots": ints(tolerances),
        "bundle_of": ints(facts.bundle_of),
        "bundle_from": bundle_from,
        "bundle_action": bundle_action,
        "bundle_tolerance": ints(sum(tolerances[group] for group in each) for each in groups),
    }


def _projects(facts: Facts) -> dict[str, Ints]:
    projects = facts.problem.projects
    members: list[list[int]] = [[] for _ in projects]
    for index, action in enumerate(facts.problem.actions):
        if action.project is not None:
            members[action.project].append(index)
    project_from, project_action = listed(members)
    return {
        "project_of": ints(NONE if action.project is None else action.project for action in facts.problem.actions),
        "project_from": project_from,
        "project_action": project_action,
        "release_slot": ints(project.release_slot for project in projects),
        "least_slots": ints(project.least_slots for project in projects),
    }


def _rooms(facts: Facts, fields: dict[str, Ints]) -> dict[str, Ints]:
    """How much room teams, days and profiles need at most."""
    places, shortest = _team_sizes(facts, fields)
    uses = np.zeros(len(facts.problem.resources), dtype=np.int64)
    for modes in facts.demands:
        most: dict[int, int] = {}
        for demands in modes:
            here: dict[int, int] = {}
            for use in demands:
                here[use[0]] = here.get(use[0], 0) + 1
            for resource, times in here.items():
                most[resource] = max(most.get(resource, 0), times)
        for resource, times in most.items():
            uses[resource] += times
    segments = uses * 2 + np.diff(fields["first_segments"]) + 2
    return {
        "team_from": _sums(places),
        "day_from": _sums(shortest),
        "use_from": _sums(uses),
        "segment_from": _sums(segments),
    }


def _team_sizes(facts: Facts, fields: dict[str, Ints]) -> tuple[Ints, Ints]:
    """Per action the places of its largest team; per unit the stints that its days have room for at most."""
    actions = facts.problem.actions
    places = ints(max(sum(need.count for need in mode.unit_needs) for mode in action.modes) for action in actions)
    pools = len(fields["pool_from"]) - 1
    asked = np.zeros(pools, dtype=np.int64)
    shortest = np.full(pools, NEVER, dtype=np.int64)
    mode_of = np.repeat(np.arange(len(fields["need_from"]) - 1), np.diff(fields["need_from"]))
    np.add.at(asked, fields["pool_of"], 1)
    np.minimum.at(shortest, fields["pool_of"], fields["duration_slots"][mode_of])
    stints = np.zeros(len(facts.problem.units), dtype=np.int64)
    briefest = np.full(len(facts.problem.units), NEVER, dtype=np.int64)
    pool_of_place = np.repeat(np.arange(pools), np.diff(fields["pool_from"]))
    np.add.at(stints, fields["pool_unit"], asked[pool_of_place])
    np.minimum.at(briefest, fields["pool_unit"], shortest[pool_of_place])
    # Stints share no slot: no day has room for more than the horizon holds of the shortest.
    return places, np.minimum(stints, facts.horizon_slots // briefest + 1)


def _sums(sizes: Ints) -> Ints:
    result = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=result[1:])
    return result
