"""docs/integrating.md, followed to the letter: its commands are typed into a shell, in their order, against a sandbox.

The sandbox is what `make serve` runs, on a free port; the guide says in its first commands where that is. Once tokens
come from the local issuer, once from one that shares nothing with opsplan, where the registration is done there.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from opsplan.client import read_public
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from tests.conftest import WIPE
from tests.opsplan.client.issuer import Known, installed, issuing
from tests.opsplan.client.systems import CaseSystem
from tests.opsplan.web.processes import free_port

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "integrating.md").read_text(encoding="utf-8")
AGENCY, OTHER = "EX-CA-POLICE", "EX-CA-NCB"
"""The agency of the guide, and another one whose token the sandbox prints, for which the same walk is new."""
MOST_S = 180
"""What the commands may take of the quarter of an hour that the guide claims; the rest is for reading."""


def commands(*, with_local_issuer: bool) -> list[str]:
    """Give the guide's blocks of commands, in their order."""
    blocks = re.findall(r"^```sh( local-issuer)?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 10
    return [text for local, text in blocks if with_local_issuer or not local]


@contextmanager
def sandbox(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run what `make serve` runs, on a free port; give its address."""
    log = folder / "sandbox.log"
    port = free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "opsplan", "serve", "--exercise", "--port", str(port)],
            env={**environment},
            stdout=file,
            stderr=file,
        )
        try:
            until = time.monotonic() + 240
            # It says so just before it listens.
            while b"Uvicorn running" not in (said := log.read_bytes()) and b"Started server" not in said:
                assert process.poll() is None, said[-3_000:]
                assert time.monotonic() < until, said[-3_000:]
                time.sleep(0.2)
            time.sleep(0.5)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def followed(folder: Path, environment: Mapping[str, str], said_first: Mapping[str, str], blocks: list[str]) -> str:
    """Type the blocks into one shell; what is printed is given. No command may fail or complain.

    The guide says where the sandbox and the issuer are in lines of its own; only those say something else here.
    """
    script = "\n".join(blocks)
    for name, value in said_first.items():
        script, count = re.subn(rf"^{name}=.*$", f"{name}={value}", script, flags=re.MULTILINE)
        assert count == 1, name
    # Another folder stands in for the clone's, so that a walk of somebody's own is left alone.
    for name, place in ((".venv", Path(sys.prefix)), ("docs", ROOT / "docs")):
        if not (folder / name).exists():
            (folder / name).symlink_to(place)
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**environment},
        capture_output=True,
        text=True,
        timeout=MOST_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), f"{ended.stdout[-3_000:]}\n{ended.stderr[-3_000:]}"
    return ended.stdout


def came_true(folder: Path, said: str, agency: str) -> None:
    """Hold what was printed, and what the case system has, against what the guide promises."""
    # A private key is among what the walk makes: none of it lies where `git add` would take it.
    assert {each.name for each in folder.iterdir()} <= {".venv", "docs", "walk", "issuer", "sandbox.log"}
    assert "/walk/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    folder = folder / "walk"
    assert f'"agencyCode":"{agency}"' in said.replace(" ", "")
    items = json.loads((folder / "upserted.json").read_text())["data"]["upsertCompounds"]["items"]
    assert [each["outcome"] for each in items] == ["CREATED", "REFUSED"]
    assert items[1]["refusal"]["remedy"]
    # The change is told by the query and by the subscription.
    assert said.count(items[0]["recordId"]) >= 3
    assert re.search(r"^CREATED Compound .*EXERCISE Heron Court", said, re.MULTILINE)
    assert re.search(r"^case-78 \(EXERCISE Lotus Gate\) is compound_", said, re.MULTILINE)
    system = CaseSystem(folder, "", folder / "case-system.jwk")
    assert {"EXERCISE Heron Court", "EXERCISE Lotus Gate"} <= set(system.names().values())
    assert {noun for noun, _, _ in system.records().values()} == {"Compound", "Target", "Link"}


@pytest.fixture(scope="module")
def variables(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the variables of a person's shell, and where this session's Neo4j is."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {
        **kept,
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }


@pytest.fixture(scope="module")
async def nothing_there(graph: Graph) -> None:
    """Take out what other tests left; the exercise stays from one sandbox to the next."""
    await graph.run_outside(WIPE)


@pytest.mark.requirement("P8")
@pytest.mark.timeout(1_200)
def test_the_guide_leads_from_key_pair_to_a_system_in_step(
    nothing_there: None, variables: dict[str, str], tmp_path: Path
) -> None:
    """With the local issuer, to the letter, in a small part of the time that it claims."""
    with sandbox(tmp_path, variables) as address:
        said = followed(tmp_path, variables, {"SERVICE": address}, commands(with_local_issuer=True))
    came_true(tmp_path, said, AGENCY)


@pytest.mark.requirement("P8")
@pytest.mark.timeout(1_200)
def test_the_guide_leads_there_with_another_issuer(
    nothing_there: None, variables: dict[str, str], tmp_path: Path
) -> None:
    """The issuer is npm's certified oidc-provider: it has the client's public key, and opsplan has its address."""
    (tmp_path / "issuer").mkdir()
    folder = installed(tmp_path / "issuer")
    begin, make_key, *rest = commands(with_local_issuer=False)
    followed(tmp_path, variables, {}, [begin, make_key])
    # Now the issuer's administrator gets the public part.
    known = Known("cases-of-canada", read_public(tmp_path / "walk" / "case-system.jwk"), OTHER)
    with issuing(folder, [known]) as issuer:
        trusting = {"OPSPLAN_TOKEN_ISSUER": issuer, "OPSPLAN_TOKEN_JWKS_URL": f"{issuer}/jwks"}
        with sandbox(tmp_path, {**variables, **trusting}) as address:
            first = {"SERVICE": address, "AGENCY": OTHER, "ISSUER": issuer, "CLIENT": known.id}
            said = followed(tmp_path, variables, first, [begin, *rest])
    came_true(tmp_path, said, OTHER)
