"""The calendar entry for a meeting."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from bot.domain.invitation import calendar_entry

AT = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)


def only(made: bytes) -> Any:
    """The one entry of a calendar file."""
    [event] = Calendar.from_ical(made).walk("VEVENT")
    return event


def test_an_entry_is_read_back_as_it_was_meant_whatever_people_are_called() -> None:
    title = "tea: Ana; Ben, the\n„Baker“ \\ Zoë"
    made = calendar_entry(
        uid="match-1@kinkeeper", title=title, start=AT, minutes=30, url="https://x.org/1", now=AT
    )
    event = only(made)
    assert event["summary"] == title
    assert event["uid"] == "match-1@kinkeeper"
    assert (event["dtstart"].dt, event["dtend"].dt) == (AT, AT + timedelta(minutes=30))
    assert event["url"] == "https://x.org/1"
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))


def test_a_later_entry_replaces_the_one_before() -> None:
    def sequence(now: datetime) -> int:
        made = calendar_entry(uid="m", title="tea", start=AT, minutes=30, url=None, now=now)
        return int(only(made)["sequence"])

    assert sequence(AT) < sequence(AT + timedelta(seconds=1)) < 2**31
