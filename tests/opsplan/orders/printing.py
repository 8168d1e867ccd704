"""`opsplan print`, run over a graph that a server serves."""

import asyncio
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from opsplan.cli import app
from opsplan.graph.address import GraphAddress


async def printed(graph_server: GraphAddress, folder: Path, *arguments: str) -> Result:
    """Run the command; its files go to `folder` / out."""
    env = {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_DATA_DIR": str(folder / "printing"),
    }
    command = ["print", *arguments, "--out", str(folder / "out")]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, command, env=env))
