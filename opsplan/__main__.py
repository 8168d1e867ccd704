"""`python -m opsplan` is the command `opsplan`."""

from opsplan.cli import app

app()
