"""A calendar entry for a meeting that was agreed on (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta


def calendar_entry(
    *, uid: str, title: str, start: datetime, minutes: int, url: str | None, now: datetime
) -> bytes:
    """One event, in UTC, that any calendar takes in; the same `uid` again replaces the entry before.

    https://www.rfc-editor.org/rfc/rfc5545#section-3.6.1
    """
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("sequence", int(now.timestamp()))
    event.add("summary", title)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=minutes))
    if url:
        event.add("url", url)
        event.add("location", url)
    calendar = Calendar()
    calendar.add("prodid", "-//Kinkeeper//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
