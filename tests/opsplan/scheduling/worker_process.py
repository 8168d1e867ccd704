"""A worker as a process of its own: what a service is to its runs, so that a test may kill it.

Run as ``python -m tests.opsplan.scheduling.worker_process URI PASSWORD``; it prints the solver's process id once it
has one.
"""

import asyncio
import sys

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.nouns import LAWS
from opsplan.scheduling.worker import ProgressFeed, Worker
from opsplan.vocabulary.clock import system_clock


async def main(uri: str, password: str) -> None:
    """Work until killed."""
    async with Graph(GraphAddress(uri, "neo4j", password)) as graph:
        worker = Worker(graph, system_clock, LAWS, ProgressFeed(graph), pause_s=0.05, lease_s=2.0)
        working = asyncio.create_task(worker.work())
        while True:
            found = [execution.child_pid for execution in worker.executions if execution.child_pid]
            if found:
                break
            await asyncio.sleep(0.02)
        print(f"solver {found[0]}", flush=True)
        await working


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
