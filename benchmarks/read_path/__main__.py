"""Reads: opsplan against @neo4j/graphql and against the raw driver, on one graph, by one client, in turns.

Every question is asked of opsplan's service, of the peer (Apollo Server on node) and of the raw driver's map projection
behind a bare route, by the same client with 1 and with 8 connections; and of the raw driver in this process, without
HTTP. Before anything is measured, all answers are compared. `--quick` tries it on a small graph.
"""

import argparse
import asyncio
import datetime
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.read_path import data, table
from benchmarks.read_path.hits import count_hits
from benchmarks.read_path.measure import Askers, Row, client_ceiling, measure, warm_up
from benchmarks.read_path.questions import QUESTIONS
from benchmarks.read_path.servers import AGENCY, Sides, graph, install_peer, sides
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph

_HERE = Path(__file__).parent
_FOLDER = Path("out").absolute() / "bench-reads"
_CLIENTS = (1, 8)
_CEILING_S = 2.0


def _measure_all(running: Sides, size: data.Size, seconds: float, console: Console) -> table.Result:
    ids, agency_id = asyncio.run(_known(running.address))
    rows: list[Row] = []
    with (
        asyncio.Runner() as runner,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=not console.is_terminal,
            # Drawn between the slices alone: drawing takes time from what is measured.
            auto_refresh=False,
        ) as progress,
    ):
        askers = Askers(running, ids, runner)
        task = progress.add_task("comparing answers", total=len(QUESTIONS) * (2 + len(_CLIENTS)))

        def done(what: str) -> None:
            progress.update(task, advance=1, description=what)
            progress.refresh()

        for question in QUESTIONS:
            askers.compare(question)
            done(f"answers agree: {question.name}")
        hits = runner.run(count_hits(running.address, QUESTIONS, ids, agency_id))
        for question in warm_up(askers, QUESTIONS, seconds / 16):
            done(f"warm: {question.name}")
        ceiling_per_s = client_ceiling(running.driver.door, _CEILING_S)
        for clients in _CLIENTS:
            for question in QUESTIONS:
                rows.append(measure(askers, question, clients, hits[question.name], seconds))
                done(f"measured: {question.name}, {clients} clients")
        askers.close()
        graph_mb = running.graph.memory_info().rss / 2**20
    return table.Result(rows, size, seconds, ceiling_per_s, graph_mb)


async def _known(address: GraphAddress) -> tuple[list[str], str]:
    """Give the ids of all compounds, and that of the agency that reads."""
    async with Graph(address) as opened:
        ids = await opened.read_rows("MATCH (c:Compound) RETURN c.id ORDER BY c.id")
        ((agency_id,),) = await opened.read_rows("MATCH (a:Agency {code: $code}) RETURN a.id", {"code": AGENCY})
        return [each for (each,) in ids], agency_id


def main() -> None:
    """Run it, print the tables and the last line, and save the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=24.0, help="seconds for each row of the table")
    parser.add_argument(
        "--quick", action="store_true", help="a small graph and short rows, to try it; nothing is saved"
    )
    given = parser.parse_args()
    size = data.QUICK if given.quick else data.FULL
    seconds = min(given.seconds, 2.0) if given.quick else given.seconds
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 200)
    install_peer()
    with graph(_FOLDER / size.name, size, console) as server, sides(server, _FOLDER / "processes") as running:
        result = _measure_all(running, size, seconds, console)
    rows = result.rows
    out = Console(width=None if sys.stdout.isatty() else 200)
    out.print(table.shown("Answers a second", table.throughput_columns(), rows))
    out.print(table.shown("Milliseconds, bytes and memory", table.latency_columns(), rows))
    out.print(table.shown("Milliseconds of a processor for an answer", table.processor_columns(), rows))
    out.print(f"{result.sentence}.")
    if not given.quick:
        saved = _HERE / "results" / f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}.md"
        saved.parent.mkdir(exist_ok=True)
        saved.write_text(table.as_markdown(result), encoding="utf-8")
        out.print(f"Saved as {saved}")
    print(table.last_line(rows))


if __name__ == "__main__":
    main()
