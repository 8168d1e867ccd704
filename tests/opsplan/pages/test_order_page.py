"""Order sheets on paper and in calendars: whole, safe, and the same when another library reads them."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from opsplan.pages.order_calendar import calendar_of
from opsplan.pages.order_page import country_page, unit_page, way_text
from opsplan.vocabulary.clock import instant_from_text

NOW = "2026-11-29T10:00:00.000Z"
ODD = 'Raid "Héron" <b>, Court; 第\u4e00; a\\b'
NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(str.strip)


def a_task(**more: Any) -> dict[str, Any]:
    contact = {"role": "HOST", "agency": "EX-KH", "agency_name": "EXERCISE Police", "post": "Duty desk"}
    route = {"from": "home", "minutes": 95, "leave_by": "2026-12-01T04:25:00.000Z", "by": "ROAD"}
    return {
        "action_id": "action_1",
        "action": "EXERCISE Raid on Heron Court",
        "kind": "RAID",
        "state": "NOTIFIED",
        "mode": "By day",
        "part": "TACTICAL type 2",
        "start": "2026-12-01T06:00:00.000Z",
        "end": "2026-12-01T08:00:00.000Z",
        "local_start": "2026-12-01T13:00+07:00",
        "local_end": "2026-12-01T15:00+07:00",
        "time_zone": "Asia/Phnom_Penh",
        "h": "H-22:00",
        "h_offset_minutes": -1320,
        "expected_victims": 35,
        "location": {"longitude": 104.9, "latitude": -11.6},
        "compound": "EXERCISE Heron Court",
        "country": "KH",
        "country_name": "Cambodia",
        "group": "EXERCISE Blue doors",
        "tolerance_minutes": 10,
        "units": [
            {"unit_id": "unit_2", "unit": "Two", "kind": "K9", "agency": "EX-TH", "agency_name": "EXERCISE Thai"}
        ],
        "contacts": [
            {**contact, "phone": "+999123", "secure_channel": None, "languages": ["km"], "standing": "DEPUTY"}
        ],
        "route": route,
        **more,
    }


def a_sheet(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "operation_id": "operation_1",
        "operation": "EXERCISE Lantern",
        "operation_state": "READY",
        "h_hour": "2026-12-02T04:00:00.000Z",
        "plan_id": "plan_1",
        "plan_number": 3,
        "plan_state": "PUBLISHED",
        "published_at": "2026-11-28T10:00:00.000Z",
        "exercise": True,
        "unit_id": "unit_1",
        "unit": "EXERCISE Tactical 1",
        "kind": "TACTICAL",
        "type": 1,
        "agency": "EX-KH",
        "agency_name": "EXERCISE Police",
        "order_id": "tasking_1",
        "state": "ISSUED",
        "acknowledged_at": None,
        "changes": [],
        "tasks": list(tasks),
        **more,
    }


class Reader(HTMLParser):
    """Collects what a page says and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def said(page: str) -> str:
    """Give the words of a page, which is well-formed and loads nothing."""
    reader = Reader()
    reader.feed(page)
    assert (reader.open, reader.loads) == ([], [])
    assert "<script" not in page
    return re.sub(r"\s+", " ", " ".join(reader.words))


def test_a_unit_s_page_says_all_that_it_needs_to_know() -> None:
    """Where, when by three clocks, with whom, whom to call, the way, and room to sign."""
    words = said(unit_page(a_sheet(a_task()), NOW))
    for each in (
        "EXERCISE EXERCISE EXERCISE",
        "2026-12-01 13:00 +07:00",
        "2026-12-01 06:00 UTC",
        "H-22:00",
        "Asia/Phnom_Penh",
        "11.60000° S, 104.90000° E",
        "within 10 minutes",
        "by road from home, 1 h 35 min; leave by 2026-12-01 04:25 UTC",
        "EXERCISE Thai",
        "+999123",
        "deputy",
        "received by",
        "H-hour 2026-12-02 04:00 UTC",
    ):
        assert each in words, each
    assert "NOT AN ORDER" not in words


def test_a_draft_s_page_says_that_it_is_no_order() -> None:
    """What is not published carries its state across the page, and no place to sign."""
    sheet = a_sheet(a_task(), plan_state="DRAFT", published_at=None, order_id=None)
    words = said(unit_page(sheet, NOW))
    assert "DRAFT: NOT AN ORDER" in words
    assert "received by" not in words


def test_a_released_unit_s_page_says_so() -> None:
    """No task, but what was dropped."""
    change = {"kind": "DROPPED", "action_id": "action_1", "action": "Raid", "start": "2026-12-01T06:00:00.000Z"}
    words = said(unit_page(a_sheet(changes=[{**change, "sentence": "Raid is dropped."}]), NOW))
    assert "it is released" in words
    assert "Raid is dropped." in words


def test_names_are_text_wherever_they_stand() -> None:
    """No name becomes a tag."""
    task = a_task(action=ODD, compound=ODD, mode=ODD, group=ODD)
    for page in (unit_page(a_sheet(task, unit=ODD, operation=ODD), NOW), country_page(a_sheet(task), ODD, NOW)):
        assert "<b>, Court" not in page.replace("<b>2026", "")
        assert ODD in said(page) or ODD.replace("  ", " ") in said(page)


def test_the_page_is_made_for_a4() -> None:
    """The sheet of paper is named, and no task is cut by a page's end where that can be helped."""
    page = unit_page(a_sheet(a_task()), NOW)
    assert "size: A4 portrait" in page
    assert "break-inside: avoid" in page


def read_back(calendar: bytes) -> Any:
    """Read a calendar by another library than the one that wrote it."""
    return vobject.readOne(calendar.decode())


@given(NAMES, NAMES, st.integers(0, 10_000), st.integers(1, 3_000))
def test_a_calendar_read_by_another_library_says_the_same(name: str, mode: str, start: int, length: int) -> None:
    """Any name, any time: summary, begin, end, place and identity are what the sheet has."""
    first = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=start)
    last = first + timedelta(minutes=length)
    texts = {"start": first.isoformat(), "end": last.isoformat()}
    sheet = a_sheet(a_task(action=name, mode=mode, compound=name, **texts), exercise=False)
    event = read_back(calendar_of(sheet, "unit_1", "Orders", NOW)).vevent
    assert event.summary.value == name
    assert (event.dtstart.value, event.dtend.value) == (first, last)
    assert event.location.value == f"{name}, Cambodia"
    assert event.uid.value == "action_1.unit_1@opsplan"
    assert (event.sequence.value, event.status.value) == ("3", "CONFIRMED")
    assert f"How: {mode}; part: TACTICAL type 2" in event.description.value
    assert [float(each) for each in event.geo.value.split(";")] == [-11.6, 104.9]


def test_what_is_dropped_or_called_off_is_cancelled_in_calendars() -> None:
    """The event keeps its identity, so that a calendar that had it takes it away."""
    change = {"kind": "DROPPED", "action_id": "action_9", "action": "Raid", "start": "2026-12-01T06:00:00.000Z"}
    sheet = a_sheet(a_task(state="ABORTED"), changes=[{**change, "sentence": "Raid is dropped."}])
    calendar = read_back(calendar_of(sheet, "unit_1", "Orders", NOW))
    events = {each.uid.value: each for each in calendar.vevent_list}
    assert events.keys() == {"action_1.unit_1@opsplan", "action_9.unit_1@opsplan"}
    assert {each.status.value for each in events.values()} == {"CANCELLED"}
    assert events["action_9.unit_1@opsplan"].dtstart.value == instant_from_text("2026-12-01T06:00:00.000Z")
    assert events["action_9.unit_1@opsplan"].summary.value == "EXERCISE Raid"


def test_a_draft_is_tentative_in_calendars() -> None:
    """Nobody's calendar says that a draft is settled."""
    event = read_back(calendar_of(a_sheet(a_task(), plan_state="DRAFT"), "KH", "Actions", NOW)).vevent
    assert event.status.value == "TENTATIVE"


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 min"), (60, "1 h;"), (61, "1 h 1 min")])
def test_ways_are_said_in_hours_and_minutes(minutes: int, words: str) -> None:
    """By road and by air."""
    route = {"from": "home", "minutes": minutes, "leave_by": NOW, "by": "ROAD"}
    assert words in way_text(route)
    air = {**route, "by": "AIR", "departure_airport": "Ninoy Aquino (MNL)", "arrival_airport": "Techo (KTI)"}
    legs = {"to_departure_minutes": 30, "flight_minutes": 200, "from_arrival_minutes": minutes}
    assert way_text({**air, **legs}).startswith(
        "from home by road to Ninoy Aquino (MNL), 30 min; by air to Techo (KTI)"
    )
