"""Reading times, days, zones and countries: each is a value, or a sentence on what was expected instead."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.config.spelling import did_you_mean, expected, nearest, one_of, quoted, setting
from bot.domain.calendar import country_codes, known_country
from bot.domain.hours import DailySpan
from bot.domain.spans import parse_span
from bot.domain.when import Every, On

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_SPAN = timedelta(days=366)


def read_span(value: object) -> timedelta:
    """A length of time from "3 days"; at most a year."""
    if isinstance(value, timedelta):
        return value
    span = parse_span(setting(value, 'a length of time such as "3 days" or "12 hours"'))
    if span > LONGEST_SPAN:
        raise ValueError(f"{quoted(str(value))} is longer than a year. Expected a shorter time.")
    return span


def span_text(span: timedelta) -> str:
    """The length of time as it is written in the config ("3 days"); whole minutes."""
    minutes = span // timedelta(minutes=1)
    unit, size = next((u, s) for u, s in (("day", 1440), ("hour", 60), ("minute", 1)) if minutes % s == 0)
    return f"{minutes // size} {unit}{'' if minutes == size else 's'}"


def more_than_nothing(span: timedelta) -> timedelta:
    if not span:
        raise ValueError('Expected a length of time longer than nothing, such as "1 day".')
    return span


def read_time(value: object) -> time:
    """Wall-clock time from "10:00", to the minute."""
    what = 'a time of day from "00:00" to "23:59"'
    if isinstance(value, time):
        if value.tzinfo or value.second or value.microsecond:
            raise ValueError(f"Expected {what}, in hours and minutes alone.")
        return value
    if not isinstance(value, str):
        raise expected(what, value)
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip(), re.ASCII)
    if not found:
        raise expected(what, value)
    return time(int(found[1]), int(found[2]))


def read_date(value: object) -> date:
    """A local date, from TOML's own kind of date or from its text."""
    what = "a date such as 2026-11-30"
    if isinstance(value, datetime):
        raise ValueError(f"Expected {what}, without a time: the time is said by `at`.")
    if isinstance(value, str):
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                raise expected(what, value)
            value = date.fromisoformat(value)
        except ValueError:
            raise expected(what, value) from None
    if not isinstance(value, date):
        raise expected(what, value)
    if not 2000 <= value.year < 2200:
        raise ValueError(f"The year {value.year} is out of reach. Expected {what}.")
    return value


def read_zone(value: object) -> str:
    """The name of an IANA time zone."""
    name = setting(value, 'a time zone such as "Europe/Berlin"')
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; not a path inside the database; a folder of it
        raise ValueError(f"{quoted(name)} is not a known time zone.{_zone_hint(name)}") from None
    return name


def _zone_hint(name: str) -> str:
    zones = {zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")}
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(zones, reverse=True)}
    wanted = name.replace(" ", "_")
    found = nearest(wanted, zones) if "/" in wanted else cities.get(nearest(wanted, cities) or "")
    return (
        f" Did you mean {quoted(found)}?" if found else ' Expected a name such as "Europe/Berlin" or "UTC".'
    )


def read_weekday(value: object) -> str:
    """A weekday in three letters, from those or from its whole name."""
    if not isinstance(value, str):
        raise expected('a weekday such as "mon"', value)
    word = value.strip().lower()
    if word in LONG_DAYS:
        return word[:3]
    if word not in DAYS:
        meant = did_you_mean(word, (*DAYS, *LONG_DAYS))
        raise ValueError(f"{quoted(value)} is not a weekday.{meant} Expected {one_of(DAYS)}.")
    return word


def read_every(value: object) -> str:
    """The interval as it was written, once it is known to be readable."""
    text = setting(value, 'an interval such as "week" or "2 weeks"')
    Every.parse(text)
    return text


def read_on(value: object) -> str | int | tuple[str, ...]:
    """The days as they were written, once they are known to be readable."""
    if isinstance(value, list | tuple) and value:
        words = [setting(word, 'a weekday such as "monday"') for word in value]
        On.parse(words)
        return tuple(words)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1000:
        On.parse(value)
        return value
    text = setting(value, 'a weekday, a list of weekdays, "first monday", or a day of the month')
    On.parse(text)
    return text


def read_hours(value: object) -> DailySpan:
    """The hours of a day from "09:00-17:30"."""
    if isinstance(value, DailySpan):
        return value
    return DailySpan.parse(setting(value, 'hours of the day such as "09:00-17:30"'))


def read_country(value: object) -> str:
    """The ISO 3166 code in capitals, of a country or a part of one, whose public holidays are known."""
    code = setting(value, 'a country such as "DE", or a part of it such as "DE-BE"').upper()
    if known_country(code):
        return code
    country, _, part = code.partition("-")
    known = country_codes()
    regions = [other for other in known if other.startswith(f"{country}-")]
    if part and country in known:
        meant = did_you_mean(code, regions)
        hint = f"{meant} Expected {quoted(country)} alone" + (
            ", or with one of its regions." if regions else "."
        )
    else:
        hint = ' Expected an ISO 3166 code: a country such as "DE", or a region of it such as "DE-BE".'
    raise ValueError(f"The holidays of {quoted(code)} are not known.{hint}")
