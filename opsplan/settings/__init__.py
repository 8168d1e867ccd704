"""Settings: every variable with its unit, default and meaning, read once into one frozen value.

Only `opsplan.main` and `opsplan.cli` name this room; all others take plain values.
"""

from opsplan.settings.settings import PREFIX, Settings, Variable, env_example, variables
from opsplan.settings.values import is_loopback

__all__ = ["PREFIX", "Settings", "Variable", "env_example", "is_loopback", "variables"]
