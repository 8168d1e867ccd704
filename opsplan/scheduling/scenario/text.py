"""Changes as plain JSON values and back: what a run's record keeps of its scenario."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from opsplan.scheduling.scenario import changes
from opsplan.scheduling.scenario.changes import Change
from opsplan.vocabulary.clock import instant_from_text, instant_text

KINDS: Mapping[str, Any] = {
    "unitAway": changes.UnitAway,
    "unitAdded": changes.UnitAdded,
    "resourceChanged": changes.ResourceChanged,
    "actionLeftOut": changes.ActionLeftOut,
    "actionWeighed": changes.ActionWeighed,
    "windowChanged": changes.WindowChanged,
    "warrantGranted": changes.WarrantGranted,
    "unitPermitted": changes.UnitPermitted,
    "hHourMoved": changes.HHourMoved,
}
"""Kinds of changes by the name that callers give them."""

INSTANTS = frozenset({"start", "end", "due"})

_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(change: Change) -> str:
    """Give the name of a change's kind."""
    return _NAMES[type(change)]


def changes_to_plain(some: Iterable[Change]) -> list[dict[str, Any]]:
    """Give changes as JSON values, each under the name of its kind; what is None is left out."""
    return [{kind_of(change): _plain(change)} for change in some]


def changes_from_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Give the changes that `changes_to_plain` wrote."""
    return tuple(_change(name, values) for each in plain for name, values in each.items())


def _plain(change: Change) -> dict[str, Any]:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {
        name: instant_text(value) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


def _change(name: str, values: Mapping[str, Any]) -> Change:
    read: dict[str, Any] = {
        field: instant_from_text(value) if field in INSTANTS else value for field, value in values.items()
    }
    change: Change = KINDS[name](**read)
    return change
