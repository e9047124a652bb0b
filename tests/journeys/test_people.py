"""Who is who: rosters as the platform tells them, what is kept, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Account, Delivery, Enrolment, Member, Participation, Pause, Received
from bot.ports import Away, Profile, TemporaryFailure
from jobs.purge import purge
from tests.world import CONFIG, MONDAY, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)


async def test_bots_and_guests_take_no_part_and_who_is_away_is_left_alone(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = [Profile(id="gus", name="Gus", is_guest=True), Profile(id="robo", name="Robo", is_bot=True)]
    async with world(sessions, tmp_path, who=[*people("Ana", "Ben", "Chloe"), *more]) as acme:
        await acme.changes("chloe", away=(Away("status"),))
        await acme.until(TEN)
        assert acme.met() == [{"ana", "ben"}]
        assert await acme.count(Account) == 4
        await acme.changes("chloe", away=())
        await acme.until(TEN + 2 * WEEK)
        assert any("chloe" in met for met in acme.met())
        assert not any({"gus", "robo"} & met for met in acme.met())


async def test_names_and_zones_are_as_the_platform_says_now(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await acme.changes("ben", name="Benedikt", timezone="Asia/Tokyo")
        assert "05:00" not in await acme.says("ben", "/coffee plan")
        assert "Monday, 5 January at 18:00 JST" in await acme.says("ben", "/coffee plan")
        await acme.until(TEN + timedelta(days=1))
        assert "with Benedikt" in await acme.says("ana", "/coffee why")
        assert [m.name for m in await acme.rows(Member)] == ["Ana", "Benedikt"]


async def test_who_is_in_no_channel_any_more_has_left_and_is_back_when_they_return(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        [dev] = people("Dev")
        await acme.departs("dev")
        [row] = await acme.rows(Member, Member.name == "Dev")
        assert row.left_at is not None
        await acme.arrives(dev)
        [row] = await acme.rows(Member, Member.name == "Dev")
        assert row.left_at is None
        assert await acme.count(Member) == 4


async def test_a_channel_that_cannot_be_read_for_a_moment_empties_no_ritual(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="").replace(
        '"playground:#coffee"', '["playground:#coffee", "playground:#general"]'
    )
    async with world(sessions, tmp_path, config=config) as acme:
        members = acme.platform.members

        async def one_fails(channel: object) -> object:
            if channel.id == "C-coffee":  # type: ignore[attr-defined]
                raise TemporaryFailure("rate limited")
            return [p for p in await members(channel) if p.id != "ben"]  # type: ignore[arg-type,union-attr]

        acme.platform.members = one_fails  # type: ignore[method-assign,assignment]
        await acme.reads_rosters()
        assert await acme.count(Enrolment, Enrolment.in_channel.is_(True)) == 4
        await acme.until(TEN)
        assert len(acme.met()) == 2


async def test_somebody_from_outside_the_channel_can_ask_and_join(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        acme.platform.people += people("Zoe")  # not read yet
        assert "/coffee join brings you in" in await acme.says("zoe", "/coffee plan")
        assert (await acme.says("zoe", "/coffee join")).startswith("Welcome to monday-coffee.")
        await acme.until(TEN)
        told = [t for who in ("ana", "ben", "zoe") for t in acme.platform.to(who)]
        assert len(told) == 1
        assert told[0].startswith("You sit this round")


async def test_what_is_past_its_limit_goes_and_the_rest_stays(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.format(more="") + "\n[retention]\nparticipation = 100\n"
    async with world(sessions, tmp_path, config=config, who=people("Ana", "Ben")) as acme:
        await acme.says("ana", "/coffee pause tomorrow")
        await acme.until(TEN)
        assert await acme.count(Participation) == 2
        acme.clock.set(TEN + timedelta(days=101))
        await purge(acme.runtime)
        assert await acme.count(Participation) == 0
        assert await acme.count(Received) == 0
        assert await acme.count(Pause) == 0
        assert await acme.count(Delivery, Delivery.emptied.is_(True)) == 0
        acme.clock.set(TEN + timedelta(days=121))
        await purge(acme.runtime)
        assert await acme.count(Delivery, Delivery.emptied.is_(False)) == 0
        await acme.platform.press("ana", "met:1")
        assert "you met" in await acme.says("ana", "/coffee history")


async def test_a_nameless_person_and_a_very_long_name_stop_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more='mix = "groups"').replace(
        "[[coffee]]", 'groups = { design = ["@ana"], platform = ["@ben"] }\n\n[[coffee]]'
    )
    odd = [Profile(id="x", name=""), Profile(id="y", name="Y" * 400), Profile(id="z", name="  ")]
    async with world(sessions, tmp_path, config=config, who=[*people("Ana"), *odd]) as acme:
        await acme.until(TEN)
        assert len(acme.met()) == 2
