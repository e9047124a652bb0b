"""Taking part is free: in, out, a pause, a skip, each in one step and without a reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Enrolment, Match, Round, SignUp
from bot.domain.interactions import Refused, Reply
from bot.domain.messages import DateField, Form
from bot.domain.phrasing import plain
from bot.domain.states import RoundState
from tests.world import CONFIG, MONDAY, button_of, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)

OPT_IN = CONFIG.format(more='members = "opt-in"')
EACH_ROUND = CONFIG.format(more='members = "each-round"\nannounce_before = "1 day"')


async def test_who_leaves_is_left_alone_until_they_come_back(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        left = await acme.says("ana", "/coffee leave")
        again = await acme.says("ana", "/coffee leave")
        await acme.until(TEN)
        met = acme.met()
        back = await acme.says("ana", "/coffee join")
        await acme.until(TEN + WEEK)

        assert left.startswith("You have left monday-coffee.")
        assert again.startswith("You do not take part in monday-coffee")
        assert len(met) == 1
        assert "ana" not in met[0]
        assert back == "Welcome to monday-coffee. The next round is on Monday, 12 January at 10:00 CET."
        assert acme.partners_of("ana")


async def test_a_pause_understands_how_people_write_days(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        for typed, day in (
            ("2026-01-06", "Tuesday, 6 January"),
            ("tuesday", "Tuesday, 6 January"),
            ("until in 2 weeks", "Friday, 16 January"),
            ("monday-coffee 6 january", "Tuesday, 6 January"),
            ("tomorrow MONDAY-COFFEE", "Saturday, 3 January"),
        ):
            said = await acme.says("ben", f"/coffee pause {typed}")
            assert said.startswith(f"You are on a break from monday-coffee until {day}."), typed


async def test_a_day_that_cannot_be_is_explained_and_nothing_changes(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert "is not in the future" in await acme.says("ben", "/coffee pause 2026-01-01")
        assert "is not in the future" in await acme.says("ben", "/coffee pause today")
        assert "could not read when the cows come home" in await acme.says(
            "ben", "/coffee pause when the cows come home"
        )
        assert "more than two years" in await acme.says("ben", "/coffee pause 2099-01-01")
        assert await acme.says("ben", "/coffee resume") == (
            "You are not on a break from monday-coffee, so there is nothing to end."
        )
        await acme.until(TEN)
        assert acme.partners_of("ben")


async def test_a_pause_ends_by_itself_on_its_date(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ben", "/coffee pause 2026-01-12")
        assert "You are on a break until Monday, 12 January." in await acme.says("ben", "/coffee plan")

        await acme.until(TEN)
        assert all("ben" not in met for met in acme.met())
        assert "you had paused" in await acme.says("ben", "/coffee why")

        await acme.until(TEN + WEEK)
        assert acme.partners_of("ben")


async def test_a_pause_can_be_ended_sooner_by_resume_and_by_join(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ben", "/coffee pause 2026-03-02")
        await acme.says("chloe", "/coffee pause 2026-03-02")

        assert (await acme.says("ben", "/coffee resume")).startswith("You are back in monday-coffee.")
        assert (await acme.says("chloe", "/coffee join")).startswith("You are back in monday-coffee.")
        await acme.until(TEN)
        assert len(acme.met()) == 2


async def test_a_pause_that_is_asked_for_in_the_very_minute_of_the_round_still_counts(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.clock.set(TEN + timedelta(seconds=20))
        await acme.platform.command("ben", "coffee", "pause 2026-02-02")
        await acme.until(TEN + timedelta(seconds=40))

        assert all("ben" not in met for met in acme.met())


async def test_the_pause_form_keeps_what_was_typed_and_says_what_is_wrong_at_its_field(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await acme.platform.command("ben", "coffee", "pause")
        assert isinstance(form, Form)
        assert [type(field) for field in form.fields] == [DateField]

        wrong = await acme.submits("ben", form.action, until="2025-12-31")
        assert isinstance(wrong, Refused)
        assert "is not in the future" in plain(wrong.errors["until"])

        right = await acme.submits("ben", form.action, until="2026-01-12")
        assert isinstance(right, Reply)
        await acme.until(TEN)
        assert all("ben" not in met for met in acme.met())


async def test_a_skip_is_for_the_round_it_names_and_no_other(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        said = await acme.says("ben", "/coffee skip")
        again = await acme.says("ben", "/coffee skip")
        await acme.says("ana", "/kinkeeper run monday-coffee")  # not the round that was named
        assert all("ben" not in met for met in acme.met())
        await acme.until(TEN)
        assert all("ben" not in met for met in acme.met())
        assert "you had asked to skip it" in await acme.says("ben", "/coffee why")
        await acme.until(TEN + WEEK)

        assert "on Monday, 5 January at 10:00 CET. After that you are in again." in said
        assert again.startswith("You skip the next round of monday-coffee already.")
        assert acme.partners_of("ben")


async def test_a_skip_can_be_taken_back(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ben", "/coffee skip")
        assert "You skip the next round." in await acme.says("ben", "/coffee plan")
        assert (await acme.says("ben", "/coffee resume")).startswith("You are back in")
        await acme.until(TEN)
        assert acme.partners_of("ben")


async def test_a_skip_during_a_break_changes_nothing_and_says_how_long_the_break_is(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        on_a_break = await acme.says("ben", "/coffee pause 2026-01-10")
        assert await acme.says("ben", "/coffee skip") == on_a_break
        await acme.until(TEN + WEEK)
        assert acme.partners_of("ben"), "the round after the break is not the one that was to be skipped"
        await acme.says("ben", "/coffee pause tomorrow")
        assert (await acme.says("ben", "/coffee skip")).startswith(
            "You skip the next round of monday-coffee, on "
        )


async def test_opt_in_means_only_those_who_joined(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        assert "so there is nothing to skip or pause" in await acme.says("dev", "/coffee skip")
        assert "/coffee join brings you in" in await acme.says("dev", "/coffee plan")
        for who in ("ana", "ben"):
            assert (await acme.says(who, "/coffee join")).startswith("Welcome to monday-coffee.")
        await acme.until(TEN)

        assert acme.met() == [{"ana", "ben"}]
        assert "/coffee join brings you in" in await acme.says("dev", "/coffee why")


async def test_each_round_is_asked_about_in_the_channel_and_only_a_yes_takes_part(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=EACH_ROUND) as acme:
        await acme.until(TEN - timedelta(hours=23))
        [asked] = [t for t in acme.platform.within("C-coffee") if "Who is in this time?" in t]
        assert "monday-coffee is on Monday, 5 January at 10:00 CET" in asked

        assert (await acme.presses("ana", "I'm in")).startswith("Lovely, you are in")
        await acme.presses("ben", "I'm in")
        await acme.presses("chloe", "I'm in")
        assert (await acme.presses("chloe", "Not this time")).startswith("All right, not this time.")
        await acme.until(TEN)

        assert acme.met() == [{"ana", "ben"}]
        assert await acme.count(SignUp) == 3
        assert "you had said not this time" in await acme.says("chloe", "/coffee why")
        assert "only those who said they were in took part" in await acme.says("dev", "/coffee why")
        assert "has begun already. I will ask again" in await acme.presses("dev", "I'm in")


async def test_a_yes_without_anybody_else_is_not_left_in_silence(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=EACH_ROUND) as acme:
        await acme.until(TEN - timedelta(hours=1))
        await acme.presses("ana", "I'm in")
        await acme.until(TEN)

        [told] = acme.platform.to("ana")
        assert (
            told
            == "There was no match for you in monday-coffee this time. The next round is on Monday, 12 January."
        )


async def test_nobody_says_yes_and_the_round_does_not_open(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=EACH_ROUND) as acme:
        await acme.until(TEN)
        [round_] = await acme.rows(Round)
        assert (round_.state, round_.reason) == (RoundState.SKIPPED, "skipped.nobody_said_yes")
        assert "nobody has said yes to it." in await acme.says("ana", "/kinkeeper run")


async def test_a_question_about_a_round_that_was_moved_is_asked_anew_and_the_old_button_is_kind(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=EACH_ROUND) as acme:
        await acme.until(TEN - timedelta(hours=20))
        old = next(d for d in acme.platform.delivered if "Who is in" in d.text)
        await acme.configure(EACH_ROUND.replace('on = "monday"', 'on = "tuesday"'))
        await acme.until(TEN + timedelta(hours=2))

        asked = [t for t in acme.platform.within("C-coffee") if "Who is in" in t]
        assert len(asked) == 2
        assert "Tuesday, 6 January" in asked[1]
        assert "has begun already" in await acme.presses_action("ana", button_of(old, "I'm in"))
        await acme.presses("ana", "I'm in")
        await acme.presses("ben", "I'm in")
        await acme.until(TEN + timedelta(days=1))
        assert acme.met() == [{"ana", "ben"}]


async def test_who_leaves_the_channel_is_out_whatever_they_had_said_and_who_returns_is_new(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ben", "/coffee join")
        [ben] = [p for p in acme.platform.people if p.id == "ben"]
        await acme.departs("ben")
        await acme.until(TEN)
        assert all("ben" not in met for met in acme.met())

        await acme.days(1)
        await acme.arrives(ben)
        await acme.until(TEN + WEEK)
        assert acme.partners_of("ben")
        assert "ben" not in {n for met in acme.met()[:1] for n in met}


async def test_in_an_opt_in_ritual_leaving_the_channel_takes_the_word_back(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        for who in ("ana", "ben", "chloe"):
            await acme.says(who, "/coffee join")
        await acme.departs("chloe")
        await acme.until(TEN)
        assert acme.met() == [{"ana", "ben"}]


async def test_a_newcomer_starts_at_the_fewest_turns_and_does_not_pay_for_the_past(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe")) as acme:
        await acme.until(TEN + 5 * WEEK)  # six byes: two each
        await acme.arrives(*people("Dev", "Eli"))
        await acme.until(TEN + 10 * WEEK)

        byes = {
            who: sum(m.startswith("You sit this round") for m in acme.platform.to(who))
            for who in ("ana", "ben", "chloe", "dev", "eli")
        }
        assert byes == {"ana": 3, "ben": 3, "chloe": 3, "dev": 1, "eli": 1}


async def test_asking_why_long_before_joining_does_not_count_as_having_joined(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        await acme.says("dev", "/coffee why")
        await acme.until(TEN + WEEK)
        await acme.says("dev", "/coffee join")
        [row] = await acme.rows(Enrolment, Enrolment.choice.is_not(None))
        assert row.enrolled_at == TEN + WEEK
        assert await acme.count(Match) == 0


async def test_with_opt_in_the_bot_brings_a_button_that_joins(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        assert (await acme.presses("ben", "Join")).startswith("Welcome to monday-coffee.")
        await acme.presses("chloe", "Join")
        await acme.until(MONDAY + timedelta(hours=1))
        assert acme.partners_of("ben") == {"chloe"}


async def test_why_says_that_a_round_did_not_open(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        await acme.until(MONDAY + timedelta(hours=2))
        said = await acme.says("ben", "/coffee why")
        assert said.startswith("There was no round on Monday, 5 January: nobody takes part yet.")
