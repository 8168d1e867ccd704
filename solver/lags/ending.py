"""How a search for a short plan can end."""

from __future__ import annotations

from enum import Enum


class Ending(Enum):
    """How the search ended."""

    PROVEN = "PROVEN"
    """The incumbent is as short as any plan: proven."""
    IMPOSSIBLE = "IMPOSSIBLE"
    """No plan places all actions: proven."""
    OVER = "OVER"
    """The budget is used, or the caller has stopped the solve; there may be no plan."""
