"""Small files of every format, written for these tests: by hand, and drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from solver import Problem
from solver.formats import read

RULER = "*" * 72

SINGLE = f"""{RULER}
file with basedata            : hand.bas
initial value random generator: 1
{RULER}
projects                      :  1
jobs (incl. supersource/sink ):  5
horizon                       :  6
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
{RULER}
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      3      1       9        4        5
{RULER}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           5
   5        1          0
{RULER}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     2       1
  3      1     3       2
  4      1     1       0
  5      1     0       0
{RULER}
RESOURCEAVAILABILITIES:
  R 1
    2
{RULER}
"""

MULTI = f"""{RULER}
projects                      :  1
jobs (incl. supersource/sink ):  4
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
{RULER}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        2          1           4
   3        1          1           4
   4        1          0
{RULER}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     1       3    2
         2     2       1    0
  3      1     2       2    1
  4      1     0       0    0
{RULER}
RESOURCEAVAILABILITIES:
  R 1  N 1
   3    2
{RULER}
"""

TWO_PROJECTS = """2
0
2
part/multi.mm
1
2
part/multi.mm
2
2\t-1
"""

SKILLS = """% by hand
mint = 3;
nActs = 4;
dur = [0,2,3,0];
nSkills = 2;
sreq = [| 0,0,
        | 1,1,
        | 0,2,
        | 0,0, |];
nResources = 3;
mastery = [| true,true,
           | false,true,
           | true,false, |];
nPrecs = 4;
pred = [1,1,2,3];
succ = [2,3,4,4];
nUnrels = 1;
unpred = [2];
unsucc = [3];
USEFUL_RES = [{},{1,2,3},{1,2},{}];
POTENTIAL_ACT = [{2,3},{2,3},{2}];
"""

LAGS = """3\t1\t0\t0
0\t1\t3\t1\t2\t3\t[0]\t[2]\t[0]
1\t1\t2\t2\t4\t[1]\t[3]
2\t1\t2\t1\t4\t[-4]\t[3]
3\t1\t2\t4\t0\t[1]\t[-6]
4\t1\t0
0\t1\t0\t0
1\t1\t3\t1
2\t1\t2\t1
3\t1\t1\t2
4\t1\t0\t0
2
"""

FILES = {
    "single.sm": SINGLE,
    "multi.mm": MULTI,
    "two.txt": TWO_PROJECTS,
    "skills.dzn": SKILLS,
    "lags.sch": LAGS,
}
NAMED = {"part/multi.mm": MULTI}
"""What TWO_PROJECTS names."""


def fetcher(name: str, text: str, named: dict[str, str] = NAMED) -> Callable[[str], bytes]:
    """A `fetch` for one text and those that it may name; others are missing."""

    def fetch(asked: str) -> bytes:
        if asked == name:
            return text.encode()
        if asked in named:
            return named[asked].encode()
        raise FileNotFoundError(2, "No such file or directory", asked)

    return fetch


def read_from(path: Path) -> Problem:
    """The problem of a file on disk."""
    return read(path.name, lambda name: (path.parent / name).read_bytes())


def a_multi_mode_file(rng: random.Random, jobs: int = 3) -> str:
    """A `.mm` file of `jobs` jobs that take time, now and then one between them that does not, and two dummies."""
    resources = [rng.randint(2, 3), rng.randint(1, 4)]
    total = jobs + 2 + (rng.random() < 0.3)
    knot = rng.randint(2, total - 1) if total > jobs + 2 else 0
    net, ways = [], []
    for job in range(1, total + 1):
        is_last = job == total
        later = [other for other in range(job + 1, total) if rng.random() < 0.4]
        successors = [] if is_last else list(range(2, total)) if job == 1 else [*later, total]
        modes = 1 if job in (1, knot, total) else rng.randint(1, 2)
        net.append(f"{job} {modes} {len(successors)} {' '.join(map(str, successors))}")
        for mode in range(1, modes + 1):
            duration = 0 if job in (1, knot, total) else rng.randint(1, 2)
            amounts = [rng.randint(0, 2), rng.randint(0, 2)] if duration else [0, 0]
            ways.append(f"{f'{job} ' if mode == 1 else '   '}{mode} {duration} {amounts[0]} {amounts[1]}")
    return "\n".join(
        [
            "PROJECT INFORMATION:",
            "pronr. #jobs rel.date duedate tardcost MPM-Time",
            f"1 {total - 2} {rng.randint(0, 1)} 0 0 0",
            f"jobs (incl. supersource/sink ): {total}",
            " - renewable : 1 R",
            " - nonrenewable : 1 N",
            RULER,
            "PRECEDENCE RELATIONS:",
            "jobnr. #modes #successors successors",
            *net,
            RULER,
            "REQUESTS/DURATIONS:",
            "jobnr. mode duration R 1 N 1",
            "-" * 40,
            *ways,
            RULER,
            "RESOURCEAVAILABILITIES:",
            " R 1 N 1",
            " ".join(map(str, resources)),
            RULER,
            "",
        ]
    )


def a_skill_file(rng: random.Random, activities: int = 3) -> str:
    """A `.dzn` file of some activities that take time, two skills and two to three workers, and two dummies."""
    last = activities + 2
    durations = [0, *(rng.randint(1, 2) for _ in range(activities)), 0]
    required = [[0, 0], *([rng.randint(0, 1), rng.randint(0, 1)] for _ in range(activities)), [0, 0]]
    mastery = [[rng.random() < 0.7, rng.random() < 0.7] for _ in range(rng.randint(2, 3))]
    arcs = [arc for real in range(2, last) for arc in ((1, real), (real, last))]
    arcs += [(before, after) for after in range(3, last) for before in range(2, after) if rng.random() < 0.4]
    return "\n".join(
        [
            f"nActs = {len(durations)}; dur = {durations};",
            f"nSkills = 2; sreq = {_table(required)};",
            f"nResources = {len(mastery)}; mastery = {_table(mastery).lower()};",
            f"nPrecs = {len(arcs)}; pred = {[arc[0] for arc in arcs]}; succ = {[arc[1] for arc in arcs]};",
        ]
    )


def _table(rows: Sequence[Sequence[object]]) -> str:
    return "[| " + " | ".join(",".join(str(value) for value in row) for row in rows) + " |]"


def a_lag_file(rng: random.Random) -> str:
    """A `.sch` file of three activities, one of them at times without duration, and lags of all kinds and ends."""
    nodes = 5
    durations = [0, rng.randint(1, 2), rng.randint(0, 2), rng.randint(1, 2), 0]
    lags: dict[int, dict[int, int]] = {node: {} for node in range(nodes)}
    for node in range(1, 4):
        lags[0][node] = rng.choice([0, 0, 1])
        lags[node][4] = durations[node] + (rng.randint(1, 2) if rng.random() < 0.2 else 0)
    for before in range(1, 4):
        for after in range(1, 4):
            if before != after and rng.random() < 0.4:
                lags[before][after] = rng.randint(-3, 2)
    for ends in ((rng.randint(1, 3), 0), (4, 0), (4, rng.randint(1, 3)), (0, 4)):
        if rng.random() < 0.2:
            lags[ends[0]][ends[1]] = rng.randint(3, 5) if ends == (0, 4) else -rng.randint(2, 5)
    rows = ["3 1 0 0"]
    for node, after in lags.items():
        brackets = " ".join(f"[{lag}]" for lag in after.values())
        rows.append(f"{node} 1 {len(after)} {' '.join(map(str, after))} {brackets}")
    for node, duration in enumerate(durations):
        rows.append(f"{node} 1 {duration} {rng.randint(0, 2) if duration else 0}")
    return "\n".join([*rows, "2", ""])


def written(folder: Path, name: str, text: str) -> Path:
    """The path of a file with this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
