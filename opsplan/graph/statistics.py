"""What the server knows of how much there is, by which it chooses how statements are carried out."""

import structlog

from opsplan.graph.driver import Graph
from opsplan.vocabulary.errors import OpsplanError

_log = structlog.get_logger("opsplan.graph")

MANY_ROWS = 5_000
"""After so many new rows it is worth while."""
_COUNT_ANEW = "CALL db.prepareForReplanning($seconds)"
_SECONDS = 60


async def count_anew(graph: Graph) -> None:
    """Have the server count what its indexes hold, and forget how it has carried statements out.

    For whoever has just entered very much. The server samples its indexes now and then by itself, but what is asked
    right after a load would be planned for an empty graph: of an operation of 400 actions and 2,000 units, one
    statement took nine seconds, which else takes three tenths of one. Where it cannot be done, that is logged and
    nothing else: what was entered is there.
    """
    try:
        await graph.run_outside(_COUNT_ANEW, {"seconds": _SECONDS})
    except OpsplanError as failure:
        _log.warning("statistics_not_counted", code=failure.code)
