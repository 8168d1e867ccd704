"""What a unit's day may hold: stints in free actions, and those that stay around them."""

from __future__ import annotations

from dataclasses import dataclass

from solver.cpsat.variables import Linear, Truth, Variables


@dataclass(slots=True, eq=False)
class Stint:
    """A stint that a unit has, or may have.

    `serving` says whether it happens: always for one that stays. Slots are bounds from the domains.
    """

    action: int
    free: bool
    serving: Truth
    start: Linear
    end: Linear
    earliest_slot: int
    latest_slot: int
    shortest_slots: int
    longest_slots: int


def stints_of(variables: Variables, unit: int) -> list[Stint]:
    """Return every stint that the unit may have, the free ones first."""
    stints = []
    for action in variables.units.get(unit, ()):
        durations = variables.facts.durations[action]
        stints.append(
            Stint(
                action,
                True,
                variables.serving(action, unit),
                variables.starts[action],
                variables.end(action),
                variables.earliest_start(action),
                variables.latest_start(action),
                min(durations),
                max(durations),
            )
        )
    around = variables.scope.around
    for start_slot, end_slot, _, action in around.days[unit] if around is not None else ():
        length_slots = end_slot - start_slot
        stints.append(Stint(action, False, 1, start_slot, end_slot, start_slot, start_slot, length_slots, length_slots))
    return stints


def way_slots(variables: Variables, one: Stint, other: Stint) -> int:
    """Slots of travel from one stint's site to the other's."""
    return variables.facts.way(variables.facts.sites[one.action], variables.facts.sites[other.action])


def may_follow(variables: Variables, one: Stint, other: Stint) -> bool:
    """Whether the domains let `other` come after `one`."""
    return other.latest_slot >= one.earliest_slot + one.shortest_slots + way_slots(variables, one, other)


def follows(variables: Variables, one: Stint, other: Stint) -> Truth:
    """A literal that is true whenever `other` comes after `one` on the same unit; at least one of them is free."""
    if one.free and other.free:
        return variables.before(one.action, other.action)
    if one.free:
        return variables.starts_from(one.action, other.latest_slot).negated()
    return variables.starts_from(other.action, one.latest_slot)
