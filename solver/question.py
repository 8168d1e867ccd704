"""Questions about a problem and its plan as JSON text, and their answers as plain values: for a child process.

Here lives the form of what is asked and answered; the answers themselves are `solver.explain`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from solver.budget import Budget, Clock, Stop
from solver.codec import from_plain, to_plain
from solver.errors import InvalidProblem
from solver.explain import Binding, Conflict, WhyNot, binding, blocked, find_conflict, why_not
from solver.jsonio import QUESTION_FORMAT, dump, load
from solver.problem import Problem
from solver.solution import Placement


class Ask(Enum):
    """What can be asked."""

    CONFLICT = "CONFLICT"
    """Why not all that must be placed can be: `find_conflict`, with the placements as a hint."""
    ACTION = "ACTION"
    """What blocks an action that the plan leaves out (`blocked`), or binds one that it places (`binding`)."""
    WHY_NOT = "WHY_NOT"
    """What another start or unit would do: `why_not`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Parameters
    ----------
    ask
        What is asked.
    problem, placements
        About which plan.
    action, unit, start_slot
        About which action, and what else it might have.
    """

    ask: Ask
    problem: Problem
    placements: tuple[Placement, ...] = ()
    action: int | None = None
    unit: int | None = None
    start_slot: int | None = None


def question_to_json(question: Question) -> bytes:
    """Return the canonical UTF-8 bytes of a question."""
    return dump(QUESTION_FORMAT, {"question": to_plain(question)})


def question_from_json(text: str | bytes) -> Question:
    """Return the question that `text` describes; raises InvalidProblem as `problem_from_json` does."""
    result: Question = from_plain(Question, load(text, QUESTION_FORMAT, "question")["question"], "question")
    return result


Answer: TypeAlias = Conflict | Binding | WhyNot


def answer(question: Question, budget: Budget, *, clock: Clock | None = None, stop: Stop | None = None) -> Answer:
    """Return the answer to a question.

    Raises
    ------
    InvalidProblem
        As the functions that answer do.
    """
    problem, placements, action = question.problem, question.placements, question.action
    if question.ask is Ask.CONFLICT:
        return find_conflict(problem, budget, clock=clock, stop=stop, hint=placements)
    if action is None:
        raise InvalidProblem("action", None, "name the action that is asked about")
    if question.ask is Ask.WHY_NOT:
        asked = {"unit": question.unit, "start_slot": question.start_slot}
        return why_not(problem, placements, action, **asked, budget=budget, clock=clock, stop=stop)
    if any(placement.action == action for placement in placements):
        return binding(problem, placements, action)
    return blocked(problem, placements, action, budget, clock=clock, stop=stop)


def answer_to_plain(found: Answer) -> dict[str, Any]:
    """Return an answer as plain values: one of `conflict`, `binding` and `why_not`, by its name."""
    name = {Conflict: "conflict", Binding: "binding", WhyNot: "why_not"}[type(found)]
    return {name: to_plain(found)}
