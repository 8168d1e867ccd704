"""A second checker of plans, written from the words of `docs/scheduling.md` alone, for whoever trusts no first one.

It reads facts and plan over GraphQL with a token, as any agency's system could, and judges them in instants of UTC,
metres and IANA zones: no slots, no solver, nothing of the service's own code (a test reads the imports). Where the
service's translator and its checker make the same mistake, this one still sees it.

===============  ====================================================================================================
`facts`, `plan`  what is judged, as plain values
`fetch`, `read`  how it comes from the API: documents and pages; rows of JSON to values
`earth`          distances, and what lies near
`journeys`       the travel rule, from its description
`zones`          the time zone of a point
`rules`          one function per rule, with the rule's name as it is published
`check`          all of them
===============  ====================================================================================================

`python -m tests.oracle URL TOKEN PLAN_ID` prints a table and the verdict. Here lives no test, and no translation to
anything of the solver's.
"""

from tests.oracle.breach import Breach
from tests.oracle.check import RULES, check
from tests.oracle.facts import Facts
from tests.oracle.plan import Placement, Plan

__all__ = ["RULES", "Breach", "Facts", "Placement", "Plan", "check"]
