"""How much others learn of work that is under way: the three sensitivities of deconfliction centres.

Police deconfliction centres (RISSafe, SAFETNet) let an agency enter work as a pointer, of which others learn only that
there is something and whom to call, or keep it to itself. A marking (`opsplan.vocabulary.marking`) says how far what is
known may travel; a sensitivity says who knows in the first place.
"""

from enum import StrEnum


class Sensitivity(StrEnum):
    """What those learn of it who take no part in it. Members stand in rising order of restriction."""

    OPEN = "OPEN"
    """All of it."""
    POINTER = "POINTER"
    """Nothing; where their own work conflicts with it, that it does, and whom to call."""
    SILENT = "SILENT"
    """Nothing at all; of a conflict its owner alone learns, and must act."""
