"""The wiring: from settings to a running service, and the commands that start it and make tokens for it.

Only this room and `opsplan.cli` know the settings. Here lives nothing that decides anything about records or callers.
"""

from opsplan.main.capabilities import CAPABILITIES
from opsplan.main.documents import limits_of
from opsplan.main.wiring import Capability, Ground, Service, address_of, local_server, open_service, serve

__all__ = [
    "CAPABILITIES",
    "Capability",
    "Ground",
    "Service",
    "address_of",
    "limits_of",
    "local_server",
    "open_service",
    "serve",
]
