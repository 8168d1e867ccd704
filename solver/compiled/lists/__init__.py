"""Search over activity lists and modes, for problems of projects without units.

Here live the problem as flat arrays, schedule generation (serial, parallel, pushed to the right), changes of lists, and
annealing. What such lists can express is for `suits` to say; where they cannot, the search of raids takes over.
"""

from solver.compiled.lists.search import ListSearch, warm
from solver.compiled.lists.tables import suits

__all__ = ["ListSearch", "suits", "warm"]
