"""GraphQL of deconfliction: settling conflicts (`settling`), and leave to cross zones (`zones`)."""

from opsplan.deconfliction.api.settling import settling_mutations
from opsplan.deconfliction.api.zones import zone_mutations

__all__ = ["settling_mutations", "zone_mutations"]
