"""The variables of a model, with questions as methods; what is quadratic is made when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ortools.sat.python import cp_model

from solver.cpsat.scope import Scope
from solver.facts.slots import span

Literal = cp_model.IntVar
Truth = cp_model.LiteralT
Linear = cp_model.LinearExpr | int


def domain_of(slots: int) -> cp_model.Domain:
    """Return a set of slots as a CP-SAT domain.

    Examples
    --------
    >>> domain_of(0b11011).flattened_intervals()
    [0, 1, 3, 4]
    """
    runs: list[list[int]] = []
    offset = 0
    while slots:
        zeros = (slots & -slots).bit_length() - 1
        slots >>= zeros
        ones = (~slots & (slots + 1)).bit_length() - 1
        runs.append([offset + zeros, offset + zeros + ones - 1])
        slots >>= ones
        offset += zeros + ones
    return cp_model.Domain.from_intervals(runs)


@dataclass(slots=True)
class Service:
    """One possible service: `unit` fills need `need` of `action` in `mode` when `literal` is true.

    `starts` is the set of starts at which that is possible; rules narrow it before the model is sealed.
    """

    action: int
    mode: int
    need: int
    unit: int
    literal: Literal
    starts: int


class Variables:
    """The decision variables over a scope.

    First the rules narrow sets of starts, then `seal` turns the sets into domains, then the rules add
    constraints.

    Parameters
    ----------
    scope
        What is free.

    Attributes
    ----------
    mode_starts
        Per action and mode, the set of starts that rules have left; final once sealed.
    services
        Every possible service; final once sealed.
    units
        Once sealed: every unit that could serve, with the free actions that it could serve, ascending.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.facts = scope.facts
        self.problem = scope.facts.problem
        self.model = cp_model.CpModel()
        self.free = scope.free
        horizon = span(0, self.facts.horizon_slots)
        self.mode_starts = {
            (action, mode): horizon for action in self.free for mode in range(len(self.facts.durations[action]))
        }
        self.modes = {key: self.model.new_bool_var(f"mode {key}") for key in self.mode_starts}
        self.present = {action: self._present(action) for action in self.free}
        self.services: list[Service] = []
        self.starts: dict[int, Literal] = {}
        self._anywhere: dict[int, int] = {}
        self._by_need: dict[tuple[int, int, int], list[Service]] = {}
        self._by_pair: dict[tuple[int, int], list[Service]] = {}
        self.units: dict[int, list[int]] = {}
        self._before: dict[tuple[int, int], Literal] = {}
        self._shared: dict[tuple[int, int], Literal] = {}
        self._starts_from: dict[tuple[int, int], Literal] = {}
        self._apart: dict[tuple[int, int, int], Literal] = {}
        self._serving: dict[tuple[int, int], Literal] = {}
        for action, mode in self.modes:
            for need in range(len(self.problem.actions[action].modes[mode].unit_needs)):
                self._offer(action, mode, need)

    # -- building

    def _present(self, action: int) -> Literal:
        modes = [self.modes[action, mode] for mode in range(len(self.facts.durations[action]))]
        if len(modes) == 1:
            return modes[0]
        present = self.model.new_bool_var(f"present {action}")
        self.model.add_exactly_one([*modes, present.negated()])
        return present

    def _offer(self, action: int, mode: int, need: int) -> None:
        horizon = span(0, self.facts.horizon_slots)
        units: list[tuple[int, int]]
        if self.scope.wide:
            kind = self.problem.actions[action].modes[mode].unit_needs[need].kind
            units = [(index, horizon) for index, unit in enumerate(self.problem.units) if unit.kind == kind]
        else:
            units = self.facts.staff(action, mode, need)
        around = self.scope.around
        for unit, available in units:
            starts = available
            if around is not None and not self.scope.wide:
                starts = around.free_starts(unit, action, mode, available)
            if starts:
                literal = self.model.new_bool_var(f"serve {action} {mode} {need} {unit}")
                service = Service(action, mode, need, unit, literal, starts)
                self.services.append(service)
                self._by_need.setdefault((action, mode, need), []).append(service)

    def narrow_to_surroundings(self) -> None:
        """Leave only starts that fit beside what stays placed around the free actions."""
        if self.scope.around is not None:
            for action, mode in self.mode_starts:
                self.mode_starts[action, mode] &= self.scope.around.starts(action, mode, self.present)

    def seal(self) -> None:
        """Turn the sets of starts into domains; drop services and modes that have none left."""
        for action in self.free:
            modes = [(action, mode) for mode in range(len(self.facts.durations[action]))]
            anywhere = 0
            for key in modes:
                anywhere |= self.mode_starts[key]
                if not self.mode_starts[key]:
                    self.model.add(self.modes[key] == 0)
            # A start is needed even when the action can only be absent.
            self._anywhere[action] = anywhere or 1
            self.starts[action] = self.model.new_int_var_from_domain(domain_of(anywhere or 1), f"start {action}")
            for key in modes:
                if self.mode_starts[key] and self.mode_starts[key] != anywhere:
                    self._enforce_start(action, self.mode_starts[key], self.modes[key])
        kept = []
        for service in self.services:
            mode_starts = self.mode_starts[service.action, service.mode]
            service.starts &= mode_starts
            if not service.starts:
                self.model.add(service.literal == 0)
                continue
            kept.append(service)
            self._by_pair.setdefault((service.action, service.unit), []).append(service)
            if service.starts != mode_starts:
                self._enforce_start(service.action, service.starts, service.literal)
        self.services = kept
        for action, unit in sorted(self._by_pair):
            self.units.setdefault(unit, []).append(action)

    def _enforce_start(self, action: int, starts: int, literal: Literal) -> None:
        self.model.add_linear_expression_in_domain(self.starts[action], domain_of(starts)).only_enforce_if(literal)

    # -- questions

    def services_of(self, action: int, mode: int, need: int) -> list[Service]:
        """Every service that could fill the need, those that rules have emptied included."""
        return self._by_need.get((action, mode, need), [])

    @cached_property
    def pairs(self) -> dict[tuple[int, int], list[int]]:
        """Every pair of free actions (smaller index first) that could share units, with those units."""
        table: dict[tuple[int, int], list[int]] = {}
        for unit, actions in self.units.items():
            for position, one in enumerate(actions):
                for other in actions[position + 1 :]:
                    table.setdefault((one, other), []).append(unit)
        return table

    def serving(self, action: int, unit: int) -> Literal:
        """Whether the unit serves the action, in whatever mode and need."""
        services = self._by_pair[action, unit]
        if len(services) == 1:
            return services[0].literal
        known = self._serving.get((action, unit))
        if known is None:
            known = self._serving[action, unit] = self.model.new_bool_var(f"serving {action} {unit}")
            self.model.add(sum(service.literal for service in services) == known)
        return known

    def end(self, action: int) -> Linear:
        """End of the action, were it placed; its start when it is not."""
        durations = self.facts.durations[action]
        terms = [slots * self.modes[action, mode] for mode, slots in enumerate(durations)]
        return self.starts[action] + sum(terms)

    def earliest_start(self, action: int) -> int:
        """Smallest start in the domain."""
        return (self._anywhere[action] & -self._anywhere[action]).bit_length() - 1

    def latest_start(self, action: int) -> int:
        """Largest start in the domain."""
        return self._anywhere[action].bit_length() - 1

    def latest_end(self, action: int) -> int:
        """Largest end in the domain."""
        return self.latest_start(action) + max(self.facts.durations[action])

    def before(self, one: int, other: int) -> Literal:
        """A literal that, when true, lets `one` end before `other` starts; true where the domains see to that."""
        known = self._before.get((one, other))
        if known is None:
            if self.latest_end(one) <= self.earliest_start(other):
                known = self.model.new_constant(1)
            else:
                known = self.model.new_bool_var(f"before {one} {other}")
                self.model.add(self.starts[other] >= self.end(one)).only_enforce_if(known)
            self._before[one, other] = known
        return known

    def starts_from(self, action: int, slot: int) -> Literal:
        """A literal that is true exactly when the action starts at `slot` or later."""
        known = self._starts_from.get((action, slot))
        if known is None:
            known = self._starts_from[action, slot] = self.model.new_bool_var(f"start {action} from {slot}")
            self.model.add(self.starts[action] >= slot).only_enforce_if(known)
            self.model.add(self.starts[action] < slot).only_enforce_if(known.negated())
        return known

    def apart(self, one: int, other: int, gap_slots: int) -> Literal:
        """A literal that, when true, leaves at least `gap_slots` from the end of `one` to the start of `other`."""
        key = (one, other, gap_slots)
        known = self._apart.get(key)
        if known is None:
            known = self._apart[key] = self.model.new_bool_var(f"apart {key}")
            self.model.add(self.starts[other] >= self.end(one) + gap_slots).only_enforce_if(known)
        return known

    def shared(self, one: int, other: int, units: list[int]) -> Literal:
        """A literal that is true when any of `units` serves both actions."""
        key = (min(one, other), max(one, other))
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = self.model.new_bool_var(f"shared {key}")
            for unit in units:
                both = [self.serving(one, unit).negated(), self.serving(other, unit).negated()]
                self.model.add_bool_or([*both, known])
        return known
