"""The made-up team of the playground, when the config brings none of its own."""

from __future__ import annotations

from bot.ports import Profile

_FIRST = """
    Ana Ben Chloe Dev Emeka Farah Gus Hana Ivo Jun Kaia Leo Mira
    Noor Otto Priya Quinn Rosa Sami Tess Umar Vera Wim Xenia Yara Zoe
"""
_LAST = """
    Alves Brandt Chen Desai Eze Farouk Gallo Holm Ivanov Jeong Kask Lindqvist Moreau
    Nasser Okafor Patel Quist Ruiz Sato Torres Usman Varga Weiss Xu Yilmaz Zeman
"""
_ZONES = (
    "Europe/Berlin",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Kolkata",
    "Africa/Lagos",
    "Europe/Helsinki",
    "Europe/Rome",
    "Europe/Berlin",
    "Europe/Lisbon",
)


def residents(count: int) -> list[Profile]:
    """`count` people (at most 676), always the same; the first one is the admin."""
    first_names, last_names = _FIRST.split(), _LAST.split()
    room = len(first_names) * len(last_names)
    if not 1 <= count <= room:
        raise ValueError(f"the playground has room for 1 to {room} people, not {count}")
    made = []
    for i in range(count):
        lap, place = divmod(i, len(first_names))
        first, last = first_names[place], last_names[(place + lap) % len(last_names)]
        made.append(
            Profile(
                id=first.lower() if lap == 0 else f"{first}-{last}".lower(),
                name=f"{first} {last}",
                timezone=_ZONES[i % len(_ZONES)],
                is_admin=i == 0,
            )
        )
    return made
