"""Which time zones are offered to somebody who types one, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
"""How zones begin that are called by a place; the others are for programs."""


def zones_offered(typed: str, *, first: Sequence[str] = ()) -> list[str]:
    """The IANA zones that somebody may mean: all of them where nothing is typed yet.

    A city that begins as typed goes before a whole name or a further word that does, and that before what only has it
    somewhere. Among those alike, the zones of `first` go first, in their order, then others of the same areas.
    """
    wanted = _plain(typed)
    order = {zone: place for place, zone in enumerate(first)}
    areas = {_area(zone) for zone in first}

    def likeliness(zone: str) -> tuple[int, int, bool, str]:
        return _fit(zone, wanted), order.get(zone, len(order)), _area(zone) not in areas, zone

    fitting = (zone for zone in dict.fromkeys([*first, *_places()]) if wanted in _plain(zone))
    return sorted(fitting, key=likeliness)


def _fit(zone: str, wanted: str) -> int:
    name = _plain(zone)
    city = name.rpartition("/")[2]
    if city.startswith(wanted):
        return 0
    begins = (name, *city.replace("-", " ").split())
    return 1 if any(each.startswith(wanted) for each in begins) else 2


def _plain(text: str) -> str:
    """In small letters, and without what people leave out: "new york" is in "America/New_York"."""
    return text.strip().replace("_", " ").casefold()


def _area(zone: str) -> str:
    return zone.partition("/")[0]


@cache
def _places() -> tuple[str, ...]:
    """Every zone of a place, and UTC."""
    return tuple(sorted(zone for zone in available_timezones() if _area(zone) in AREAS or zone == "UTC"))
