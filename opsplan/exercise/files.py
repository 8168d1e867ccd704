"""The exercise as a folder of JSON Lines, one file per noun, and what was planted beside them."""

from pathlib import Path

import orjson

from opsplan.exercise.exercise import Exercise
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.ids import prefix_of

PLANTED_FILE = "planted.json"
"""The planted plan and the planted reasons: for whoever judges a scheduler, never read by the product."""


def write_files(exercise: Exercise, folder: Path) -> dict[str, int]:
    """Write the exercise into `folder`, which is made when it is not there; give the rows by file name.

    Its agencies are marked as exercise, so that `opsplan load` enters them, and all that they own, as EXERCISE data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    for noun in exercise.nouns:
        name = f"{prefix_of(noun)}.jsonl"
        counts[name] = 0
        with (folder / name).open("wb") as file:
            for row in exercise.rows(noun):
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                counts[name] += 1
    (folder / PLANTED_FILE).write_bytes(_planted(exercise))
    return counts


def _planted(exercise: Exercise) -> bytes:
    content = {
        "planted": [
            {"action": each.action, "start": instant_text(each.start), "mode": each.mode, "units": each.units}
            for each in exercise.planted
        ],
        "unplaceable": [
            {"action": each.action, "obstacle": each.obstacle.value, "code": each.obstacle.code}
            for each in exercise.unplaceable
        ],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
