"""Search over activity lists and modes, for problems of projects without units.

Here live the problem as flat arrays, schedule generation (serial, parallel, pushed to the right), changes of lists, and
annealing. What such lists can express is for `solver.listable` to say.
"""

from solver.compiled.lists.search import ListSearch, warm

__all__ = ["ListSearch", "warm"]
