"""Who is away by what the platform shows of them is left alone, for as long as that lasts and as the config says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Round
from bot.domain.messages import File
from bot.ports import Away, Profile
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
THREE = people("Ana", "Ben", "Chloe")


def with_away(kinds: str) -> str:
    return CONFIG.format(more="").replace("[[coffee]]", f"away = {kinds}\n\n[[coffee]]")


async def absent(acme: World) -> dict[str, str]:
    """Who was not in the last round, and why."""
    names = {"1": "ana", "2": "ben", "3": "chloe"}
    rounds = await acme.rows(Round)
    return {names[member]: why for member, why in (rounds[-1].absent or {}).items()}


@pytest.mark.parametrize("by", ["status", "dnd"])
@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (None, None, True),
        (TEN - DAY, TEN + DAY, True),
        (TEN, TEN + HOUR, True),
        (None, TEN, False),  # it has just ended
        (TEN + HOUR, None, False),  # it begins later
        (TEN + WEEK, TEN + 2 * WEEK, False),
    ],
)
async def test_away_is_who_is_away_when_the_round_opens(
    sessions: Sessions, tmp_path: Path, by: str, since: object, until: object, counts: bool
) -> None:
    async with world(sessions, tmp_path, who=THREE) as acme:
        await acme.changes("chloe", away=(Away(by, since, until),))  # type: ignore[arg-type]
        await acme.until(TEN)
        assert await absent(acme) == ({"chloe": "absence.away"} if counts else {})


async def test_of_several_spans_one_is_enough_and_none_holds_between_them(
    sessions: Sessions, tmp_path: Path
) -> None:
    spans = (Away("status", None, TEN - DAY), Away("dnd", TEN + WEEK - HOUR, TEN + WEEK + HOUR))
    async with world(sessions, tmp_path, who=THREE) as acme:
        await acme.changes("chloe", away=spans)
        await acme.until(TEN)
        assert await absent(acme) == {}
        await acme.until(TEN + WEEK)
        assert await absent(acme) == {"chloe": "absence.away"}
        await acme.until(TEN + 2 * WEEK)
        assert await absent(acme) == {}


@pytest.mark.parametrize(
    ("kinds", "by", "counts"),
    [
        ("[]", "status", False),
        ("[]", "dnd", False),
        ('["status"]', "status", True),
        ('["status"]', "dnd", False),
        ('["dnd"]', "status", False),
        ('["dnd"]', "dnd", True),
    ],
)
async def test_the_config_says_what_counts(
    sessions: Sessions, tmp_path: Path, kinds: str, by: str, counts: bool
) -> None:
    async with world(sessions, tmp_path, config=with_away(kinds), who=THREE) as acme:
        await acme.changes("chloe", away=(Away(by),))  # type: ignore[arg-type]
        await acme.until(TEN)
        assert await absent(acme) == ({"chloe": "absence.away"} if counts else {})


@pytest.mark.parametrize(("hours_more", "counts"), [(0, False), (2, True)])
async def test_the_night_of_somebody_far_away_is_no_absence_and_a_morning_off_is(
    sessions: Sessions, tmp_path: Path, hours_more: int, counts: bool
) -> None:
    night = Away(
        "dnd", TEN - 6 * HOUR, TEN + (4 + hours_more) * HOUR
    )  # 22:00 to 08:00, or to 10:00, in New York
    chloe = Profile(id="chloe", name="Chloe", timezone="America/New_York", away=(night,))
    async with world(sessions, tmp_path, who=[*people("Ana", "Ben"), chloe]) as acme:
        await acme.until(TEN)
        assert await absent(acme) == ({"chloe": "absence.away"} if counts else {})


async def test_an_export_says_when_somebody_is_away(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=THREE) as acme:
        await acme.changes("chloe", away=(Away("status", None, TEN), Away("dnd", TEN + DAY)))
        await acme.says("chloe", "/presence export")
        files = [p for d in acme.platform.delivered for p in d.message.parts if isinstance(p, File)]
        document = json.loads(next(f.content for f in files if f.name.endswith(".json")))
        [account] = document["accounts"]
        assert account["away"] == "status ../2026-01-05T09:00:00+00:00; dnd 2026-01-06T09:00:00+00:00/.."
