"""By which cells and hours hidden claims are compared, and the claims and zones that a change of it concerns."""

from opsplan.deconfliction.rules.footprint import DEFAULT_HIDING
from opsplan.graph.query import Mode, Query


def hiding(beside: str = "") -> str:
    """Give the Cypher that binds ``resolution`` and ``hours`` as the graph has them, `beside` another variable."""
    return f"""
    CALL ({beside}) {{
      OPTIONAL MATCH (hiding:Hiding {{id: 1}})
      RETURN coalesce(hiding.resolution, {DEFAULT_HIDING.resolution}) AS resolution,
             coalesce(hiding.hours, {DEFAULT_HIDING.hours}) AS hours
    }}"""


HIDING_IN_FORCE = Query("deconfliction.hiding_in_force", Mode.READ, f"{hiding()} RETURN resolution, hours")
SET_HIDING = Query(
    "deconfliction.set_hiding",
    Mode.WRITE,
    """
    MERGE (hiding:Hiding {id: 1})
    SET hiding.resolution = $resolution, hiding.hours = $hours, hiding.changed_at = $now
    """,
)
_ALL_OF_THEM = "Whoever changes the cells has all that is hidden looked at, once."
HIDDEN_CLAIMS = Query(
    "deconfliction.all_hidden_claims",
    Mode.READ,
    "MATCH (c:Claim) WHERE c.sensitivity <> 'OPEN' AND c.retired_at IS NULL RETURN c.id AS id ORDER BY id",
    why_scan=_ALL_OF_THEM,
)
HIDDEN_ZONES = Query(
    "deconfliction.all_hidden_zones",
    Mode.READ,
    "MATCH (c:Zone) WHERE c.sensitivity <> 'OPEN' AND c.retired_at IS NULL RETURN c.id AS id ORDER BY id",
    why_scan=_ALL_OF_THEM,
)
