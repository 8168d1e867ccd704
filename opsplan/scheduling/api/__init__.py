"""Scheduling over GraphQL and HTTP: what callers ask for, and how they are answered.

Here live the mutations and their refusals, changing drafts by hand and the checker's verdict, approval by parts, the
subscription of a run's progress, the comparison and the explanation of plans, advice on slots, alternatives that end a
conflict, what-ifs, risk, and the downloads of a run's files. Runs, plans and their actions as records are
`opsplan.reading`'s, made from the nouns.
"""

from opsplan.scheduling.api.alternatives import alternative_queries
from opsplan.scheduling.api.approving import approval_mutations
from opsplan.scheduling.api.availability import availability_mutations
from opsplan.scheduling.api.comparison import comparison_queries
from opsplan.scheduling.api.downloads import download_routes
from opsplan.scheduling.api.editing import editing
from opsplan.scheduling.api.explaining import explaining_queries
from opsplan.scheduling.api.mutations import schedule_mutations
from opsplan.scheduling.api.progress import progress_subscriptions
from opsplan.scheduling.api.risk import risk_queries
from opsplan.scheduling.api.slots import slot_queries
from opsplan.scheduling.api.what_if import what_ifs

__all__ = [
    "alternative_queries",
    "approval_mutations",
    "availability_mutations",
    "comparison_queries",
    "download_routes",
    "editing",
    "explaining_queries",
    "progress_subscriptions",
    "risk_queries",
    "schedule_mutations",
    "slot_queries",
    "what_ifs",
]
