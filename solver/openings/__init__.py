"""Where one action may go beside a plan, nothing else moved: every start at which it fits, and the best of them.

Here live the search for openings (`find`), the choice of the best units at a start (`choose`), what a placement does to
each goal (`effect`), and the ranked list (`slots`). Here does not live anything that moves what is placed already
(`solver.portfolio`), nor why there is no opening (`solver.explain`).
"""

from solver.openings.find import Opening, openings
from solver.openings.slots import Slot, slots

__all__ = ["Opening", "Slot", "openings", "slots"]
