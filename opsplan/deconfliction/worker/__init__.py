"""The clock of duty: what nobody has answered goes on by itself.

Here lives the loop of a running service; what it does at each look is `opsplan.deconfliction.service.escalate`.
"""

from opsplan.deconfliction.worker.clock import open_duty_clock

__all__ = ["open_duty_clock"]
