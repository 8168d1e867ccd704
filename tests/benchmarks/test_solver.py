"""The benchmark on public instances: whom it measures against, what counts as a failure, and its last line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from benchmarks.solver import process
from benchmarks.solver.__main__ import main
from benchmarks.solver.families import FAMILIES, problem_of
from benchmarks.solver.measure import Measured, measured, summary
from benchmarks.solver.process import Said
from benchmarks.solver.references import NOTHING_KNOWN, Reference, References
from tests.solver.formats.files import LAGS, MULTI, SINGLE, SKILLS, TWO_PROJECTS, written

# -- references

_ROWS = [
    ("A-1", "12/34"),
    ("A-1", "11/40"),
    ("A-2.txt", "7"),
    ("ubo50/psp2.sch", "infeasible"),
    ("ubo100/PSP2.SCH", "303..396"),
    ("psp2", "9"),
    ("set/inst_sf0.5_n20.dzn", "61"),
    ("odd", "see the paper"),
]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("mista/A-1.txt", Reference(11)),
        ("a-2.txt", Reference(7)),
        ("any/ubo50/psp2.sch", Reference(is_infeasible=True)),
        ("ubo100/psp2.sch", Reference(396)),
        ("ubo200/psp2.sch", Reference(9)),
        ("set/inst_sf0.5_n20.dzn", Reference(61)),
        ("inst_sf0.5_n20.dzn", NOTHING_KNOWN),
        ("odd.txt", Reference()),
        ("A-11.txt", NOTHING_KNOWN),
    ],
)
def test_a_row_is_found_by_path_or_name(path: str, known: Reference, tmp_path: Path) -> None:
    """With or without ending and folder, in any case; the longest path that fits, and the smallest of its rows."""
    assert References(_ROWS).of(tmp_path / path) == known


def test_references_lie_in_the_folder_or_its_parent(tmp_path: Path) -> None:
    """Rows of other families are passed over; without a file nothing is known."""
    folder = tmp_path / "instances"
    instance = written(folder, "x.sm", SINGLE)
    assert References.near(folder, "psplib").of(instance) == NOTHING_KNOWN
    written(tmp_path, "refs.csv", "problem,instance,reference\nmista,x,1\npsplib,x,7\n,x,5\nj30,x,6\n")
    assert References.near(folder, "psplib").of(instance) == Reference(5)
    written(folder, "refs.csv", "instance,reference,source\nx.sm,4,here\n")
    assert References.near(folder, "psplib").of(instance) == Reference(4)


def test_what_a_value_is_worth() -> None:
    """A delay may be 0, and so one is added to both; a makespan is not."""
    assert FAMILIES["mista"].ratio(0, 0) == 1
    assert FAMILIES["mista"].ratio(8, 2) == 3
    assert FAMILIES["mspsp"].ratio(8, 2) == 4


# -- what a process says


def said_of(program: str, seconds: float = 30.0) -> Said:
    """What a small Python program says."""
    return process.run([sys.executable, "-c", program], b"{}", seconds, lambda _: None)


def test_a_process_that_ends_well_is_heard() -> None:
    """Values with their seconds where all is placed, the result, and the memory it took."""
    program = """
import json
def say(**event): print(json.dumps(event), flush=True)
say(event="started")
say(event="progress", elapsed_seconds=0.5, score={"missing_mandatory": 1, "project_delay": 0})
say(event="progress", elapsed_seconds=1.5, score={"missing_mandatory": 0, "project_delay": 9})
say(event="result", solution={"outcome": "FEASIBLE", "placements": []})
"""
    said = said_of(program)
    assert (said.values, said.fault) == ([(1.5, 9)], None)
    assert said.result == {"outcome": "FEASIBLE", "placements": []}
    assert said.peak_mb > 1


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("raise SystemExit(3)", "ended with code 3 and no result"),
        ("import os; os.abort()", "ended with code -6 and no result"),
        ("print('hello')", "wrote no line of JSON that can be read"),
        ("raise ValueError('lost')", "no result: ValueError: lost"),
        ('print(\'{"event": "error", "message": "refused"}\')', "refused"),
    ],
)
def test_a_process_that_fails_says_why(program: str, fault: str) -> None:
    """A code, a signal, words that are no JSON, a traceback's last line, an error of the solver's."""
    said = said_of(program)
    assert said.result is None
    assert fault in str(said.fault)


def test_a_process_that_hangs_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Past its budget and the grace it ends, and so does what it started; a plan it had found does not count."""
    monkeypatch.setattr(process, "_GRACE_SECONDS", 2.0)
    program = f"""
import json, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(child.pid))
print(json.dumps({{"event": "result", "solution": {{"outcome": "OPTIMAL", "placements": []}}}}), flush=True)
time.sleep(600)
"""
    said = said_of(program, 0.1)
    assert (said.result, said.fault) == (None, "did not end in 2 s")
    child = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 10
    while time.monotonic() < until and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent's notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# -- what it is worth


def worth(tmp_path: Path, reference: Reference, outcome: str = "FEASIBLE", **changes: int) -> Measured:
    """What a plan of the single-mode file is worth, of which job 3 starts at 3 unless changed."""
    path = written(tmp_path, "single.sm", SINGLE)
    problem = problem_of(path)
    starts = {"job_2": 1, "job_3": 3, "job_4": 3} | changes
    placements = [
        {"action": index, "mode": 0, "start_slot": start, "units": []}
        for index, start in enumerate(starts.values())
        if start >= 0
    ]
    said = Said([(0.5, 9), (1.5, 6)], {"outcome": outcome, "placements": placements})
    return measured(FAMILIES["psplib"], path, problem, said, reference, ("opsplan", 1, "single.sm"))


def test_a_verified_plan_is_measured_against_the_reference(tmp_path: Path) -> None:
    """Value, ratio, and when it came near; without a reference there is no ratio."""
    row = worth(tmp_path, Reference(5))
    assert (row.value, row.ratio, row.seconds_to_near, row.fault) == (6, 1.2, 1.5, None)
    row = worth(tmp_path, Reference(9))
    assert (row.ratio, row.seconds_to_near) == (6 / 9, 0.5)
    assert worth(tmp_path, NOTHING_KNOWN).ratio is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"job_3": -1}, "1 of 3 activities are not placed"),
        ({"job_4": 2}, "solver.verify: "),
        ({"job_3": 0}, "solver.verify: "),
    ],
)
def test_what_is_not_verified_counts_ten(changes: dict[str, int], fault: str, tmp_path: Path) -> None:
    """An activity left out, a precedence and a release broken."""
    row = worth(tmp_path, Reference(4), **changes)
    assert (row.value, row.ratio, row.is_verified) == (None, 10.0, False)
    assert fault in str(row.fault)


def test_the_second_checker_has_a_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that it does not confirm, and a file that it cannot read, count ten."""
    from benchmarks.solver import check_psplib
    from benchmarks.solver.verdict import Verdict

    monkeypatch.setattr(check_psplib, "check", lambda *_: Verdict(4))
    assert worth(tmp_path, Reference(4)).fault == "second checker: makespan 4, and not 6"
    monkeypatch.setattr(check_psplib, "check", lambda *_: [][0])
    row = worth(tmp_path, Reference(4))
    assert (row.ratio, str(row.fault)[:36]) == (10.0, "second checker: cannot read the file")


def test_infeasible_counts_where_no_plan_is_known(tmp_path: Path) -> None:
    """Said of an instance without a known plan it is an answer; said of another, or not said, it is a failure."""
    none = Reference(is_infeasible=True)
    right = worth(tmp_path, none, "INFEASIBLE")
    wrong = worth(tmp_path, Reference(4), "INFEASIBLE")
    missed = worth(tmp_path, none, "OUT_OF_TIME", job_3=-1)
    assert [row.ratio for row in (right, wrong, missed)] == [None, 10.0, 10.0]
    assert wrong.fault == "said to have no plan, and one is known"
    assert summary([right]).line("rcpsp-max") == (
        "rcpsp-max: instances=1 mean_ratio=none worst_ratio=none verified=0 infeasible=1/1"
    )
    assert (
        summary([missed]).line("rcpsp-max").endswith("mean_ratio=10.000 worst_ratio=10.000 verified=0 infeasible=0/1")
    )


def test_the_last_line_is_over_instances_and_seeds() -> None:
    """Means over all runs, verified where every seed is, the spread between the means of seeds."""
    rows = [
        Measured("opsplan", seed, instance, Reference(100), value, ratio)
        for seed, instance, value, ratio in [
            (1, "a", 100, 1.0),
            (1, "b", 104, 1.04),
            (2, "a", 101, 1.01),
            (2, "b", None, 10.0),
        ]
    ]
    assert summary(rows[:2]).line("mista") == "mista: instances=2 mean_ratio=1.020 worst_ratio=1.040 verified=2"
    assert summary(rows).line("mista") == (
        "mista: instances=2 mean_ratio=3.263 worst_ratio=10.000 verified=1 spread=4.485"
    )


# -- the whole


@pytest.mark.parametrize(
    ("family", "name", "text", "last"),
    [
        ("mista", "sub/two.txt", TWO_PROJECTS, "mista: instances=2 mean_ratio=5.500 worst_ratio=10.000 verified=1"),
        ("mspsp", "sub/skills.dzn", SKILLS, "mspsp: instances=2 mean_ratio=5.500 worst_ratio=10.000 verified=1"),
        (
            "rcpsp-max",
            "sub/lags.sch",
            LAGS,
            "rcpsp-max: instances=2 mean_ratio=5.500 worst_ratio=10.000 verified=1 infeasible=0/0",
        ),
    ],
    ids=["mista", "mspsp", "rcpsp-max"],
)
def test_a_family_is_run_from_files_to_the_last_line(
    family: str,
    name: str,
    text: str,
    last: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Instances below the folder are solved in processes of their own; one that cannot be read counts ten."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", _root())
    written(tmp_path, "all/sub/part/multi.mm", MULTI)
    written(tmp_path, f"all/{name}", text)
    written(tmp_path, f"all/broken{Path(name).suffix}", text[:60])
    best = {"mista": "5/8", "mspsp": "5", "rcpsp-max": "1..5"}[family]
    written(tmp_path, "all/refs.csv", f"problem,instance,reference\n{family},{Path(name).stem},{best}\n")
    assert main(["--family", family, "--instances", "all", "--seconds", "5"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last
    rows = (tmp_path / "out" / "bench-solver" / f"{family}-5s.csv").read_text().splitlines()
    assert len(rows) == 3


def test_peers_run_beside_and_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plain model under the same budget; a peer whose program crashes counts ten and ends nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", _root())
    written(tmp_path, "multi.mm", MULTI)
    written(tmp_path, "refs.csv", "instance,reference\nmulti,2\n")
    without = written(tmp_path, "python", "#!/bin/sh\nexit 3\n")
    without.chmod(0o755)
    options = ["--peers", "--pyjobshop-python", str(without)]
    assert main(["--family", "psplib", "--instances", ".", "--seconds", "5", *options]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "psplib by PyJobShop: instances=1 mean_ratio=10.000 worst_ratio=10.000 verified=0",
        "psplib by plain CP-SAT: instances=1 mean_ratio=1.000 worst_ratio=1.000 verified=1",
        "psplib: instances=1 mean_ratio=1.000 worst_ratio=1.000 verified=1",
    ]


def test_a_folder_without_instances_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With code 2 and what to do."""
    assert main(["--instances", str(tmp_path)]) == 2
    assert "holds no instance of mista; name a folder that does" in capsys.readouterr().err


def _root() -> str:
    """The folder that holds the packages, for processes that start elsewhere."""
    return str(Path(__file__).parents[2])
