"""What follows from writes that touch claims: entering them, holding them against each other, telling both sides."""

from opsplan.deconfliction.service.deconflict import deconflict
from opsplan.deconfliction.service.footprints import claim_footprints

__all__ = ["claim_footprints", "deconflict"]
