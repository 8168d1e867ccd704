"""The front door tells formats apart, and the command line reads and solves them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solver import problem_from_json, run_from_json, verify
from solver.cli import main
from solver.formats import Format, format_of_file, read
from tests.solver.formats.files import FILES, MULTI, fetcher, read_from, written

FORMATS = {
    "single.sm": Format.PSPLIB,
    "multi.mm": Format.PSPLIB,
    "two.txt": Format.MISTA,
    "skills.dzn": Format.MSPSP,
    "lags.sch": Format.RCPSP_MAX,
}


@pytest.mark.parametrize("name", FILES)
def test_a_format_is_known_by_its_ending_or_by_what_it_holds(name: str) -> None:
    """With its own ending, with it in capitals, and with one that says nothing."""
    text = FILES[name].encode()
    other = name.partition(".")[0] + ".txt"
    for file in (name, name.upper(), other):
        assert format_of_file(file, text) is FORMATS[name]
    assert read(other, fetcher(other, FILES[name])) == read(name, fetcher(name, FILES[name]))


@pytest.mark.parametrize("name", FILES)
def test_the_command_reads_and_solves_instances(name: str, tmp_path: Path) -> None:
    """`read` writes the problem, `solve` takes the file itself; the plan keeps all rules."""
    written(tmp_path, "part/multi.mm", MULTI)
    path = written(tmp_path, name, FILES[name])
    assert main(["read", str(path), "--out", str(tmp_path / "problem.json")]) == 0
    problem = problem_from_json((tmp_path / "problem.json").read_bytes())
    assert problem == read_from(path)
    work = ["--work", "2000", "--workers", "1"]
    assert main(["solve", str(path), *work, "--out", str(tmp_path / "run.json")]) == 0
    run = run_from_json((tmp_path / "run.json").read_bytes())
    assert run.problem == problem
    assert verify(run.problem, run.solution.placements) == ()


def test_a_refused_instance_ends_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on the error stream, with file and line."""
    path = written(tmp_path, "two.txt", FILES["two.txt"])
    for command in ("read", "solve"):
        assert main([command, str(path)]) == 2
        assert capsys.readouterr().err.startswith("refused: two.txt, line 4: 'part/multi.mm' is refused; name a file")


def test_an_instance_comes_from_standard_input_too() -> None:
    """As a process: `read -` gives the same problem, named by what it holds."""
    done = subprocess.run(
        [sys.executable, "-m", "solver", "read", "-"],
        input=FILES["lags.sch"].encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert problem_from_json(done.stdout) == read("lags.sch", fetcher("lags.sch", FILES["lags.sch"]))
    assert done.stderr.decode().startswith("4 actions, 0 units, 1 resources, 3 precedences, 1 projects")
