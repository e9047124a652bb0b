"""Which days a team works: its working days of the week, less the public holidays of its countries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

LONGEST_CLOSURE = 366  # days after which the search for a working day is given up


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of the week (0 is Monday) and countries whose public holidays are kept.

    A country is an ISO 3166-1 code ("DE") or, for the holidays of a part of it, an ISO 3166-2 code ("DE-BE").
    ValueError if nobody would ever work, or if a day or a country is not known.
    """

    working_days: frozenset[int]
    countries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.working_days:
            raise ValueError("There is no working day. Expected at least one day of the week.")
        if strangers := sorted(self.working_days - set(range(7))):
            raise ValueError(f"{strangers[0]} is not a day of the week. Expected 0 (Monday) to 6 (Sunday).")
        for code in self.countries:
            if not known_country(code):
                raise ValueError(
                    f"Holidays of {code!r} are not known. Expected an ISO 3166 code such as 'DE' or 'DE-BE'."
                )

    def is_working_day(self, day: date) -> bool:
        """Whether the team works on that local day."""
        return day.weekday() in self.working_days and self.holiday_name(day) is None

    def holiday_name(self, day: date) -> str | None:
        """The public holiday's name, in English where it is known; None on any other day."""
        for code in self.countries:
            if name := _holidays(code, day.year).get(day):
                return name
        return None

    def next_working_day(self, day: date) -> date:
        """The first working day on or after `day`; ValueError if a whole year has none."""
        for ahead in range(LONGEST_CLOSURE):
            candidate = day + timedelta(days=ahead)
            if self.is_working_day(candidate):
                return candidate
        raise ValueError(f"There is no working day in the year from {day} on.")


@lru_cache(maxsize=512)
def known_country(code: str) -> bool:
    """Whether holidays are known for an ISO 3166-1 or 3166-2 code, upper-case as in the standard."""
    import holidays

    country, dash, part = code.partition("-")
    if not re.fullmatch(r"[A-Z]{2}", country):
        return False
    try:  # one country's module alone: looking at all of them takes a tenth of a second
        found = holidays.country_holidays(country)
    except NotImplementedError:
        return False
    return not dash or part in found.subdivisions


def country_codes() -> tuple[str, ...]:
    """Every code with known holidays, in order: countries, and their parts where these differ."""
    return tuple(sorted(_codes()))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    import holidays

    countries = holidays.list_supported_countries(include_aliases=False)
    parts = (f"{code}-{part}" for code, some in countries.items() for part in some)
    return frozenset([*countries, *parts])


@lru_cache(maxsize=2048)
def _holidays(code: str, year: int) -> dict[date, str]:
    import holidays

    country, _, part = code.partition("-")
    # A year at a time: an expanding calendar would change under other threads.
    found = holidays.country_holidays(
        country, subdiv=part or None, years=year, expand=False, language="en_US"
    )
    return {day: name for day, name in found.items() if day.year == year}
