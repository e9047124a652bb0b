"""Which time zone somebody may be in, by the language and territory in which they read a platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

MOST = 3

MOST_POPULOUS = {
    "AU": ("Australia/Sydney", "Australia/Brisbane", "Australia/Perth"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"),
    "CA": ("America/Toronto", "America/Vancouver", "America/Edmonton"),
    "CL": ("America/Santiago", "America/Punta_Arenas", "Pacific/Easter"),
    "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
    "MX": ("America/Mexico_City", "America/Tijuana", "America/Hermosillo"),
    "RU": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk"),
    "UA": ("Europe/Kyiv",),
    "US": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
}
"""Of territories that the zone table lists from one end of the country to the other instead."""


def zone_guesses(locale: str, *, now: datetime) -> Sequence[str]:
    """At most three IANA zones of the territory of a locale (BCP 47), the most populous first; none if it has no such.

    A language alone stands for the territory in which most speak it. Of zones whose clocks agree for the year that
    begins at `now` (UTC) only one is named.
    """
    territory = _territory(locale)
    if territory in MOST_POPULOUS:
        return MOST_POPULOUS[territory]
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone in _zones().get(territory, ()):
        months = (now + timedelta(days=30 * month) for month in range(12))
        found.setdefault(tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in months), zone)
    return tuple(found.values())[:MOST]


def _territory(locale: str) -> str:
    """The territory's code; "" where none is told, nor follows from the language."""
    from babel.core import get_global, parse_locale

    try:
        language, territory, script, *_ = parse_locale(locale, sep="-")
        if territory is None:
            likely = get_global("likely_subtags")
            fuller = likely.get(f"{language}_{script}") or likely.get(language) or ""
            territory = parse_locale(fuller)[1]
    except ValueError:
        return ""
    return territory or ""


@cache
def _zones() -> dict[str, list[str]]:
    """The zones of each territory as the time zone database lists them: by and large the most populous first.

    https://data.iana.org/time-zones/theory.html
    """
    found: dict[str, list[str]] = {}
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            territory, _place, zone = line.split("\t")[:3]
            found.setdefault(territory, []).append(zone)
    return found
