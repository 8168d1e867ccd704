"""The independent checker: one function per rule, no CP-SAT, nothing shared with the search.

Every solution that leaves `solver.solve` has passed `verify`. Here lives a file per family of rules; a
function has its rule's name, which is also the name of the CP-SAT module and of the test file. Here does not
live: any index or short cut that the search uses, so that a fault there cannot hide itself.
"""

from solver.verify.breach import Breach
from solver.verify.verify import RULES, Rule, verify

__all__ = ["RULES", "Breach", "Rule", "verify"]
