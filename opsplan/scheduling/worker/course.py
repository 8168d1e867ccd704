"""The course of a run: how incumbent and bounds went, as points in time; never more than a few hundred."""

import json
from collections.abc import Mapping
from typing import Any

_MOST_POINTS = 400
_TOLD = ("stage", "placed", "unplaced", "score", "bounds", "gap")


class Course:
    """Collects the points of one run. Of too many every other is dropped, the first and the last never."""

    def __init__(self) -> None:
        self._points: list[dict[str, Any]] = []
        self._latest: dict[str, Any] | None = None

    def add(self, event: Mapping[str, Any]) -> None:
        """Take a point from an event of the child, unless nothing but time has passed."""
        point = {"elapsed_seconds": event["elapsed_seconds"], **{name: event.get(name) for name in _TOLD}}
        if self._latest is not None and all(point[name] == self._latest[name] for name in _TOLD):
            return
        self._latest = point
        self._points.append(point)
        if len(self._points) > _MOST_POINTS:
            self._points = self._points[:1] + self._points[1:-1:2] + self._points[-1:]

    @property
    def points(self) -> list[dict[str, Any]]:
        """All points kept, by time."""
        return list(self._points)

    def brief(self) -> list[list[Any]]:
        """Give what the run's record keeps: seconds, placed actions, placed weight, its bound; null where unknown."""
        return [
            [
                point["elapsed_seconds"],
                point["placed"],
                (point["score"] or {}).get("placed_weight"),
                (point["bounds"] or {}).get("placed_weight"),
            ]
            for point in self._points
        ]

    def to_json(self) -> bytes:
        """Write all points as a file."""
        whole = {"format": "opsplan.scheduling/course", "version": 1, "points": self._points}
        return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()
