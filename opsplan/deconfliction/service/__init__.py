"""What follows from writes that touch claims and zones: holding them against each other, telling both sides.

And what people do about a zone: ask for its release, give it, refuse it. `unreleased` says what stands in the way of
an action's activation.
"""

from opsplan.deconfliction.service.deconflict import deconflict
from opsplan.deconfliction.service.footprints import CLAIMING, claim_footprints
from opsplan.deconfliction.service.releases import decide_crossing, request_release
from opsplan.deconfliction.service.unreleased import unreleased
from opsplan.deconfliction.service.zones import activated_by, watch_zones

__all__ = [
    "CLAIMING",
    "activated_by",
    "claim_footprints",
    "decide_crossing",
    "deconflict",
    "request_release",
    "unreleased",
    "watch_zones",
]
