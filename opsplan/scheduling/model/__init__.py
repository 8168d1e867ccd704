"""Runs, plans and what becomes of them, as nouns that the service makes and nobody enters.

Here live `run`, `what_if`, `plan` (with its rows and edits), `approval`, `breach` and `authority`.
"""

from opsplan.scheduling.model.approval import APPROVAL, ApprovalState
from opsplan.scheduling.model.authority import AUTHORITY_GAP, AuthorityState
from opsplan.scheduling.model.breach import PLAN_BREACH, BreachState
from opsplan.scheduling.model.plan import PLAN, PLAN_EDIT, PLANNED_ACTION, UNPLACED_ACTION, PlanState
from opsplan.scheduling.model.run import SCHEDULE_RUN, RunState
from opsplan.scheduling.model.what_if import WHAT_IF

NOUNS = (SCHEDULE_RUN, PLAN, PLANNED_ACTION, UNPLACED_ACTION, PLAN_BREACH, PLAN_EDIT, APPROVAL, WHAT_IF, AUTHORITY_GAP)

__all__ = [
    "APPROVAL",
    "AUTHORITY_GAP",
    "NOUNS",
    "PLAN",
    "PLANNED_ACTION",
    "PLAN_BREACH",
    "PLAN_EDIT",
    "SCHEDULE_RUN",
    "UNPLACED_ACTION",
    "WHAT_IF",
    "ApprovalState",
    "AuthorityState",
    "BreachState",
    "PlanState",
    "RunState",
]
