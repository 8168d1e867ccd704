"""Files that are cut, changed or wrong are read or refused with file, line, value and remedy; nothing else happens."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from solver import InvalidProblem, Problem
from solver.formats import read
from tests.seeds import many, with_fresh
from tests.solver.formats.files import FILES, MULTI, NAMED, SINGLE, SKILLS, TWO_PROJECTS, fetcher, read_from, written

_SAID = re.compile(r"[\w./]+, line (\d+): .+ is refused; .+\.", re.DOTALL)


def read_or_refuse(name: str, text: str, named: dict[str, str] = NAMED) -> Problem | str:
    """The problem, or the refusal, which names a line of the file or of one that it names."""
    try:
        return read(name, fetcher(name, text, named))
    except InvalidProblem as refusal:
        said = str(refusal)
    found = _SAID.fullmatch(said)
    assert found is not None, said
    longest = max(given.count("\n") + 1 for given in (text, *named.values()))
    assert 1 <= int(found.group(1)) <= longest, said
    return said


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    """Cut before any blank or line's end; what is cut before the last number of what matters is refused."""
    text = FILES[name]
    matters = text.index("nUnrels") if name == "skills.dzn" else len(text.rstrip("*\n"))
    for length in [0, *(found.start() for found in re.finditer(r"\s", text))]:
        answer = read_or_refuse(name, text[:length])
        if length < matters - 1:
            assert isinstance(answer, str), text[:length]


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_any_one_line_is_read_or_refused(name: str) -> None:
    """Each line left out and each doubled, in turn."""
    lines = FILES[name].split("\n")
    for position in range(len(lines)):
        read_or_refuse(name, "\n".join(lines[:position] + lines[position + 1 :]))
        read_or_refuse(name, "\n".join(lines[:position] + lines[position : position + 1] + lines[position:]))


_OTHER_WORDS = (*"01x[]|=;\x00\n", "", "-1", "1.5", "١", "99999", "9999999999", "1" * 5_000)


def _mutated(name: str, seed: int) -> None:
    rng = random.Random(f"{name} {seed}")
    words = re.split(r"(\s+)", FILES[name])
    for _ in range(rng.randint(1, 3)):
        position = rng.randrange(len(words))
        words[position] = rng.choice([*_OTHER_WORDS, *rng.sample(words, 3)])
    read_or_refuse(name, "".join(words))


@pytest.mark.parametrize("seed", with_fresh(1, 2))
@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_read_or_refused(name: str, seed: int) -> None:
    """A few words replaced by others, a hundred times."""
    for number in range(100):
        _mutated(name, 1_000 * seed + number)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(20))
@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_read_or_refused_six_thousand_times(name: str, seed: int) -> None:
    """The same, sixty times as often."""
    for number in range(300):
        _mutated(name, 1_000 * seed + number)


def changed(name: str, old: str, new: str) -> str:
    """A hand-made file with one text in it replaced."""
    assert old in FILES[name]
    return FILES[name].replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("single.sm", "", "single.sm, line 1: 'end of file' is refused; go on with the head of the file"),
        (
            "single.sm",
            SINGLE[: SINGLE.index("   4        1")],
            "single.sm, line 21: 'end of file' is refused; go on with the successors of job 4.",
        ),
        (
            "single.sm",
            changed("single.sm", "   3        1          1           5", "   3        1          2           5"),
            "line 21: '3 1 2 5' is refused; give job, modes, successors and 2 jobs: 5 words, there are 4",
        ),
        (
            "single.sm",
            changed("single.sm", "   3        1          1           5", "   3        1          1           6"),
            "line 21: '6' is refused; give a successor as an integer from 1 to 5",
        ),
        (
            "single.sm",
            changed("single.sm", "   4        1          1           5", "   4        1          2           2   5"),
            "line 20: '2 -> 4 -> 2' is refused; drop one of these successors",
        ),
        (
            "single.sm",
            changed("single.sm", "  2      1     2       1", "  2      1     2       x"),
            "line 29: 'x' is refused; give an amount as an integer",
        ),
        (
            "single.sm",
            changed("single.sm", "doubly constrained        :  0", "doubly constrained        :  1"),
            "line 11: '1' is refused; give the number of doubly constrained",
        ),
        (
            "single.sm",
            changed("single.sm", "jobs (incl. supersource/sink ):  5", "jobs (incl. supersource/sink ):  100001"),
            "line 6: '100001' is refused; give the number of jobs as an integer from 1 to 100000",
        ),
        ("single.sm", SINGLE + "7\n", "line 38: '7' is refused; drop it, the file is complete"),
        (
            "multi.mm",
            changed("multi.mm", "         2     2       1    0", "         2     0       1    0"),
            "line 21: 0 is refused; give a duration of at least 1",
        ),
        (
            "multi.mm",
            changed("multi.mm", "         2     2       1    0\n", ""),
            "line 21: '3 1 2 2 1' is refused; give mode 2 of job 2",
        ),
        (
            "two.txt",
            TWO_PROJECTS.replace("part/multi.mm", "gone.mm", 1),
            "two.txt, line 4: 'gone.mm' is refused; name a file that can be read, relative to this one (No such file",
        ),
        ("two.txt", TWO_PROJECTS.replace("2\t-1", "2"), "line 9: '2' is refused; give the capacity of each resource"),
        ("two.txt", TWO_PROJECTS.replace("2\t-1", "2\t-2"), "line 9: '-2' is refused; give a capacity as an integer"),
        ("two.txt", TWO_PROJECTS.replace("2\n2\t-1", "1\n2"), "line 4: 'part/multi.mm' is refused; name a file with 1"),
        (
            "skills.dzn",
            SKILLS.replace("nActs = 4;", ""),
            "line 21: 'end of file' is refused; give nActs = ...; somewhere",
        ),
        ("skills.dzn", SKILLS.replace("0,2,3,0", "0,2,3"), "line 4: 'dur' is refused; give 4 values, there are 3"),
        ("skills.dzn", SKILLS.replace("false,true", "maybe,true"), "line 12: 'maybe' is refused; say true or false"),
        ("skills.dzn", SKILLS.replace("[2,3,4,4]", "[2,3,4,1]"), "is refused; drop one of these successors"),
        ("skills.dzn", SKILLS.replace("[2,3,4,4]", "[2,3,4,5]"), "line 16: '5' is refused; give succ as an integer"),
        ("skills.dzn", SKILLS.replace("| 1,1,", "| 1,-1,"), "line 7: '-1' is refused; give a requirement"),
        ("skills.dzn", SKILLS.replace("mint = 3;", "mint = 3"), "is refused; end the value of mint with ; before"),
        ("skills.dzn", SKILLS.replace("mint", "nActs"), "line 3: 'nActs' is refused; give it once, line 2 has it"),
        (
            "lags.sch",
            changed("lags.sch", "[-4]", "-4"),
            "line 4: '-4' is refused; give each successor's lag in brackets",
        ),
        ("lags.sch", changed("lags.sch", "[-4]", "[-4.5]"), "line 4: '-4.5' is refused; give a lag as an integer"),
        ("lags.sch", changed("lags.sch", "[-4]", ""), "line 4: '2 1 2 1 4 [3]' is refused; give activity, modes,"),
        ("lags.sch", changed("lags.sch", "3\t1\t0\t0", "3\t1\t2\t0"), "line 1: '2' is refused; give the number of res"),
        ("lags.sch", changed("lags.sch", "1\t1\t2\t2\t4", "1\t3\t2\t2\t4"), "line 3: '3' is refused; give the mode"),
        ("lags.sch", changed("lags.sch", "4\t1\t0\t0\n", "4\t1\t1\t0\n"), "line 11: 1 is refused; give the first and"),
        ("what.txt", "raid!\n", "what.txt, line 1: 'raid!' is refused; give a file of PSPLIB (.sm, .mm), MISTA 2013"),
        ("what.txt", "", "what.txt, line 1: 'end of file' is refused; go on with a file of PSPLIB"),
    ],
)
def test_refusals_say_what_is_wrong(name: str, text: str, said: str) -> None:
    """Truncated, wrong counts, letters, unknown jobs, missing files, cycles, beyond limits, empty: each by its line."""
    assert said in str(read_or_refuse(name, text))


def test_a_fault_in_a_named_file_is_told_of_that_file() -> None:
    """The line is that of the `.mm` file."""
    named = {"part/multi.mm": MULTI.replace("   3    2\n*", "   3    x\n*")}
    assert read_or_refuse("two.txt", TWO_PROJECTS, named) == (
        "part/multi.mm, line 27: 'x' is refused; give a capacity as an integer from 0 to 1000000000."
    )


def test_more_jobs_than_a_problem_holds_are_refused_before_they_are_read_again() -> None:
    """Thirty thousand projects of four jobs are more than 100,000 actions; projects are at most 10,000."""
    assert "line 1: '30000' is refused" in str(read_or_refuse("two.txt", "30000\n" + TWO_PROJECTS))


def test_durations_beyond_any_horizon_are_refused() -> None:
    """The sum of all durations is more than a million slots."""
    text = SINGLE.replace("  2      1     2 ", "  2      1     999999 ")
    assert "line 36: 1000004 is refused; give durations, lags and releases" in str(read_or_refuse("single.sm", text))


def test_line_endings_and_other_bytes_do_not_matter(tmp_path: Path) -> None:
    """Carriage returns, DOS's end-of-file mark, bytes that are no UTF-8 in the head, and a title in two words."""
    plain = read_from(written(tmp_path, "plain.sm", SINGLE))
    odd = tmp_path / "odd.sm"
    odd.write_bytes(
        SINGLE.replace("hand.bas", "h\u00e4nd.bas").replace("\n", "\r\n").replace("EAVAIL", "E AVAIL").encode("latin-1")
        + b"\x1a"
    )
    assert read_from(odd) == plain
