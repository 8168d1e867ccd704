"""One scenario beside the baseline: what differs, by goal, country, resource and action."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opsplan.scheduling.scenario.figures import by_key

_COUNTRY = ("actions", "placed", "weight", "victims", "lateness", "units_used", "unit_cost", "burden_permille")
_RESOURCE = ("most_there", "peak_used", "full_minutes", "left_out_that_need_it")


def compared(baseline: Mapping[str, Any], scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Hold a scenario's figures against those of the baseline; each number with its change."""
    before = {each["action_id"]: each for each in baseline["placed"]}
    after = {each["action_id"]: each for each in scenario["placed"]}
    both = sorted(before.keys() & after.keys())
    return {
        "goals": _goals(baseline["goals"], scenario["goals"]),
        "countries": _changes(baseline["countries"], scenario["countries"], ("country",), _COUNTRY),
        "resources": _changes(baseline["resources"], scenario["resources"], ("country", "kind", "language"), _RESOURCE),
        "gained": sorted(after.keys() - before.keys()),
        "lost": sorted(before.keys() - after.keys()),
        "moved": [action_id for action_id in both if before[action_id]["start"] != after[action_id]["start"]],
        "restaffed": [
            action_id
            for action_id in both
            if before[action_id]["start"] == after[action_id]["start"]
            and (before[action_id]["mode_id"], before[action_id]["unit_ids"])
            != (after[action_id]["mode_id"], after[action_id]["unit_ids"])
        ],
    }


def _goals(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    then = by_key(before, "goal")
    return [
        {
            "goal": each["goal"],
            "before": then[each["goal"],]["value"],
            "after": each["value"],
            "change": round(each["value"] - then[each["goal"],]["value"], 6),
            "better": each["better"],
            "bound_before": then[each["goal"],]["bound"],
            "bound_after": each["bound"],
        }
        for each in after
        if (each["goal"],) in then
    ]


def _changes(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    names: tuple[str, ...],
    numbers: tuple[str, ...],
) -> list[dict[str, Any]]:
    """Give rows of either side with each number before and after; what only one side has is nought on the other."""
    then, now = by_key(before, *names), by_key(after, *names)
    rows = []
    for key in sorted({*then, *now}, key=lambda each: tuple(value or "" for value in each)):
        told: dict[str, Any] = dict(zip(names, key, strict=True))
        for number in numbers:
            told[number] = (now.get(key) or {}).get(number, 0)
            told[f"{number}_before"] = (then.get(key) or {}).get(number, 0)
        rows.append(told)
    return rows
