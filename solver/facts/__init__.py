"""What follows from the problem alone and is worth computing once: for the search, never for the checker.

Here live sets of start slots as bit sets, candidate units per need, travel look-ups, and the bundles of
actions that are placed together. Here does not live anything about a particular plan (`solver.draft`) or any
choice (`solver.local`).
"""

from solver.facts.facts import FAR_SLOTS, Facts, Link

__all__ = ["FAR_SLOTS", "Facts", "Link"]
