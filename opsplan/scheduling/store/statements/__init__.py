"""The statements that read one operation, each set-based; `$operation` is its id.

All begin at the operation (found by the unique index on ids) or at ids, and follow relationships from there. Orders
are by name, then id: equal graphs give equal problems.
"""

from opsplan.scheduling.store.statements.actions import (
    ACTIONS,
    COMPOUND,
    GROUPS,
    MODES,
    PLACES,
    PRECEDENCES,
    QUIET_HOURS,
    RESOURCE_NEEDS,
    UNIT_NEEDS,
    WARRANTS,
)
from opsplan.scheduling.store.statements.claims import RESOURCE_CLAIMS, UNIT_CLAIMS
from opsplan.scheduling.store.statements.footprints import (
    BLIND_NOTICES,
    BLIND_NOTICES_FOR,
    CLAIMS_NEAR,
    CLAIMS_NEAR_FOR,
    MEANS_OF,
    POOL_USES,
    POOL_USES_FOR,
    SEPARATIONS,
    SIDE_OF_NOTICE,
    SIDES_OF_CONFLICT,
    UNIT_USES,
    UNIT_USES_FOR,
)
from opsplan.scheduling.store.statements.means import (
    ABSENCES,
    CAPACITIES,
    RESOURCE_OFFERS,
    RESOURCES,
    SOME_UNITS,
    UNIT_OFFERS,
    UNITS,
)
from opsplan.scheduling.store.statements.operation import EARLIER, LOCKS, OPERATION, PUBLISHED, REFUSED, SIZES
from opsplan.scheduling.store.statements.parts import FIND_OPERATION, HOST, Both

__all__ = [
    "ABSENCES",
    "ACTIONS",
    "BLIND_NOTICES",
    "BLIND_NOTICES_FOR",
    "CAPACITIES",
    "CLAIMS_NEAR",
    "CLAIMS_NEAR_FOR",
    "COMPOUND",
    "EARLIER",
    "FIND_OPERATION",
    "GROUPS",
    "HOST",
    "LOCKS",
    "MEANS_OF",
    "MODES",
    "OPERATION",
    "PLACES",
    "POOL_USES",
    "POOL_USES_FOR",
    "PRECEDENCES",
    "PUBLISHED",
    "QUIET_HOURS",
    "REFUSED",
    "RESOURCES",
    "RESOURCE_CLAIMS",
    "RESOURCE_NEEDS",
    "RESOURCE_OFFERS",
    "SEPARATIONS",
    "SIDES_OF_CONFLICT",
    "SIDE_OF_NOTICE",
    "SIZES",
    "SOME_UNITS",
    "UNITS",
    "UNIT_CLAIMS",
    "UNIT_NEEDS",
    "UNIT_OFFERS",
    "UNIT_USES",
    "UNIT_USES_FOR",
    "WARRANTS",
    "Both",
]
