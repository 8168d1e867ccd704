"""What people do with schedules: request one, cancel it, edit a draft, have it approved, publish it,
compare two, ask where one more action could go, or what would end a conflict.

Each verb has a file of its name; each opens its own transaction, checks the rights, and writes history. Executing a
run is the worker's (`scheduling.worker`); reading runs and plans is `opsplan.reading`'s, from the nouns.
"""

from opsplan.scheduling.service.advise import advise_slots
from opsplan.scheduling.service.alternatives import Alternatives, propose_alternatives
from opsplan.scheduling.service.approve import Refused, approve_part, refuse_part, withdraw_approval
from opsplan.scheduling.service.availability import Reported, report_unit
from opsplan.scheduling.service.cancel import cancel_run
from opsplan.scheduling.service.compare import PlanVersion, compare_plans
from opsplan.scheduling.service.consent import ApprovalsMissing, Missing
from opsplan.scheduling.service.edit import Edit, edit_plan, weigh_plan
from opsplan.scheduling.service.explain import Alternative, conflict_of_run, explain_action, weigh_alternative
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.propose import Proposal, propose_plan, withdraw_proposal
from opsplan.scheduling.service.proposed_action import DescribedAction, DescribedMode
from opsplan.scheduling.service.publish import Wish, publish_plan
from opsplan.scheduling.service.refusals import ChangesToAccept, StalePlan
from opsplan.scheduling.service.request import request_schedule
from opsplan.scheduling.service.risk import RiskOfPlan, risk_of_plan
from opsplan.scheduling.service.what_if import (
    ScenarioOutcome,
    WhatIfOutcome,
    cancel_what_if,
    outcome_of_what_if,
    request_what_if,
)

__all__ = [
    "Alternative",
    "Alternatives",
    "ApprovalsMissing",
    "ChangesToAccept",
    "DescribedAction",
    "DescribedMode",
    "Edit",
    "Frames",
    "Missing",
    "PlanVersion",
    "Proposal",
    "Refused",
    "Reported",
    "RiskOfPlan",
    "ScenarioOutcome",
    "StalePlan",
    "WhatIfOutcome",
    "Wish",
    "advise_slots",
    "approve_part",
    "cancel_run",
    "cancel_what_if",
    "compare_plans",
    "conflict_of_run",
    "edit_plan",
    "explain_action",
    "outcome_of_what_if",
    "propose_alternatives",
    "propose_plan",
    "publish_plan",
    "refuse_part",
    "report_unit",
    "request_schedule",
    "request_what_if",
    "risk_of_plan",
    "weigh_alternative",
    "weigh_plan",
    "withdraw_approval",
    "withdraw_proposal",
]
