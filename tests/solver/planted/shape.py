"""How large and how tight a planted problem is, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from solver import DutyLimit, Placement, Problem

SLOT_MINUTES = 15
DAY_SLOTS = 96
KINDS = ("assault", "forensic", "medical", "cyber", "transport", "interpreter")
SKILLS = ("khmer", "mandarin", "negotiation")
DUTY = DutyLimit(max_duty_slots=52, min_rest_slots=36)


@dataclass(frozen=True)
class Shape:
    """How large and how tight a planted problem is."""

    countries: int = 116
    hosts: int = 60
    actions: int = 400
    units: int = 2000
    days: int = 6
    reuse: float = 0.85
    window_slack_slots: int = 28
    tight_share: float = 0.6
    group_share: float = 0.25
    unplaceable_share: float = 0.05
    precedence_share: float = 0.08


@dataclass(frozen=True)
class PlantedProblem:
    """A problem, a plan that keeps its rules, and the actions that cannot be placed with the reason planted."""

    problem: Problem
    plan: tuple[Placement, ...]
    unplaceable: dict[int, str]
