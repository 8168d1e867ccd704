"""What follows from writes that touch claims and zones, and how the two sides of a conflict come to its end.

Before a write: a look round new claims (`ahead`). Consequences of writes: claims of actions (`footprints`), holding
claims against each other (`deconflict`) and against the keys shown (`seen`), judging those that stand anew when a rule
changes (`rejudging`), what is hidden is compared otherwise (`hiding`, `rehiding`) or there is more or less of what is
held (`capacity`), and what open conflicts have against an activation (`clearing`). What sides do:
acknowledging and writing (`acknowledge`), resolutions (`resolve`), overrides (`override`); what time does: `escalate`.
Who feels for what is hidden: `probing`. All of it held against what it was made of: `check`. Zones: holding claims
against them (`zones`), their releases (`releases`, and by the watch centre `unanswered`), and what they have against an
activation (`unreleased`).
"""

from opsplan.deconfliction.service.acknowledge import acknowledge_notice, write_message
from opsplan.deconfliction.service.ahead import look_round
from opsplan.deconfliction.service.capacity import watch_capacities
from opsplan.deconfliction.service.check import check_claims
from opsplan.deconfliction.service.clearing import activated_by, unsettled
from opsplan.deconfliction.service.deconflict import deconflict
from opsplan.deconfliction.service.escalate import AT_ONCE, escalate_late
from opsplan.deconfliction.service.footprints import CLAIMING, claim_footprints
from opsplan.deconfliction.service.override import justify_override
from opsplan.deconfliction.service.probing import note_refused_probes
from opsplan.deconfliction.service.rehiding import hide_by
from opsplan.deconfliction.service.rejudging import judge_anew, review_next
from opsplan.deconfliction.service.releases import decide_crossing, request_release
from opsplan.deconfliction.service.resolve import decline_resolution, propose_resolution, sign_resolution
from opsplan.deconfliction.service.unanswered import ask_watch_centre, release_in_place
from opsplan.deconfliction.service.unreleased import unreleased
from opsplan.deconfliction.service.zones import watch_zones, watch_zones_of_claims

__all__ = [
    "AT_ONCE",
    "CLAIMING",
    "acknowledge_notice",
    "activated_by",
    "ask_watch_centre",
    "check_claims",
    "claim_footprints",
    "decide_crossing",
    "decline_resolution",
    "deconflict",
    "escalate_late",
    "hide_by",
    "judge_anew",
    "justify_override",
    "look_round",
    "note_refused_probes",
    "propose_resolution",
    "release_in_place",
    "request_release",
    "review_next",
    "sign_resolution",
    "unreleased",
    "unsettled",
    "watch_capacities",
    "watch_zones",
    "watch_zones_of_claims",
    "write_message",
]
