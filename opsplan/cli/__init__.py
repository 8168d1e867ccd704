"""The command line: every command, one file per verb; `app` has them all.

Commands read the settings, open the graph, call a service and print. What can go wrong is said in a sentence on
standard error, with exit status 2 for what the caller can mend and 1 for the rest.
"""

from opsplan.cli.app import app

__all__ = ["app"]
