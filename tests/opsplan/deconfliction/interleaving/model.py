"""What must come of writes that are committed one after the other, in plain Python over the oracle."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tests.opsplan.deconfliction.oracle import Plan, conflict, covered

CLAIMING = frozenset({"COORDINATED", "NOTIFIED"})
STEPS = {
    "DRAFT": {"COORDINATED", "CANCELLED"},
    "COORDINATED": {"DRAFT", "NOTIFIED", "CANCELLED"},
    "NOTIFIED": {"COORDINATED", "CANCELLED"},
    "CANCELLED": set(),
}


@dataclass(frozen=True)
class Act:
    """An action: its plan but for sensitivity, which is its operation's."""

    plan: Plan
    operation: str
    state: str = "DRAFT"


@dataclass(frozen=True)
class Standing:
    """All that stands between two commits."""

    claims: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({}))
    acts: Mapping[str, Act] = field(default_factory=lambda: MappingProxyType({}))
    operations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Sensitivity of each."""

    def plans(self) -> dict[str, Plan]:
        """Give everything as it claims, whether or not it stands."""
        return {**self.claims, **{name: self._claimed(each) for name, each in self.acts.items()}}

    def _claimed(self, act: Act) -> Plan:
        return replace(act.plan, sensitivity=self.operations[act.operation], stands=act.state in CLAIMING)

    def with_claim(self, plan: Plan) -> "Standing":
        return replace(self, claims={**self.claims, plan.name: plan})

    def with_act(self, act: Act) -> "Standing":
        return replace(self, acts={**self.acts, act.plan.name: act})


Hidden = tuple[str, str, frozenset[tuple[str, int]]]
"""Who asks, whom to call, and what is met there, each with how often its cover has changed."""


class Model:
    """The states that were committed, by number, and what stands for each claim in them."""

    def __init__(self, number: int, standing: Standing) -> None:
        self.number = number
        self.at = {number: standing}
        self.changes: dict[int, dict[str, int]] = {number: dict.fromkeys(standing.plans(), 0)}
        """How often each claim has changed, by number of the commit."""
        self.covers: dict[int, dict[str, int]] = {number: dict.fromkeys(standing.plans(), 0)}
        """The same for those from whom it is hidden."""

    @property
    def now(self) -> Standing:
        return self.at[self.number]

    def commit(self, number: int, standing: Standing) -> None:
        """Take a commit: numbers have no gap."""
        assert number == self.number + 1, (number, self.number)
        before, after = self.now.plans(), standing.plans()
        changed, covers = dict(self.changes[self.number]), dict(self.covers[self.number])
        for name, plan in after.items():
            was = before.get(name)
            changed[name] = changed.get(name, 0) + is_changed(was, plan)
            is_covered_anew = is_changed(was, plan) and (was is None or not was.stands or seen(was) != seen(plan))
            covers[name] = covers.get(name, 0) + is_covered_anew
        self.number = number
        self.at[number], self.changes[number], self.covers[number] = standing, changed, covers

    def needed(self, number: int, after: Standing) -> tuple[set[str], set[Hidden]]:
        """Give what a commit after the one of that number must show: claims by name, and hidden ones."""
        before, plans = self.at[number].plans(), after.plans()
        committed = {name for name, plan in plans.items() if plan.stands and is_changed(before.get(name), plan)}
        named: set[str] = set()
        hidden: set[Hidden] = set()
        for name in committed:
            met = [each for other, each in plans.items() if other not in committed and conflict(plans[name], each)]
            named |= {each.name for each in met if each.sensitivity == "OPEN"}
            hidden |= self.blind(number, plans[name], met)
        return named, hidden

    def blind(self, number: int, plan: Plan, met: list[Plan]) -> set[Hidden]:
        """Give what stands for the hidden claims among those that a plan meets, agency by agency."""
        covers = self.covers[number]
        by_owner: dict[str, set[tuple[str, int]]] = {}
        for each in met:
            if each.sensitivity == "POINTER":
                by_owner.setdefault(each.owner, set()).add((each.name, covers[each.name]))
        return {(plan.owner, owner, frozenset(those)) for owner, those in by_owner.items()}

    def conflicts(self) -> set[frozenset[str]]:
        """Give the pairs that conflict now."""
        pairs = itertools.combinations(self.now.plans().values(), 2)
        return {frozenset((one.name, other.name)) for one, other in pairs if conflict(one, other)}

    def told(self) -> set[tuple[str, str | Hidden]]:
        """Give what stands told now: of which claim, and of which other or whom to call."""
        plans = list(self.now.plans().values())
        told: set[tuple[str, str | Hidden]] = set()
        for plan in plans:
            met = [each for each in plans if conflict(plan, each)]
            told |= {(plan.name, each.name) for each in met if each.sensitivity == "OPEN"}
            told |= {(plan.name, hidden) for hidden in self.blind(self.number, plan, met)}
        return told


def is_changed(was: Plan | None, plan: Plan) -> bool:
    """Whether a plan stands otherwise than it stood."""
    return plan.stands and (was is None or not was.stands or was != plan)


def seen(plan: Plan) -> object:
    """What those are told from whom a plan is hidden; of one that is open, all but its kind."""
    shown = plan if plan.sensitivity == "OPEN" else covered(plan)
    return shown.longitude, shown.latitude, shown.radius_m, shown.start, shown.end, shown.sensitivity
