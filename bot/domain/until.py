"""Reads the day that a person typed, as in "pause until": a date, a weekday, "tomorrow", "in 2 weeks"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.domain.cadence import as_utc

LONGEST_TEXT = 60  # characters; no day takes more, and the library is slow on long texts

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NotADay(ValueError):
    """`text` cannot be read as a day."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a day.")
        self.text = text


class AlreadyPast(ValueError):
    """`day` is today or before it."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} is already past.")
        self.day = day


def parse_day(text: str, *, now: datetime, zone: str) -> date:
    """The local date meant by `text` (English or ISO 8601) at the aware instant `now` in `zone` (IANA).

    Without a year the next such day is meant. It is always after today, since a pause ends as its day begins:
    AlreadyPast otherwise, and NotADay if it cannot be read, or only by guessing which number is the month.
    """
    local = as_utc(now).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    today = local.date()
    words = " ".join(text.lower().replace(",", " ").split())
    words = re.sub(r"^(until|till|on) ", "", words)
    if not words or len(words) > LONGEST_TEXT:
        raise NotADay(text)
    try:
        day = _simple(words, today)
        if day is None:
            day = _by_library(words, local)
    except (ValueError, OverflowError):  # 31 February, in 99999999 weeks
        day = None
    if day is None:
        raise NotADay(text)
    if day <= today:
        raise AlreadyPast(day)
    return day


def _simple(words: str, today: date) -> date | None:
    """The day, if it is in one of the usual forms; ValueError if it is in one and yet no day."""
    if words in _NAMED:
        return today + _NAMED[words]
    for form, read in _FORMS:
        if matched := re.fullmatch(form, words):
            return read(matched.groupdict(), today)
    return None


def _by_library(words: str, local: datetime) -> date | None:
    import dateparser  # slow to import, and seldom needed

    found = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": local,
            "RETURN_AS_TIMEZONE_AWARE": False,
            "TIMEZONE": "UTC",
            "PARSERS": ["relative-time", "absolute-time"],
            "REQUIRE_PARTS": ["day"],
        },
    )
    return found.date() if found else None


def _dated(parts: Mapping[str, str | None], today: date) -> date:
    """A day and a month, as a number or a name, with a year or without."""
    month_text = parts["month"] or ""
    month = int(month_text) if month_text.isdecimal() else MONTHS.index(month_text[:3]) + 1
    day, year = int(parts["day"] or 0), int(parts["year"] or 0)
    if year:
        return date(year + 2000 if year < 100 else year, month, day)
    for ahead in range(9):  # the 29th of February may be eight years away
        try:
            found = date(today.year + ahead, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError


def _slashed(parts: Mapping[str, str | None], today: date) -> date:
    """A day and a month in either order, if only one order is possible."""
    one, two = parts["one"] or "", parts["two"] or ""
    if int(one) <= 12 and int(two) <= 12 and int(one) != int(two):
        raise ValueError("ambiguous")
    day, month = (one, two) if int(one) > 12 else (two, one)
    return _dated({"day": day, "month": month, "year": parts["year"]}, today)


def _weekday(parts: Mapping[str, str | None], today: date) -> date:
    """The next such weekday after today; with "next", the one of the next calendar week."""
    number = WEEKDAYS.index((parts["name"] or "")[:3])
    if parts["next"]:
        return today + timedelta(days=7 - today.weekday() + number)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _next(parts: Mapping[str, str | None], today: date) -> date:
    """The first day of the next calendar week, month or year."""
    if parts["unit"] == "week":
        return today + timedelta(days=7 - today.weekday())
    month = 1 if parts["unit"] == "year" else today.month
    return today.replace(month=month, day=1) + relativedelta(**{f"{parts['unit']}s": 1})  # type: ignore[arg-type]


def _ahead(parts: Mapping[str, str | None], today: date) -> date:
    """So many days, weeks, months or years from today."""
    count = _COUNTS.get(parts["count"] or "") or int(parts["count"] or 0)
    match parts["unit"]:
        case "day":
            return today + timedelta(days=count)
        case "week":
            return today + timedelta(weeks=count)
        case "month":
            return today + relativedelta(months=count)
        case _:
            return today + relativedelta(years=count)


_NAMED = {
    "today": timedelta(0),
    "tomorrow": timedelta(days=1),
    "the day after tomorrow": timedelta(days=2),
    "day after tomorrow": timedelta(days=2),
}
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_DAY = r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAME = (
    r"(?P<name>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)

_FORMS: tuple[tuple[str, Callable[[Mapping[str, str | None], date], date]], ...] = (
    (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _dated),
    (r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.?\s?(?P<year>\d{4}|\d{2})?", _dated),
    (r"(?P<one>\d{1,2})[/-](?P<two>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?", _slashed),
    (rf"{_DAY}\.? (?:of )?{_MONTH}(?: (?P<year>\d{{4}}))?", _dated),
    (rf"{_MONTH} {_DAY}(?: (?P<year>\d{{4}}))?", _dated),
    (rf"(?P<next>next )?(?:this )?{_NAME}", _weekday),
    (r"next (?P<unit>week|month|year)", _next),
    (rf"(?:in )?(?P<count>\d{{1,4}}|{'|'.join(_COUNTS)}) (?P<unit>day|week|month|year)s?", _ahead),
)
