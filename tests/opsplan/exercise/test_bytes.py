"""The same seed gives the same bytes: in another process, with another hash seed, at another time."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opsplan.exercise import Size
from opsplan.exercise.files import PLANTED_FILE, write_files
from tests.opsplan.exercise.made import exercise

SCRIPT = """
import sys
from pathlib import Path
from opsplan.exercise import Size, make_exercise
from opsplan.exercise.files import write_files
write_files(make_exercise(Size(sys.argv[1]), int(sys.argv[2])), Path(sys.argv[3]))
"""


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def written_elsewhere(size: Size, seed: int, folder: Path, hash_seed: str) -> "subprocess.Popen[bytes]":
    """Begin to write an exercise in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen([sys.executable, "-c", SCRIPT, size.value, str(seed), str(folder)], env=environment)


def check(size: Size, seed: int, folder: Path) -> None:
    """Write an exercise here and in two other processes, and compare."""
    others = {"1": folder / "one", "4711": folder / "two"}
    processes = [written_elsewhere(size, seed, other, hash_seed) for hash_seed, other in others.items()]
    write_files(exercise(size, seed), folder / "here")
    assert [process.wait(timeout=240) for process in processes] == [0, 0]
    here = digests(folder / "here")
    assert [digests(other) for other in others.values()] == [here, here]


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """Two processes with different hash seeds, and this one, write equal files."""
    check(Size.SMALL, 1, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("size", [Size.FULL, Size.HUGE])
def test_two_processes_write_the_same_bytes_in_every_size(tmp_path: Path, size: Size) -> None:
    """The same for the larger sizes."""
    check(size, 1, tmp_path)


def test_another_seed_writes_other_bytes(tmp_path: Path) -> None:
    """Every file but the list of quiet hours, which few seeds fill otherwise, differs between two seeds."""
    write_files(exercise(Size.SMALL, 1), tmp_path / "one")
    write_files(exercise(Size.SMALL, 2), tmp_path / "two")
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one.keys() == two.keys()
    assert PLANTED_FILE in one
    assert all(one[name] != two[name] for name in one if name != "quiet_hours.jsonl")
