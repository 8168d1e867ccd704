"""An order sheet as iCalendar (RFC 5545), for the calendars of duty desks: an event for each task.

Times are UTC, so that no calendar has to know the zone; what the clocks there show stands in the description. An
event's UID is that of the action and the sheet's owner, and its sequence the plan's number, so that the calendar of a
later plan moves the events of an earlier one; what a later order drops comes as a cancelled event.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, vGeo

from opsplan.pages.order_page import way_text
from opsplan.vocabulary.clock import instant_from_text

Sheet = Mapping[str, Any]


def calendar_of(sheet: Sheet, owner_id: str, title: str, printed_at: str) -> bytes:
    """Write the calendar of a sheet; nothing, where there is nothing to tell.

    Parameters
    ----------
    sheet
        As `opsplan.orders` makes it, of a unit or a country.
    owner_id
        What tells the sheet's events from those of others: the unit's id, or the country's code.
    title
        Name of the calendar.
    printed_at
        When it was read, as stored text.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//opsplan//orders//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    stamp = instant_from_text(printed_at)
    for task in sheet["tasks"]:
        calendar.add_component(_event(sheet, task, owner_id, stamp))
    for change in sheet.get("changes", ()):
        if change["kind"] == "DROPPED":
            calendar.add_component(_dropped(sheet, change, owner_id, stamp))
    # A calendar of nothing is none (RFC 5545, section 3.6).
    return bytes(calendar.to_ical()) if calendar.subcomponents else b""


def _event(sheet: Sheet, task: Mapping[str, Any], owner_id: str, stamp: datetime) -> Event:
    event = _bare(sheet, task["action_id"], task["action"], owner_id, stamp)
    event.add("dtstart", _utc(task["start"]))
    event.add("dtend", _utc(task["end"]))
    cancelled = task["state"] in ("ABORTED", "CANCELLED")
    confirmed = sheet["plan_state"] == "PUBLISHED"
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED" if confirmed else "TENTATIVE")
    where = [each for each in (task["compound"], task["country_name"] or task["country"]) if each]
    if where:
        event.add("location", ", ".join(where))
    if task["location"] is not None:
        event.add("geo", vGeo((task["location"]["latitude"], task["location"]["longitude"])))
    event.add("description", _description(task))
    return event


def _dropped(sheet: Sheet, change: Mapping[str, Any], owner_id: str, stamp: datetime) -> Event:
    event = _bare(sheet, change["action_id"], change["action"], owner_id, stamp)
    event.add("dtstart", _utc(change["start"]))
    event.add("status", "CANCELLED")
    event.add("description", change["sentence"])
    return event


def _bare(sheet: Sheet, action_id: str, action: str, owner_id: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{action_id}.{owner_id}@opsplan")
    event.add("dtstamp", stamp)
    event.add("sequence", sheet["plan_number"])
    event.add("summary", f"EXERCISE {action}" if sheet["exercise"] and "EXERCISE" not in action else action)
    event.add("class", "CONFIDENTIAL")
    return event


def _description(task: Mapping[str, Any]) -> str:
    lines = [
        f"{task['h']}, local {task['local_start']} to {task['local_end']} ({task['time_zone']})",
        f"How: {task['mode']}" + (f"; part: {task['part']}" if task["part"] else ""),
    ]
    if task["group"]:
        lines.append(f"Starts with all of {task['group']}.")
    if task["route"]:
        lines.append(f"Way: {way_text(task['route'])}")
    lines += [f"With: {each['unit']} ({each['agency'] or ''})" for each in task["units"]]
    lines += [
        f"Call ({each['role']}): {each['post']}, {each['agency']}: "
        + ", ".join(channel for channel in (each["phone"], each["secure_channel"]) if channel)
        for each in task["contacts"]
    ]
    return "\n".join(lines)


def _utc(text: str) -> datetime:
    return instant_from_text(text).astimezone(UTC)
