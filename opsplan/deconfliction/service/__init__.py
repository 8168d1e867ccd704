"""What follows from writes that touch claims: entering them, holding them against each other, telling both sides.

And judging those that stand anew when a rule changes (`rejudging`), and holding all of it against what it was made of
(`check`).
"""

from opsplan.deconfliction.service.check import check_claims
from opsplan.deconfliction.service.deconflict import deconflict
from opsplan.deconfliction.service.footprints import claim_footprints
from opsplan.deconfliction.service.rejudging import judge_anew, review_next

__all__ = ["check_claims", "claim_footprints", "deconflict", "judge_anew", "review_next"]
"""The doors of this room."""
