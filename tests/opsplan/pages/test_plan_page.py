"""The plan's page is whole, marked, safe, and loads nothing."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from opsplan.geography.outline import Canvas, WorldMap
from opsplan.pages import plan_page

WORLD = WorldMap(Canvas(), "M0 0l1 0 0 1z", {"KH": "M1 1l1 0 0 1z", "DE": "M2 2l1 0 0 1z"}, ())


def an_action(name: str, code: str = "KH", **more: Any) -> dict[str, Any]:
    return {
        "id": f"action_{name}",
        "name": name,
        "kind": "RAID",
        "expectedVictims": 35,
        "country": {"code": code, "name": {"KH": "Cambodia", "DE": "Germany"}[code]},
        "location": {"longitude": 104.9, "latitude": 11.6},
        "group": {"name": "EXERCISE Blue doors"},
        **more,
    }


def a_document(**of_operation: Any) -> dict[str, Any]:
    def planned(name: str, code: str, start: str, end: str, zone: str) -> dict[str, Any]:
        return {
            "action": an_action(name, code),
            "start": start,
            "end": end,
            "localStart": "2026-12-09T11:00+07:00",
            "timeZone": zone,
            "hOffsetMinutes": -90,
            "mode": {"name": "full team"},
            "units": [{"id": "unit_1", "name": "EXERCISE Tactical 1"}],
        }

    return {
        "operation": {
            "codeName": "EXERCISE Lantern",
            "hHour": "2026-12-09T04:00:00.000Z",
            "start": "2026-12-07T00:00:00.000Z",
            "end": "2026-12-13T00:00:00.000Z",
            "exercise": True,
            **of_operation,
        },
        "plan": {
            "number": 1,
            "state": "PUBLISHED",
            "publishedAt": "2026-12-01T10:00:00.000Z",
            "outcome": "FEASIBLE",
            "placed": 2,
            "unplaced": 1,
            "problemFingerprint": "ab" * 32,
            "score": [
                {"goal": "missing_mandatory", "value": 0, "bound": 0, "better": "less"},
                {"goal": "cost", "value": 321653.33, "bound": 200000, "better": "less"},
                {"goal": "lateness", "value": 5, "bound": None, "better": "less"},
            ],
            "actions": [
                planned("One", "KH", "2026-12-09T04:00:00.000Z", "2026-12-09T07:00:00.000Z", "Asia/Phnom_Penh"),
                planned("Two <script>", "DE", "2026-12-09T05:00:00.000Z", "2026-12-09T06:00:00.000Z", "Europe/Berlin"),
            ],
            "leftOut": [{"action": an_action("Three"), "codes": ["NO_UNIT_OF_TYPE"], "sentence": "No unit & no bed."}],
        },
    }


class Links(HTMLParser):
    """Collects whatever a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [
            f"{tag} {name}={value}" for name, value in attrs if name in {"src", "href", "srcset", "action"}
        ]


def test_page_loads_nothing_and_forbids_it() -> None:
    """No element refers to another file, no style imports one, and the page's own policy forbids the net."""
    page = plan_page(a_document(), WORLD)
    links = Links()
    links.feed(page)
    assert links.fetched == []
    assert not re.search(r"@import|url\(|https?://", page)
    assert "default-src 'none'" in page


def test_page_shows_every_action_in_three_times_and_every_reason() -> None:
    """Each placed action stands with UTC, local time and H±; each one left out with code and sentence."""
    page = plan_page(a_document(), WORLD)
    assert page.count('<button class="bar RAID"') == 2
    assert "H-01:30" in page
    assert "2026-12-09T11:00+07:00 (Asia/Phnom_Penh)" in page
    assert "Wed 09 Dec 04:00 to 07:00 UTC" in page
    assert "NO_UNIT_OF_TYPE" in page
    assert "No unit &amp; no bed." in page


def test_page_shows_each_goal_with_what_is_proven_of_it() -> None:
    """Goals stand in people's words and units, each with the bound that the search has proven."""
    rows = re.findall(r"<tr><td>([^<]+)</td><td class=\"number\">([^<]+)</td><td class=\"number\">([^<]+)", _page())
    assert [(words.split()[0], value, bound) for words, value, bound in rows] == [
        ("mandatory", "0", "proven best"),
        ("cost", "321,653.33", "200,000"),
        ("lateness:", "5", "not known"),
    ]


def test_each_colour_of_the_chart_is_explained() -> None:
    """Every kind of action that has a bar stands in the legend."""
    assert '<i class="bar RAID"></i>raid' in _page()


def _page() -> str:
    return plan_page(a_document(), WORLD)


def test_text_from_the_graph_is_escaped() -> None:
    """A name that holds markup stays text."""
    page = plan_page(a_document(), WORLD)
    assert "Two <script>" not in page
    assert "Two &lt;script&gt;" in page


@pytest.mark.parametrize("exercise", [True, False])
def test_exercise_is_marked_and_live_is_not(exercise: bool) -> None:
    """The page of an exercise says so at its top and its end; that of a live plan does not."""
    page = plan_page(a_document(exercise=exercise, codeName="Lantern"), WORLD)
    assert ('<div class="exercise">' in page) is exercise
    assert ("all sites, persons and units are invented" in page) is exercise


def test_a_plan_that_places_nothing_has_a_page() -> None:
    """An empty plan shows its reasons instead of a chart."""
    document = a_document()
    document["plan"]["actions"] = []
    assert "No action could be placed" in plan_page(document, WORLD)
