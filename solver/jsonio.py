"""Problems, solutions and runs as JSON text with a format version; the fingerprint of a problem.

Text in, text out: no file is opened here. The bytes are canonical (keys sorted, no spaces, UTF-8, integers
only), so that equal problems have equal bytes and equal fingerprints.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from solver.codec import from_plain, to_plain
from solver.errors import InvalidProblem
from solver.problem import Problem
from solver.solution import Solution

FORMAT_VERSION = 1
PROBLEM_FORMAT = "opsplan.solver/problem"
SOLUTION_FORMAT = "opsplan.solver/solution"
RUN_FORMAT = "opsplan.solver/run"
TASK_FORMAT = "opsplan.solver/task"
QUESTION_FORMAT = "opsplan.solver/question"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A problem with the solution it got: the one file that verifies by itself.

    Parameters
    ----------
    problem
        What was asked.
    solution
        What was answered.
    """

    problem: Problem
    solution: Solution


def problem_to_json(problem: Problem) -> bytes:
    """Return the canonical UTF-8 bytes of `problem`."""
    return dump(PROBLEM_FORMAT, {"problem": to_plain(problem)})


def problem_from_json(text: str | bytes) -> Problem:
    """Return the problem that `text` describes.

    Raises
    ------
    InvalidProblem
        When the text is no JSON, of another format or version, or describes no valid problem.
    """
    result: Problem = from_plain(Problem, load(text, PROBLEM_FORMAT, "problem")["problem"], "problem")
    return result


def solution_to_json(solution: Solution) -> bytes:
    """Return the canonical UTF-8 bytes of `solution`."""
    return dump(SOLUTION_FORMAT, {"solution": to_plain(solution)})


def solution_from_json(text: str | bytes) -> Solution:
    """Return the solution that `text` describes; raises as `problem_from_json` does."""
    result: Solution = from_plain(Solution, load(text, SOLUTION_FORMAT, "solution")["solution"], "solution")
    return result


def run_to_json(run: RunRecord) -> bytes:
    """Return the canonical UTF-8 bytes of a problem with its solution and its problem's fingerprint."""
    content = {
        "fingerprint": fingerprint(run.problem),
        "problem": to_plain(run.problem),
        "solution": to_plain(run.solution),
    }
    return dump(RUN_FORMAT, content)


def run_from_json(text: str | bytes) -> RunRecord:
    """Return the run that `text` describes; raises as `problem_from_json`, also on a wrong fingerprint."""
    content = load(text, RUN_FORMAT, "fingerprint", "problem", "solution")
    run = RunRecord(
        from_plain(Problem, content["problem"], "problem"),
        from_plain(Solution, content["solution"], "solution"),
    )
    if content["fingerprint"] != fingerprint(run.problem):
        raise InvalidProblem(
            "fingerprint",
            content["fingerprint"],
            "the problem was changed since; take the run as it was written",
        )
    return run


def format_of(text: str | bytes) -> str:
    """Return which of the formats `text` says that it is; raises InvalidProblem when none of them."""
    name = _parse(text).get("format")
    if name not in (PROBLEM_FORMAT, SOLUTION_FORMAT, RUN_FORMAT, TASK_FORMAT):
        raise InvalidProblem("format", name, f"give {PROBLEM_FORMAT}, {SOLUTION_FORMAT} or {RUN_FORMAT}")
    return str(name)


def fingerprint(problem: Problem) -> str:
    """Return the SHA-256 of the problem's canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(problem_to_json(problem)).hexdigest()


def dump(format_name: str, content: dict[str, Any]) -> bytes:
    """Return the canonical bytes of a content with its format and version."""
    whole = {"format": format_name, "version": FORMAT_VERSION, **content}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _parse(text: str | bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InvalidProblem("", str(fault), "give UTF-8 text that is valid JSON") from None
    if not isinstance(content, dict):
        raise InvalidProblem("", type(content).__name__, "give a JSON object with format and version")
    return content


def load(text: str | bytes, format_name: str, *wanted: str) -> dict[str, Any]:
    """Return the content of a text of the given format, of which exactly the `wanted` members are asked.

    Raises
    ------
    InvalidProblem
        When the text is no JSON, of another format or version, or has other members.
    """
    content = _parse(text)
    if content.get("format") != format_name:
        raise InvalidProblem("format", content.get("format"), f"give {format_name}")
    if type(content.get("version")) is not int or content["version"] != FORMAT_VERSION:
        raise InvalidProblem("version", content.get("version"), f"this release reads version {FORMAT_VERSION}")
    for name in wanted:
        if name not in content:
            raise InvalidProblem(name, None, "give this field, it is missing")
    for name in content:
        if name not in (*wanted, "format", "version"):
            raise InvalidProblem(name, content[name], f"drop it; known fields are {', '.join(wanted)}")
    return content
