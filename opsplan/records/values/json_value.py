"""JSON values as canonical text."""

import json
from typing import Any

from opsplan.records.values.wrong import Wrong
from opsplan.vocabulary.sentences import say


def to_json(raw: Any) -> str:
    """Write any JSON value as canonical text; a text must itself be JSON."""
    value = raw
    if isinstance(raw, str):
        try:
            value = json.loads(raw)
        except ValueError:
            raise Wrong(say("{value!r} is no JSON", value=raw), say('give a JSON value, such as {{"a": 1}}')) from None
    try:
        return canonical_json(value)
    except (TypeError, ValueError):
        raise Wrong(
            say("{value!r} cannot be written as JSON", value=raw), say("give plain JSON values without NaN")
        ) from None


def canonical_json(value: Any) -> str:
    """Write a JSON value so that equal values give equal text: sorted keys, no blanks, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
