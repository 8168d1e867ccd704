"""What a run came to: its value, verified twice, against the best known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.solver.families import FAILED_RATIO, Family
from benchmarks.solver.process import Said
from benchmarks.solver.references import Reference
from solver import Outcome, Placement, Problem, SolverError, score, verify
from solver.codec import from_plain

_NEAR = 1.05


@dataclass(frozen=True, slots=True)
class Measured:
    """One instance, solved once by one side.

    Parameters
    ----------
    side, seed, instance
        Who solved what, and with which seed.
    reference
        What is known of the instance.
    value
        The goal's value of the verified plan; None without one.
    ratio
        Value over reference; 10 without a verified plan; None where that says nothing: no value is known, or the
        instance has rightly been found to have no plan.
    seconds_to_near
        When the value first came within 5 % of the reference, or of the last value where that is worse.
    is_infeasible
        Whether the side says that no plan exists.
    is_proven
        Whether it says that no plan is better.
    fault
        Why there is no verified plan.
    wall_seconds, peak_mb
        How long the process ran, its start included, and the most memory it held.
    """

    side: str
    seed: int
    instance: str
    reference: Reference
    value: int | None = None
    ratio: float | None = None
    seconds_to_near: float | None = None
    is_infeasible: bool = False
    is_proven: bool = False
    fault: str | None = None
    wall_seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def is_verified(self) -> bool:
        """Whether it ended with a plan that both checkers passed."""
        return self.value is not None


def measured(
    family: Family, path: Path, problem: Problem, said: Said, reference: Reference, names: tuple[str, int, str]
) -> Measured:
    """Return what a process's last word is worth, checked by ``solver.verify`` and by the second checker.

    Parameters
    ----------
    family, path, problem
        The family, the instance's file, and the problem read from it.
    said
        What the process said.
    reference
        What is known of the instance.
    names
        Side, seed and instance, as they are shown.
    """
    value, fault, outcome = _checked(family, path, problem, said)
    is_infeasible = outcome is Outcome.INFEASIBLE
    ratio: float | None = FAILED_RATIO
    if value is not None and fault is None:
        ratio = family.ratio(value, reference.value) if reference.value is not None else None
    elif is_infeasible and reference.value is None:
        ratio = None
    elif is_infeasible:
        fault = "said to have no plan, and one is known"
    return Measured(
        *names,
        reference,
        value if fault is None else None,
        ratio,
        None if value is None or fault is not None else _seconds_to_near(family, said, value, reference),
        is_infeasible,
        outcome is Outcome.OPTIMAL,
        fault,
        said.wall_seconds,
        said.peak_mb,
    )


def unread(reference: Reference, names: tuple[str, int, str], fault: str) -> Measured:
    """Return what an instance is worth that could not be read."""
    return Measured(*names, reference, ratio=FAILED_RATIO, fault=fault)


def _checked(family: Family, path: Path, problem: Problem, said: Said) -> tuple[int | None, str | None, Outcome | None]:
    """Return value, fault and outcome; without fault and value there is no plan, and none is claimed."""
    if said.result is None:
        return None, said.fault or "no result", None
    try:
        outcome = Outcome(said.result["outcome"])
        placements: tuple[Placement, ...] = from_plain(tuple[Placement, ...], said.result["placements"], "placements")
    except (SolverError, ValueError, LookupError) as refusal:
        return None, f"the result cannot be read: {refusal}", None
    if outcome is Outcome.INFEASIBLE:
        return None, None, outcome
    missing = len(problem.actions) - len(placements)
    if missing:
        return None, f"{missing} of {len(problem.actions)} activities are not placed", outcome
    breaches = verify(problem, placements)
    if breaches:
        return None, f"solver.verify: {breaches[0].message}", outcome
    try:
        verdict = family.recheck(path, problem, placements)
    except (ValueError, LookupError, StopIteration) as refusal:
        # It takes files as they come: what it cannot read it has not checked.
        return None, f"second checker: cannot read the file: {refusal!r}", outcome
    value = score(problem, placements).project_delay
    if verdict.fault is not None:
        return None, f"second checker: {verdict.fault}", outcome
    if verdict.value != value:
        return None, f"second checker: {family.goal} {verdict.value}, and not {value}", outcome
    return value, None, outcome


def _seconds_to_near(family: Family, said: Said, value: int, reference: Reference) -> float | None:
    aim = max(value, reference.value if reference.value is not None else value)
    return next((seconds for seconds, at in said.values if family.ratio(at, aim) <= _NEAR), None)


@dataclass(frozen=True, slots=True)
class Summary:
    """All runs of one side.

    Parameters
    ----------
    instances
        How many instances there are.
    mean_ratio, worst_ratio
        Over the runs that have a ratio; None where none has.
    verified
        Instances with a verified plan under every seed.
    infeasible_found, infeasible_known
        Instances without a plan that were recognised under every seed, of those that are known; one that is only
        said to have none counts as known.
    spread
        The largest less the smallest mean ratio of a seed; None with one seed.
    """

    instances: int
    mean_ratio: float | None
    worst_ratio: float | None
    verified: int
    infeasible_found: int
    infeasible_known: int
    spread: float | None

    def line(self, family: str) -> str:
        """Return the line that a program can read."""
        text = (
            f"{family}: instances={self.instances} mean_ratio={_three(self.mean_ratio)} "
            f"worst_ratio={_three(self.worst_ratio)} verified={self.verified}"
        )
        if self.infeasible_known or family.startswith("rcpsp-max"):
            text += f" infeasible={self.infeasible_found}/{self.infeasible_known}"
        if self.spread is not None:
            text += f" spread={_three(self.spread)}"
        return text


def summary(rows: Sequence[Measured]) -> Summary:
    """Return the figures of the runs of one side."""
    by_instance: dict[str, list[Measured]] = {}
    by_seed: dict[int, list[float]] = {}
    for row in rows:
        by_instance.setdefault(row.instance, []).append(row)
        if row.ratio is not None:
            by_seed.setdefault(row.seed, []).append(row.ratio)
    ratios = [ratio for some in by_seed.values() for ratio in some]
    means = [_mean(some) for some in by_seed.values()]
    infeasible = [
        all(row.is_infeasible for row in some)
        for some in by_instance.values()
        if some[0].reference.is_infeasible
        or (some[0].reference.value is None and any(row.is_infeasible for row in some))
    ]
    return Summary(
        len(by_instance),
        _mean(ratios) if ratios else None,
        max(ratios, default=None),
        sum(all(row.is_verified for row in some) for some in by_instance.values()),
        sum(infeasible),
        len(infeasible),
        max(means) - min(means) if len(means) > 1 else None,
    )


def _mean(ratios: Sequence[float]) -> float:
    return sum(ratios) / len(ratios)


def _three(ratio: float | None) -> str:
    return "none" if ratio is None else f"{ratio:.3f}"
