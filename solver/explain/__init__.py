"""Why an action was not placed: codes with facts, and a sentence.

Here live the tests of one action against an otherwise empty plan (what makes it impossible) and against the
plan as it is (what stands in its way). Here does not live any change of a plan, nor proofs for whole sets of
rules.
"""

from solver.explain.explain import explain
from solver.explain.reason import CODES, Reason, Unplaced

__all__ = ["CODES", "Reason", "Unplaced", "explain"]
