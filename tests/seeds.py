"""Seeds of random tests: a fixed slice that never changes, and fresh ones, drawn once per run and printed.

A run's fresh seed stands in the ids of the tests that take it. ``TEST_SEED=N`` repeats a run; `tests.run` draws
it once for all folders and prints it first and last.
"""

import os
import secrets

VARIABLE = "TEST_SEED"
MOST = 1_000_000_000

FRESH = int(os.environ.get(VARIABLE) or secrets.randbelow(MOST))
"""The fresh seed of this run."""


def with_fresh(*fixed: int) -> list[int]:
    """Give the fixed seeds and the fresh one."""
    return [*fixed, FRESH]


def many(count: int) -> list[int]:
    """Give so many fresh seeds, for tests of the large numbers of cases: those that follow the fresh one."""
    return [FRESH + number for number in range(1, count + 1)]
