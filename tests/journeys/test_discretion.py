"""Whom somebody avoids is theirs alone: in no answer, no message, and no difference, can anybody else see it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Audit
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
ASKED = ("why", "plan", "history", "avoid")


async def answers(acme: World, who: str) -> list[str]:
    """What somebody hears when they ask for all there is."""
    return [await acme.says(who, f"/coffee {verb}") for verb in ASKED]


async def test_avoid_adds_lists_and_lifts_for_its_author_alone(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        assert "You avoid nobody in monday-coffee." in await acme.says("ben", "/coffee avoid")
        assert "You will not be matched with Ana" in await acme.says("ben", "/coffee avoid <@ana>")
        await acme.says("ben", "/coffee avoid <@dev> monday-coffee")
        assert "matched with Ana and Dev" in await acme.says("ben", "/coffee avoid")
        assert "may be matched with Ana" in await acme.says("ben", "/coffee avoid <@ana>")
        assert "matched with Dev" in await acme.says("ben", "/coffee avoid")

        assert "You avoid nobody" in await acme.says("dev", "/coffee avoid")
        assert "never matched with yourself" in await acme.says("ben", "/coffee avoid <@ben>")
        assert "one person at a time" in await acme.says("ben", "/coffee avoid <@ana> <@dev>")
        assert "anybody called @zoe" in await acme.says("ben", "/coffee avoid <@zoe>")
        assert "Did you mean Chloe?" in await acme.says("ben", "/coffee avoid @chlo")
        assert "Did you mean Chloe?" in await acme.says("ben", "/coffee avoid chloe")
        assert "Did you mean monday-coffee?" in await acme.says("ben", "/coffee avoid <@dev> monday-cofee")


async def test_who_is_avoided_is_never_matched_and_cannot_tell_it_from_an_absence(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await acme.says("ben", "/coffee pause 2026-01-06")
        await acme.until(TEN)  # Ben is away
        away = acme.platform.to("ana"), await answers(acme, "ana")
        status = await acme.says("ana", "/kinkeeper status"), await acme.says("ana", "/kinkeeper plan 1")
        run = await acme.says("ana", "/kinkeeper run")
    assert acme.met() == []

    other = tmp_path / "other"
    other.mkdir()
    async with sessions.engine.begin() as connection:
        from bot.db.models import Base

        for table in reversed(Base.metadata.sorted_tables):
            await connection.execute(table.delete())
    async with world(sessions, other, who=people("Ana", "Ben")) as acme:
        await acme.says("ben", "/coffee avoid <@ana>")
        await acme.until(TEN)  # Ben avoids Ana, who is an admin
        avoided = acme.platform.to("ana"), await answers(acme, "ana")
        assert acme.met() == []
        assert avoided == away
        assert run == await acme.says("ana", "/kinkeeper run")
        assert status[1] == await acme.says("ana", "/kinkeeper plan 1")
        assert away[0] == [
            "There was no match for you in monday-coffee this time. The next round is on Monday, 12 January."
        ]


async def test_the_season_goes_on_in_what_is_said_although_two_never_meet(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Dev")) as acme:
        await acme.says("ben", "/coffee avoid <@dev>")
        for week in range(6):
            await acme.until(TEN + week * WEEK + timedelta(hours=1))
            assert {"ben", "dev"} not in acme.met()
            for who in ("ben", "dev") if week > 1 else ():
                plan = await acme.says(
                    who, "/coffee plan"
                )  # with an absence the count would not begin anew either
                assert "This season you have been introduced to 1 of 2 others." in plan
                assert "have met all 2 others by" in plan

        from_others = [d.text for d in acme.platform.delivered] + [
            text for who, text in ((w, str(m)) for w, m in acme.platform.replies) if who != "ben"
        ]
        assert not any("avoid" in text for text in from_others)


async def test_no_reply_no_message_and_no_audit_names_an_avoidance(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = 'starters = ["Tea or coffee?"]\n'
    async with world(
        sessions, tmp_path, config=CONFIG.format(more=more), who=people("Ana", "Ben", "Chloe")
    ) as acme:
        await acme.says("chloe", "/coffee avoid <@ana>")
        await acme.says("chloe", "/coffee avoid <@ben>")
        before = len(acme.platform.replies)
        for week in range(3):
            await acme.until(TEN + week * WEEK)
            for who in ("ana", "ben"):
                await answers(acme, who)
            for line in ("status", "plan", "run", "help", "reload"):
                await acme.says("ana", f"/kinkeeper {line}")

        assert all(met == {"ana", "ben"} for met in acme.met())
        theirs = [m for who, m in acme.platform.replies[before:] if who != "chloe"]
        said = [text for text in acme.all_said() if "avoid" in text.lower()]
        assert {text for text in said if "Chloe" in text} == set()
        assert not any("avoid.added" in str(m) or "avoid.list" in str(m) for m in theirs)
        assert not [row for row in await acme.rows(Audit) if "avoid" in row.what + row.about]
        assert acme.platform.to("chloe"), "she is told that there was no match"
