"""The product as a newcomer gets it: a wheel in an empty environment, outside the clone, with README in hand."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.web.explorer import examples

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it with its locked packages into an empty virtual environment; give its bin."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("opsplan-*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = str(ROOT / "requirements" / "run.lock")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True, capture_output=True, timeout=400, cwd=folder)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, capture_output=True, timeout=60, cwd=folder)
    return folder / "venv" / "bin"


@pytest.fixture
def surroundings(tmp_path: Path, graph_server: GraphAddress) -> dict[str, str]:
    """Give the variables of a process that knows the session's Neo4j and nothing of the clone."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {
        **kept,
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_DATA_DIR": str(tmp_path / "data"),
    }


@pytest.mark.timeout(900)
def test_the_installed_demo_tells_the_whole_story(
    environment: Path, empty_graph: Graph, surroundings: dict[str, str], tmp_path: Path
) -> None:
    """`opsplan demo` of the wheel loads, looks, schedules, publishes, deconflicts, and writes a page and a document."""
    ended = subprocess.run(
        [str(environment / "opsplan"), "demo", "--out", "out", "--seconds", "10"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    document = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert document["plan"]["state"] == "PUBLISHED"
    assert document["plan"]["placed"] == len(document["plan"]["actions"]) > 0
    assert document["plan"]["unplaced"] == len(document["plan"]["leftOut"]) > 0
    assert all(each["codes"] and each["sentence"] for each in document["plan"]["leftOut"])
    assert (tmp_path / "out" / "plan.html").stat().st_size > 50_000
    told = " ".join(ended.stdout.split())
    for said in ("has jurisdiction over", "within two links", "Confirmed romance", "by country and hour", "make serve"):
        # However a title is wrapped.
        assert said in told
    # Two agencies met, one was refused, and went on once it had seen the other.
    assert "Refused: It conflicts with" in told
    assert "Withdrawn:" in told


@pytest.fixture
def serving(environment: Path, surroundings: dict[str, str], tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Run `opsplan serve --exercise` of the wheel on a free port; give its address and the token that it prints."""
    output = tmp_path / "serve.log"
    with output.open("w") as file:
        process = subprocess.Popen(
            [str(environment / "opsplan"), "serve", "--exercise", "--port", "0"],
            cwd=tmp_path,
            env={**surroundings, "PYTHONUNBUFFERED": "1"},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 240
        while not (found := re.search(r"serves at (http://\S+)", output.read_text(encoding="utf-8"))):
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() < until, output.read_text(encoding="utf-8")
            time.sleep(0.2)
        token = re.search(r"export TOKEN=(\S+)", output.read_text(encoding="utf-8"))
        assert token is not None
        yield found.group(1), token.group(1)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.timeout(900)
def test_readme_s_first_query_is_answered_and_only_with_a_token(empty_graph: Graph, serving: tuple[str, str]) -> None:
    """The command that README shows gives, pasted into a shell, the answer that README shows.

    The explorer's first worked query finds sites of the exercise, too. Without a token, or with a forged one, the
    command gives 401.
    """
    address, token = serving
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.partition("<!-- first-query -->")[2].partition("<!-- /first-query -->")[0]
    command, _, answered = block.partition("The largest confirmed site")
    command = command.replace("http://127.0.0.1:8000", address)
    promised = json.loads(answered.partition(":\n")[2])

    def status_and_body(variables: dict[str, str], command: str) -> tuple[str, str]:
        ended = subprocess.run(
            ["bash", "-c", command.strip() + " -w '\\n%{http_code}'"],
            env={"PATH": os.environ["PATH"], **variables},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        body, _, status = ended.stdout.rpartition("\n")
        return status, body

    until = time.monotonic() + 30
    while (answer := status_and_body({"TOKEN": token}, command))[0] == "000" and time.monotonic() < until:
        time.sleep(0.2)
    assert answer[0] == "200", answer
    answered_cost, promised_cost = (each["extensions"]["cost"] for each in (json.loads(answer[1]), promised))
    # Seconds may have passed since the budget was charged.
    assert 0 < answered_cost.pop("resetSeconds") <= promised_cost.pop("resetSeconds")
    assert answered_cost == promised_cost
    assert json.loads(answer[1])["data"] == promised["data"]
    nearby = next(each for each in examples() if each.name == "02-compounds-nearby")
    asked = {"query": nearby.document, "variables": json.loads(nearby.variables)}
    found = httpx.post(f"{address}/graphql", json=asked, headers={"authorization": f"Bearer {token}"}, trust_env=False)
    assert found.json()["data"]["compounds"]["totalCount"] > 0
    forged = token[:-8] + "AAAAAAAA"
    assert status_and_body({"TOKEN": forged}, command)[0] == "401"
    without = shlex.join(
        ["curl", "-s", f"{address}/graphql", "-H", "Content-Type: application/json", "-d", '{"query":"{__typename}"}']
    )
    assert status_and_body({}, without)[0] == "401"
