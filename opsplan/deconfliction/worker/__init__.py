"""What deconfliction does beside the API: carrying changes of separation rules through, by and by.

Here lives only when it is done; what is done is the service's (`service.rejudging`).
"""

from opsplan.deconfliction.worker.reviewing import reviewing

__all__ = ["reviewing"]
"""The door of this room."""
