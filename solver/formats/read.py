"""The front door: which format a file is in, and the problem that it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from solver.formats.mista import read_mista
from solver.formats.mspsp_dzn import read_mspsp
from solver.formats.psplib import read_psplib
from solver.formats.rcpsp_max import read_rcpsp_max
from solver.formats.rows import Rows, decoded
from solver.problem import Problem


class Format(Enum):
    """A format that is read, by the name of its family."""

    PSPLIB = "psplib"
    MISTA = "mista"
    MSPSP = "mspsp"
    RCPSP_MAX = "rcpsp-max"


ENDINGS = {
    ".sm": Format.PSPLIB,
    ".mm": Format.PSPLIB,
    ".dzn": Format.MSPSP,
    ".sch": Format.RCPSP_MAX,
}
"""What an ending, in small letters, says by itself; files with other endings are told apart by what they hold."""


def format_of_file(file: str, text: bytes) -> Format:
    """Return which format a file is in, by its ending or else by what it holds.

    Raises
    ------
    InvalidProblem
        When it is none of them.
    """
    known = ENDINGS.get(_ending(file))
    if known is not None:
        return known
    content = decoded(text)
    if re.search(r"^\s*(PRECEDENCE RELATIONS|jobs \(incl)", content, re.MULTILINE | re.IGNORECASE):
        return Format.PSPLIB
    if re.search(r"^\s*[A-Za-z_]\w*\s*=", content, re.MULTILINE):
        return Format.MSPSP
    rows = Rows(file, text)
    first = rows.next(_CONTENTS)
    if not re.fullmatch(r"[0-9]+", first.words[0]):
        first.refuse(f"give {_CONTENTS}")
    return Format.MISTA if len(first.words) == 1 else Format.RCPSP_MAX


_CONTENTS = "a file of PSPLIB (.sm, .mm), MISTA 2013 (.txt), MSPSP (.dzn) or RCPSP/max (.sch)"


def read(file: str, fetch: Callable[[str], bytes]) -> Problem:
    """Return the problem that a public benchmark file holds, whichever of the formats it is in.

    This package opens no files itself: ``read("A-1.txt", lambda name: (folder / name).read_bytes())``.

    Parameters
    ----------
    file
        The file's name, without its folder.
    fetch
        Gives the bytes of a file by its name relative to that folder; called once more for each file that a MISTA
        file names.

    Raises
    ------
    InvalidProblem
        With the file, the line, the value and the remedy.
    OSError
        When the file itself cannot be read.
    """
    text = fetch(file)
    found = format_of_file(file, text)
    if found is Format.MISTA:
        return read_mista(file, text, fetch)
    reader = {Format.PSPLIB: read_psplib, Format.MSPSP: read_mspsp, Format.RCPSP_MAX: read_rcpsp_max}[found]
    return reader(file, text)


def _ending(file: str) -> str:
    return "." + file.lower().rpartition(".")[2]
