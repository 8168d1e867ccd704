"""What people do with schedules: request one, cancel it, publish a plan, compare two.

Each verb has a file of its name; each opens its own transaction, checks the rights, and writes history. Executing a
run is the worker's (`scheduling.worker`); reading runs and plans is `opsplan.reading`'s, from the nouns.
"""

from opsplan.scheduling.service.cancel import cancel_run
from opsplan.scheduling.service.compare import compare_plans
from opsplan.scheduling.service.publish import Wish, publish_plan
from opsplan.scheduling.service.refusals import ChangesToAccept, StalePlan
from opsplan.scheduling.service.request import request_schedule

__all__ = [
    "ChangesToAccept",
    "StalePlan",
    "Wish",
    "cancel_run",
    "compare_plans",
    "publish_plan",
    "request_schedule",
]
