"""Examples: a file of one row for each noun, with the columns that may be given."""

from pathlib import Path
from typing import Any

from opsplan.exchange.columns import columns_of
from opsplan.exchange.formats import FORMATS
from opsplan.records.declaration import Noun
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.ids import prefix_of
from opsplan.vocabulary.sentences import say

OWNER = "KH-NCB"
"""The agency that owns the records of the examples."""


def example_row(noun: Noun) -> dict[str, Any]:
    """Give an example row: the declared examples, and references by external id to the example of the other noun."""
    row: dict[str, Any] = {"external_id": f"EXERCISE-{prefix_of(noun.name)}-1"}
    if noun.owns_itself:
        row["exercise"] = True
    else:
        row["owner"] = OWNER
    for each in noun.properties:
        if each.entered and each.example is not None:
            row[each.name] = each.example
    for relation in noun.entered_relations:
        if relation.example is not None:
            row[relation.name] = relation.example
        elif relation.required:
            row[relation.name] = f"{OWNER}/EXERCISE-{prefix_of(relation.targets[0])}-1"
    return row


def describe(noun: Noun) -> list[tuple[str, str, str, str]]:
    """Give for each column: its name, its kind, whether it is required, and what it means."""
    told = {
        "id": ("id", "no", "opsplan's own id; only to change a record that has one."),
        "external_id": ("TEXT", "yes, or id", "The owning agency's own name for the record."),
        "owner": ("reference", "or --owner", "The owning agency, by its code."),
        "state": ("CHOICE", "no", "Of a record that an export restores by its id; all others begin their course."),
        "exercise": ("BOOLEAN", "no", "Whether it and all that it owns is EXERCISE data; given at creation only."),
    }
    rows = [(name, *told[name]) for name in columns_of(noun) if name in told]
    for each in noun.kept_in_files:
        if each.name not in {row[0] for row in rows}:
            kind = f"{each.kind}" + (f": {', '.join(each.choices)}" if each.choices else "")
            rows.append((each.name, kind, "yes" if each.required else "no", each.description))
    for relation in noun.entered_relations:
        kind = f"reference{'s' if relation.many else ''} to {' or '.join(relation.targets)}"
        rows.append((relation.name, kind, "yes" if relation.required else "no", relation.description))
    return rows


def write_template(noun: Noun, path: Path) -> None:
    """Write the example of a noun to `path`, in the format that its ending names.

    Raises
    ------
    Invalid
        When the noun is kept by the service, or the ending is unknown.
    """
    if not noun.entered:
        raise Invalid(
            say("{noun_name} is kept by the service and is not loaded", noun_name=noun.name),
            field="noun",
            value=noun.name,
        )
    format_ = FORMATS.get(path.suffix.lower())
    if format_ is None:
        remedy = say("give a file that ends in {known:or}", known=sorted(FORMATS))
        raise Invalid(
            say("{path}: the ending is no known format; {remedy}", path=path, remedy=remedy),
            field="out",
            value=str(path),
            remedy=remedy,
        )
    format_.write(path, columns_of(noun), [example_row(noun)])
