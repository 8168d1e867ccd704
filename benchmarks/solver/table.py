"""The result as it grows: a table for the terminal, and rows for a spreadsheet."""

import csv
from collections.abc import Sequence
from itertools import compress
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.solver.families import Family
from benchmarks.solver.measure import Measured

_HEADS = ("instance", "by", "seed", "value", "known", "ratio", "to 5 %", "verified", "proven")
_LONGEST_NAME = 24
_WORDS = ("instance", "by", "verified", "proven")
_COLUMNS = (
    "instance",
    "side",
    "seed",
    "value",
    "reference",
    "ratio",
    "seconds_to_within_5_percent",
    "verified",
    "infeasible",
    "proven",
    "wall_seconds",
    "peak_mb",
    "fault",
)


def shown(family: Family, rows: Sequence[Measured], seconds: float, running: Measured | None = None) -> Table:
    """Return the table of what has been measured, and of what is being solved."""
    all_rows = [*rows, *([running] if running is not None else [])]
    # A column that says the same in every row is left out.
    is_shown = [True] * len(_HEADS)
    is_shown[1] = len({row.side for row in all_rows}) > 1
    is_shown[2] = len({row.seed for row in all_rows}) > 1
    table = Table(
        title=f"{family.name}: {family.goal}, {seconds:g} s each", title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    for head in compress(_HEADS, is_shown):
        table.add_column(head, justify="left" if head in _WORDS else "right", no_wrap=True)
    for row in rows:
        table.add_row(*compress(cells(row), is_shown))
    if running is not None:
        so_far = (*cells(running)[:6], "", f"{running.wall_seconds:.0f} s …", "")
        table.add_row(*compress(so_far, is_shown), style="dim")
    return table


def faults(rows: Sequence[Measured]) -> list[str]:
    """Return a line for each instance without a verified plan that says why."""
    return [f"{row.instance} by {row.side}, seed {row.seed}: {row.fault}" for row in rows if row.fault is not None]


def cells(row: Measured) -> tuple[str, ...]:
    """Return a row's cells; a value of `none` says that there is no plan."""
    known = "none" if row.reference.is_infeasible else _or_dash(row.reference.value)
    value = "none" if row.is_infeasible else _or_dash(row.value)
    verified = "no" if row.fault is not None else "yes" if row.is_verified else "-"
    near = "-" if row.seconds_to_near is None else f"{row.seconds_to_near:.1f}"
    ratio = "-" if row.ratio is None else f"{row.ratio:.3f}"
    proven = "yes" if row.is_proven or row.is_infeasible else ""
    # What tells instances apart stands at the end of their names.
    name = row.instance if len(row.instance) <= _LONGEST_NAME else f"…{row.instance[1 - _LONGEST_NAME :]}"
    return (name, row.side, str(row.seed), value, known, ratio, near, verified, proven)


def save(path: Path, rows: Sequence[Measured]) -> None:
    """Write all that was measured as comma-separated values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for row in rows:
            known = "infeasible" if row.reference.is_infeasible else row.reference.value
            writer.writerow(
                (
                    row.instance,
                    row.side,
                    row.seed,
                    row.value,
                    known,
                    row.ratio,
                    row.seconds_to_near,
                    row.is_verified,
                    row.is_infeasible,
                    row.is_proven,
                    round(row.wall_seconds, 2),
                    round(row.peak_mb),
                    row.fault,
                )
            )


def _or_dash(value: int | None) -> str:
    return "-" if value is None else str(value)
