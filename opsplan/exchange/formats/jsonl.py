"""JSON Lines (jsonlines.org): one object a line, UTF-8; ``noun`` names the noun where the file's name does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from opsplan.exchange.formats.row import RawRow, broken
from opsplan.vocabulary.sentences import say

LONGEST_LINE_BYTES = 4 * 1024 * 1024


def read(path: Path) -> Iterator[RawRow]:
    """Give the objects of a file; empty lines are passed over.

    Raises
    ------
    Invalid
        For a line that is no JSON object, is not UTF-8, or is longer than 4 MiB.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE_BYTES + 1):
            number += 1
            if len(line) > LONGEST_LINE_BYTES:
                raise broken(path, number, say("the line is longer than 4 MiB"), say("write one object a line"))
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                given = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                what = (
                    say("the line is not UTF-8")
                    if _is_not_utf8(line)
                    else say("the line is no JSON ({msg})", msg=error.msg)
                )
                raise broken(path, number, what, say('write one object a line, such as {{"name": "..."}}')) from None
            if not isinstance(given, dict):
                raise broken(path, number, say("the line is no JSON object"), say("write one object a line")) from None
            noun = given.pop("noun", None)
            yield RawRow(number, None if noun is None else str(noun), given)


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows, values that are None left out, members in the order of `columns`; gives how many."""
    count = 0
    with path.open("wb") as file:
        for row in rows:
            kept = {name: row[name] for name in columns if row.get(name) is not None}
            file.write(orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


def _is_not_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
