"""The facts that a run read, as a file: written by the worker, read again when its plan is to be published."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from opsplan.scheduling.problem.facts import Fact

FILE = "facts.json"
"""Name of the file among the run's artefacts."""

_FORMAT = "opsplan.scheduling/facts"
_VERSION = 2
_READABLE = (1, 2)
"""The first did not say what facts belong to."""


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """What a run's problem was made from: every record with its version, at which commit, on which grid."""

    commit: int
    slot_minutes: int
    facts: Mapping[str, Fact]


def facts_to_json(read: ReadFacts) -> bytes:
    """Write the facts, sorted by id."""
    rows = [
        {
            "id": fact.id,
            "noun": fact.noun,
            "name": fact.name,
            "version": fact.version,
            "digest": fact.digest,
            "belongs_to": list(fact.belongs_to),
        }
        for _, fact in sorted(read.facts.items())
    ]
    whole = {
        "format": _FORMAT,
        "version": _VERSION,
        "commit": read.commit,
        "slot_minutes": read.slot_minutes,
        "facts": rows,
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def facts_from_json(text: bytes) -> ReadFacts:
    """Read the facts again.

    Raises
    ------
    ValueError
        When the text is of another format or version.
    """
    whole = json.loads(text)
    if whole.get("format") != _FORMAT or whole.get("version") not in _READABLE:
        raise ValueError(f"facts of format {whole.get('format')} version {whole.get('version')} cannot be read")
    facts = (
        Fact(row["id"], row["noun"], row["name"], row["version"], row["digest"], tuple(row.get("belongs_to", ())))
        for row in whole["facts"]
    )
    return ReadFacts(whole["commit"], whole["slot_minutes"], {fact.id: fact for fact in facts})
