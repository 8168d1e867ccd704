"""Best known values from a ``refs.csv``: which rows are an instance's, and what they say."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

NAME = "refs.csv"
_FAMILIES = ("mista", "psplib", "mspsp", "rcpsp-max")
_ENDINGS = (".txt", ".sm", ".mm", ".dzn", ".sch")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of an instance: a value to measure against, or that it has no plan.

    Parameters
    ----------
    value
        The smallest value of the instance's rows; of bounds ``lower..upper`` the upper one, of a total project delay
        and makespan ``delay/makespan`` the delay.
    is_infeasible
        Whether its rows say that it has no plan.
    """

    value: int | None = None
    is_infeasible: bool = False


NOTHING_KNOWN = Reference()


class References:
    """The rows of a ``refs.csv``, with the columns problem (optional), instance and reference.

    A row names an instance by its path, whole or from some folder on, or by its file's name, with or without ending.
    Where rows with a path fit, those with the mere name are not asked.

    Parameters
    ----------
    rows
        Pairs of the instance's name and the reference as they are written.
    """

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        self._by_name: dict[tuple[str, ...], list[str]] = {}
        for name, text in rows:
            self._by_name.setdefault(_parts(name), []).append(text)

    @classmethod
    def near(cls, folder: Path, family: str) -> "References":
        """Read the ``refs.csv`` in `folder` or its parent; there are none where neither has one."""
        for place in (folder, folder.absolute().parent):
            if (place / NAME).is_file():
                with (place / NAME).open(encoding="utf-8", newline="") as file:
                    return cls(
                        [
                            (row["instance"], row["reference"] or "")
                            for row in csv.DictReader(file)
                            if row.get("instance") and not _is_of_another(row.get("problem") or "", family)
                        ]
                    )
        return cls([])

    def of(self, path: Path) -> Reference:
        """Return what the rows of the instance at `path` say."""
        for whole in (path.absolute(), path.resolve()):
            parts = _parts(whole.as_posix())
            for length in range(len(parts), 0, -1):
                texts = self._by_name.get(parts[-length:])
                if texts:
                    return _smallest(texts)
        return NOTHING_KNOWN


def _is_of_another(problem: str, family: str) -> bool:
    name = re.sub(r"[\W_]+", "-", problem.strip().lower())
    return not name.startswith(family) and name.startswith(_FAMILIES)


def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path in small letters, without the ending."""
    path = PurePosixPath(name.strip().replace("\\", "/").lower().lstrip("/"))
    if path.suffix in _ENDINGS:
        path = path.with_suffix("")
    return tuple(part for part in path.parts if part != ".")


def _smallest(texts: list[str]) -> Reference:
    values = [value for value in map(_value, texts) if value is not None]
    if values:
        return Reference(min(values))
    return Reference(is_infeasible=any(re.search(r"infeasible|unsat", text, re.IGNORECASE) for text in texts))


def _value(text: str) -> int | None:
    found = re.fullmatch(r"\s*(?:[0-9]+\s*\.\.\s*)?([0-9]+)\s*(?:/\s*[0-9]+\s*)?", text)
    return int(found.group(1)) if found else None
