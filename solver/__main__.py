"""``python -m solver``: see `solver.cli`."""

from __future__ import annotations

import sys

from solver.cli import main

if __name__ == "__main__":
    sys.exit(main())
