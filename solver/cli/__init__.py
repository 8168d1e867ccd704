"""The command line: solve, verify and explain files, and run as the child process of a service.

The only place in this package that reads the clock, files, streams or signals. Here live the commands, a file for each
kind, what they share, and the parser that names them.
"""

from solver.cli.main import main

__all__ = ["main"]
