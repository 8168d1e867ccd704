"""A plan beside its facts, with what every rule looks up."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from tests.oracle.facts import Action, Facts, Gazetteer, Mode, Network, Point, Span, Unit
from tests.oracle.journeys import Journeys
from tests.oracle.plan import Placement, Plan
from tests.oracle.zones import Zones


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement whose action and mode exist; its time is its start and its mode's duration."""

    placement: Placement
    action: Action
    mode: Mode

    @property
    def span(self) -> Span:
        """When it runs."""
        return Span(self.placement.start, self.placement.start + self.mode.duration)


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit at one place for a time: a placed action of this plan."""

    placed: Placed
    point: Point

    @property
    def span(self) -> Span:
        """When."""
        return self.placed.span

    @property
    def name(self) -> str:
        """What the action is called."""
        return self.placed.action.name

    @property
    def action_id(self) -> str:
        """The action's id."""
        return self.placed.action.id


class Case:
    """One plan to be judged against one set of facts."""

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self.facts = facts
        self.plan = plan
        self._journeys = _journeys(facts.gazetteer.network)
        self.zones = _zones(facts.gazetteer)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """What can be judged: placements whose action is in play and whose mode exists, each action once."""
        found: dict[str, Placed] = {}
        for placement in self.plan.placements:
            action = self.facts.actions.get(placement.action_id)
            mode = action.mode(placement.mode_id) if action is not None and action.in_play else None
            if action is not None and mode is not None:
                found.setdefault(action.id, Placed(placement, action, mode))
        return tuple(found.values())

    @cached_property
    def by_action(self) -> Mapping[str, Placed]:
        """The same by action."""
        return {placed.action.id: placed for placed in self.placed}

    @cached_property
    def stays(self) -> Mapping[str, tuple[Stay, ...]]:
        """By unit: where this plan sends it, by start. Actions without a point send nobody anywhere."""
        found: defaultdict[str, list[Stay]] = defaultdict(list)
        for placed in self.placed:
            if placed.action.point is not None:
                for unit in set(placed.placement.staff):
                    found[unit].append(Stay(placed, placed.action.point))
        return {
            unit: tuple(sorted(stays, key=lambda stay: (stay.span.start, stay.action_id)))
            for unit, stays in found.items()
        }

    def units(self) -> Iterator[tuple[Unit, tuple[Stay, ...]]]:
        """Give every unit that exists and is sent somewhere, with its stays."""
        for unit_id, stays in self.stays.items():
            unit = self.facts.units.get(unit_id)
            if unit is not None:
                yield unit, stays

    def journey(self, one: Point, other: Point) -> timedelta:
        """Give how long it takes from one point to another."""
        return timedelta(minutes=self._journeys.minutes(one, other))

    def times_away(self, unit: Unit) -> list[Span]:
        """Give when a unit is away: when it is not offered, absences, other operations' use with rest and way home."""
        away = list(unit.absences)
        known = self.facts.span.start
        for offer in sorted(unit.offers):
            if offer.start > known:
                away.append(Span(known, offer.start))
            known = max(known, offer.end)
        if unit.offers and known < self.facts.span.end:
            away.append(Span(known, self.facts.span.end))
        for use in self.facts.elsewhere:
            if unit.id in use.unit_ids:
                back = use.span.end + unit.min_rest + self.journey(use.point, unit.home)
                away.append(Span(use.span.start - unit.min_rest, back))
        return sorted(away)

    def times_free(self, unit: Unit) -> list[Span]:
        """Give what the times away leave of the operation's time; a unit is at home when each begins."""
        free: list[Span] = []
        start = self.facts.span.start
        for away in self.times_away(unit):
            if away.start > start:
                free.append(Span(start, min(away.start, self.facts.span.end)))
            start = max(start, away.end)
        free.append(Span(start, self.facts.span.end))
        return [span for span in free if span.start < span.end]


@lru_cache(maxsize=8)
def _journeys(network: Network) -> Journeys:
    """Choose airports once for each network: the mutations of one plan share theirs."""
    return Journeys(network)


@lru_cache(maxsize=8)
def _zones(gazetteer: Gazetteer) -> Zones:
    return Zones(gazetteer)
