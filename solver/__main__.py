"""``python -m solver``: see `solver.cli`."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""What shells say of a command that was ended by Ctrl-C."""

if __name__ == "__main__":
    try:
        # Here and not above: loading takes half a second, in which Ctrl-C is to end this without a traceback as well.
        from solver.cli import main

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
