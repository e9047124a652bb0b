"""A member sees what is theirs, the team sees figures without names, and settings hold at once."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.db.engine import Sessions
from bot.db.models import Answer, Asked, Avoidance, Member
from bot.domain.figures import CoffeeFigures
from bot.domain.messages import File
from tests.journeys.test_forgetting import MORE, TEN
from tests.world import CONFIG, World, people, world

NINE = people("Ana", "Ben", "Chloe", "Dev", "Eva", "Finn", "Gia", "Hugo", "Ivo")


async def test_me_says_what_comes_next_whom_i_have_met_and_whom_not_yet(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE) as acme:
        before = await acme.says("ana", "/presence me")
        assert "monday-coffee: next on Monday, 5 January at 10:00 CET" in before
        assert "thanks: next on Friday, 2 January at 15:00 CET" in before
        assert "you have not been introduced to anybody yet" in before
        assert "Not yet: Ben, Chloe and Dev." in before
        assert "You had no turns in the last 26 weeks." in before

        await acme.until(TEN)
        [partner] = acme.partners_of("ana")
        await acme.says("ana", "/coffee skip")
        await acme.until(TEN + timedelta(days=2, hours=1))
        after = await acme.says("ana", "/presence me")
        assert f"been introduced to {partner.title()}." in after
        assert partner.title() not in after.split("Not yet: ")[1].splitlines()[0]
        assert "monday-coffee: you skip Monday, 12 January at 10:00 CET" in after
        assert (
            "pulse has a question for you until Wednesday, 7 January at 16:00 CET: /checkin answer" in after
        )

        await acme.says("ana", "/coffee pause 2026-02-16")
        form = await acme.opens("ana", "Answer")
        await acme.submits("ana", form.action, **{f.name: "fine" for f in form.fields})
        later = await acme.says("ana", "/presence me")
        assert "you are on a break until Monday, 16 February" in later
        assert "has a question for you" not in later


async def test_turns_stand_next_to_an_equal_share(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=NINE[:5]) as acme:
        await acme.until(TEN + timedelta(weeks=4, hours=1))
        said = await acme.says("ana", "/presence me")
        assert "sitting a round out: 1" in said
        assert "Weighed by how much work each is, that comes to 1; an equal share would be 1." in said


async def test_an_avoidance_reads_like_an_absence_for_both(sessions: Sessions, tmp_path: Path) -> None:
    """Two teams, the same but for one row: what anybody is shown of themselves and the team differs by no word."""
    async with world(sessions, tmp_path) as acme:
        shown = [
            await acme.says(who, f"/presence {verb}") for who in ("ana", "ben") for verb in ("me", "team")
        ]
        await acme.says("ana", "/coffee avoid <@ben>")
        assert await acme.count(Avoidance) == 1
        again = [
            await acme.says(who, f"/presence {verb}") for who in ("ana", "ben") for verb in ("me", "team")
        ]
        assert again == shown
        await acme.until(TEN + timedelta(weeks=9))
        assert "Not yet: Ben." in await acme.says("ana", "/presence me")
        assert "Not yet: Ana." in await acme.says("ben", "/presence me")


async def test_the_team_is_shown_figures_and_a_chart_without_any_name(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=NINE) as acme:
        nothing = await acme.says("ben", "/presence team")
        assert "0 of 36 pairs" in nothing
        for week in range(5):
            await acme.until(TEN + timedelta(weeks=week, minutes=1))
            for person in NINE[week::2]:
                if acme.partners_of(person.id):
                    await acme.presses(person.id, "We met" if week % 2 else "Not this time")
        await acme.until(TEN + timedelta(weeks=5))
        said = await acme.says("ben", "/presence team")
        assert "monday-coffee: 24 of 36 pairs have been introduced this season." in said
        assert " matches of 5 rounds, your own left out: " in said
        assert "Turns are shared evenly: nobody is further than" in said
        assert not any(person.name in said for person in NINE)

        [chart] = [p for p in acme.platform.replies[-1][1].parts if isinstance(p, File)]
        assert chart.media_type == "image/png"
        with Image.open(BytesIO(chart.content)) as picture:
            assert picture.size == (960, 720)
        assert "24 of 36 pairs introduced this season" in said.splitlines()[-1]


async def test_where_nothing_can_draw_the_figures_are_told_in_words(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(sessions, tmp_path, who=NINE) as acme:
        await acme.until(TEN)
        monkeypatch.setattr("bot.services.presence.charts.find_spec", lambda _name: None)
        said = await acme.says("ben", "/presence team")
        assert "4 of 36 pairs" in said
        assert not any(isinstance(p, File) for p in acme.platform.replies[-1][1].parts)


async def test_a_chart_is_drawn_once_the_transaction_is_over(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(sessions, tmp_path, who=NINE) as acme:
        await acme.until(TEN)
        busy: list[str] = []

        def drawn(_figures: CoffeeFigures) -> bytes:
            busy.append(sessions.engine.pool.status())
            return b"a picture"

        monkeypatch.setattr("bot.services.presence.charts.draw", drawn)
        await acme.says("ben", "/presence team")
        assert [status.rpartition(": ")[2] for status in busy] == ["0"], "no connection is in use"


async def test_a_team_of_which_every_figure_would_tell_on_somebody_is_told_none(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=NINE[:3]) as acme:
        await acme.until(TEN + timedelta(weeks=3))
        said = await acme.says("ana", "/presence team")
        assert said.startswith("There is too little yet to tell anything")


async def test_how_few_pairs_are_left_is_not_told(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=NINE[:8]) as acme:
        await acme.says("ana", "/coffee avoid <@ben>")
        await acme.until(TEN + timedelta(weeks=9))
        said = await acme.says("chloe", "/presence team")
        assert "most pairs have been introduced this season; how few are left is not told" in said
        assert "27 of 28" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Your time zone is Europe/Berlin; you have not set one yourself."),
        ("europe/lisbon", "Noted: your time zone is Europe/Lisbon, from now on."),
        ("America/New York", "Noted: your time zone is America/New_York, from now on."),
        ("Europe/Lisbno", "Did you mean Europe/Lisbon?"),
        ("Lisbon", "Did you mean Europe/Lisbon?"),
        ("qqqqqqqq", "I do not know a time zone called qqqqqqqq. Please write it with a region"),
        ("../../etc/passwd", "I do not know a time zone called ../../etc/passwd"),
    ],
)
async def test_a_time_zone_is_set_by_its_name(
    sessions: Sessions, tmp_path: Path, typed: str, said: str
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert said in await acme.says("ana", f"/presence timezone {typed}".strip())


async def test_a_time_zone_that_was_set_holds_until_it_is_lifted(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ana", "/presence timezone Asia/Tokyo")
        assert "as you set it" in await acme.says("ana", "/presence timezone")
        assert "next on Monday, 5 January at 18:00 JST" in await acme.says("ana", "/presence me")
        assert "Europe/Berlin again" in await acme.says("ana", "/presence timezone off")
        [ana] = await acme.rows(Member, Member.name == "Ana")
        assert ana.timezone is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "",
            "You have set no quiet hours: I write to you on working days within 09:00-17:30 (Europe/Berlin).",
        ),
        ("18:00-09:00", "during 18:00-09:00 overnight (Europe/Berlin), nor on days off."),
        ("12:00 - 13:30", "during 12:00-13:30 (Europe/Berlin), nor on days off."),
        ("18-9", "during 18:00-09:00 overnight"),
        ("off", "Noted: your own quiet hours are gone. I write to you on working days within 09:00-17:30."),
        ("soon", "I could not read soon as hours. Please write two times of day, for example"),
        ("25:00-09:00", "I could not read 25:00-09:00 as hours."),
        ("09:00-09:00", "I could not read 09:00-09:00 as hours."),
        ("00:00-24:00", "That would leave no time at all."),
    ],
)
async def test_quiet_hours_are_set_in_one_line(
    sessions: Sessions, tmp_path: Path, typed: str, said: str
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert said in await acme.says("ana", f"/presence quiet {typed}".strip())


def words_for_ben(acme: World) -> list[str]:
    """The thanks that have reached Ben."""
    return [said for said in acme.platform.to("ben") if "for the soup" in said]


async def test_quiet_hours_hold_at_once_for_what_is_on_its_way(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.format(more="") + MORE
    async with world(sessions, tmp_path, config=config) as acme:
        await acme.until(TEN + timedelta(hours=9))  # Monday 19:00
        await acme.says("ana", "/thanks <@ben> for the soup")
        assert words_for_ben(acme) == [], "it waits for the morning"
        await acme.says("ben", "/presence quiet 22:00-08:00")
        assert len(words_for_ben(acme)) == 1, "at seven in the evening he may be written to now"

        await acme.says("ben", "/presence quiet 18:00-11:00")
        await acme.says("chloe", "/thanks <@ben> for the soup too")
        await acme.until(TEN + timedelta(hours=24, minutes=30))  # Tuesday 10:30
        assert len(words_for_ben(acme)) == 1, "overnight, and until eleven"
        await acme.until(TEN + timedelta(hours=25))
        assert len(words_for_ben(acme)) == 2


async def test_questions_at_local_time_follow_a_time_zone_that_changes(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = MORE.replace('window = "6 hours"', 'window = "6 hours"\nlocal_time = true')
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + more) as acme:
        await acme.says("dev", "/presence timezone Asia/Tokyo")
        ten_in_tokyo = TEN + timedelta(days=1, hours=16)
        await acme.until(ten_in_tokyo)
        assert any("has a question" in said for said in acme.platform.to("dev"))
        assert not any("has a question" in said for said in acme.platform.to("ana"))

        await acme.says("ana", "/presence timezone America/New_York")
        [asked] = await acme.rows(Asked, Asked.member_id == 1)
        ten_there = TEN + timedelta(days=2, hours=6)  # 16:00 in Berlin
        assert asked.asked_at == ten_there
        await acme.until(ten_there - timedelta(minutes=1))
        assert not any("has a question" in said for said in acme.platform.to("ana"))
        assert any("has a question" in said for said in acme.platform.to("ben"))
        await acme.until(ten_there)
        assert any("has a question" in said for said in acme.platform.to("ana"))

        form = await acme.opens("ana", "Answer")
        await acme.until(ten_there + timedelta(hours=4, minutes=31))
        assert len([said for said in acme.platform.to("ana") if "pulse" in said]) == 2, "asked, and reminded"
        await acme.until(ten_there + timedelta(hours=5))
        await acme.submits("ana", form.action, **{f.name: "late, and in time" for f in form.fields})
        assert await acme.count(Answer, Answer.words == "late, and in time") == 1


async def test_privacy_says_what_is_kept_who_sees_it_and_how_to_get_and_delete_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        said = await acme.says("ana", "/presence privacy")
        for way in ("/presence mydata", "/presence team", "/presence export", "/presence forget"):
            assert way in said
