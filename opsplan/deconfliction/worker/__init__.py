"""What deconfliction does beside the API: the clock of duty, and carrying changed separation rules through.

Here live the loops of a running service; what they do at each look is the service's (`service.escalate`,
`service.rejudging`).
"""

from opsplan.deconfliction.worker.clock import open_duty_clock
from opsplan.deconfliction.worker.reviewing import reviewing

__all__ = ["open_duty_clock", "reviewing"]
"""The doors of this room."""
