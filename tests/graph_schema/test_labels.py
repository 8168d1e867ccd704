"""Tests of labels.toml: it knows every label, its owner is the room that declares or writes it."""

import re
from pathlib import Path

import opsplan
from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.labels import declared_labels

_WRITES = re.compile(r"\b(?:CREATE|MERGE)\s*\(\s*\w*((?::[A-Z]\w*)+)")
_SHARED = {"Record", "Reference", "Retired"}


def test_nouns_stand_there_with_their_owner_and_description() -> None:
    """Each noun's label is listed with the capability that owns it and what it means."""
    labels = declared_labels()
    for noun in CATALOGUE:
        assert (labels[noun.label].owner, labels[noun.label].means) == (noun.owner, noun.description)


def test_every_label_that_is_written_is_listed_and_written_by_its_owner() -> None:
    """Wherever a statement creates a node, the label is listed, and the file lies in the folder of its owner."""
    labels = declared_labels()
    house = Path(opsplan.__file__).parent
    written: set[str] = set()
    for file in house.rglob("*.py"):
        room = file.relative_to(house).parts[0]
        for found in _WRITES.findall(file.read_text(encoding="utf-8")):
            for label in found.strip(":").split(":"):
                # The local server rehearses on a throw-away graph, whose label never reaches a real one.
                if label in _SHARED or (room, label) == ("graph", "Rehearsal"):
                    continue
                assert label in labels, f"{file}: {label} is not in graph_schema/labels.toml"
                assert labels[label].owner == room, f"{file}: {label} belongs to {labels[label].owner}"
                written.add(label)
    service = {name for name in labels if name not in CATALOGUE} - _SHARED
    assert service <= written
