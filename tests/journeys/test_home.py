"""A page of one's own: what comes next, what waits for an answer, and what can be changed in one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event

from bot.db.engine import Sessions
from bot.db.models import Asked, Enrolment, Member, Pause, Received
from bot.domain.interactions import Press, Refused, Reply
from bot.domain.messages import Buttons, DateField, Form, Message
from bot.domain.phrasing import plain, plain_message
from bot.ports import Profile
from tests.journeys import pulse, test_hosts, test_ring
from tests.journeys.seeing import every_row
from tests.journeys.test_forgetting import MORE
from tests.world import CONFIG, MONDAY, World, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
OPT_IN = CONFIG.format(more='members = "opt-in"')
ZOE = Profile(id="zoe", name="Zoe", timezone="Europe/Berlin")


async def home(acme: World, who: str) -> Message:
    """The page as somebody sees it."""
    answer = await acme.platform.opens_home(who)
    assert isinstance(answer, Reply)
    assert answer.message is not None
    return answer.message


async def reads(acme: World, who: str) -> str:
    """What stands on somebody's page."""
    return plain_message(await home(acme, who))


def labels(message: Message) -> list[str]:
    """Every button of a message."""
    return [plain(b.label) for part in message.parts if isinstance(part, Buttons) for b in part.buttons]


def actions(message: Message) -> dict[str, str]:
    """What each button carries, by its label."""
    return {
        plain(b.label): b.action for part in message.parts if isinstance(part, Buttons) for b in part.buttons
    }


@contextmanager
def statements(sessions: Sessions) -> Iterator[list[str]]:
    """What is said to the database."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(sessions.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(sessions.engine.sync_engine, "before_cursor_execute", note)


def many(count: int) -> str:
    """A config of so many coffees."""
    team, coffee = CONFIG.format(more="").split("[[coffee]]")
    names = [f"coffee-{number}" for number in range(count)]
    return team + "".join("[[coffee]]" + coffee.replace("monday-coffee", name) for name in names)


async def test_the_page_says_what_comes_next_whom_i_have_met_and_how_things_are_set(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE) as acme:
        await acme.until(TEN)
        [partner] = acme.partners_of("ana")
        said = await reads(acme, "ana")
        assert said.startswith("Hello Ana. This page is yours; nobody else sees it.")
        assert "monday-coffee: next on Monday, 12 January at 10:00 CET" in said
        assert f"been introduced to {partner.title()}." in said
        assert "Not yet: " in said
        assert "your time zone is Europe/Berlin, as you have set none yourself" in said
        assert "I write to you on working days within 09:00-17:30" in said
        assert "when the number is odd in monday-coffee: both are fine" in said
        assert labels(await home(acme, "ana")) == [
            *["Skip the next", "Pause"],  # of the coffee
            "Say thanks",
            *["Skip the next", "Pause"],  # of the questions
            "Settings",
        ]


async def test_looking_writes_nothing_and_may_be_done_as_often_as_one_likes(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        before = [row.shown for row in await every_row(acme)]
        seen = [await acme.platform.opens_home("ana", event_id="look-1") for _ in range(3)]
        assert [row.shown for row in await every_row(acme)] == before
        assert seen[0] == seen[1] == seen[2]
        assert isinstance(seen[2], Reply)
        assert seen[2].message is not None


async def test_somebody_who_was_never_seen_reads_what_this_is_and_joins_with_one_press(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        acme.platform.people.append(ZOE)
        said = await reads(acme, "zoe")
        assert "You take part in nothing yet. There is:" in said
        assert (
            "monday-coffee: a chat with somebody of the team, each time somebody else; next on Monday" in said
        )
        assert await acme.count(Member, Member.name == "Zoe") == 0, "who only looks becomes no member"
        assert await acme.count(Received) == 0

        joined = await acme.presses("zoe", "Join monday-coffee")
        assert joined.startswith("Welcome to monday-coffee.")
        after = await reads(acme, "zoe")
        assert "monday-coffee: next on" in after
        assert "There is:" not in after


async def test_who_is_known_and_takes_part_in_nothing_reads_how_to_join_beside_their_settings(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=OPT_IN) as acme:
        assert labels(await home(acme, "ben")) == ["Join monday-coffee", "Settings"]
        await acme.presses("ben", "Join monday-coffee")
        assert labels(await home(acme, "ben")) == ["Skip the next", "Pause", "Settings"]


async def test_who_was_forgotten_does_not_come_back_by_looking(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ben", "/presence forget")
        await acme.presses("ben", "Forget me")
        members = await acme.count(Member, Member.left_at.is_(None))
        said = await reads(acme, "ben")
        assert "Ben" not in said
        assert labels(await home(acme, "ben")) == ["Join monday-coffee"]
        assert await acme.count(Member, Member.left_at.is_(None)) == members


async def test_a_skip_that_is_pressed_twice_is_one_skip(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        skip = actions(await home(acme, "ana"))["Skip the next"]
        assert "You skip the next round of monday-coffee" in await acme.presses_action("ana", skip)
        assert "You skip the next round of monday-coffee already" in await acme.presses_action("ana", skip)
        assert "monday-coffee: you skip Monday, 5 January" in await reads(acme, "ana")
        await acme.until(TEN)
        assert not acme.partners_of("ana")
        await acme.until(TEN + WEEK)
        assert acme.partners_of("ana")


async def test_a_skip_that_is_taken_back_twice_is_taken_back(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ana", "/coffee skip")
        back = actions(await home(acme, "ana"))["Be in after all"]
        for _ in range(2):
            assert await acme.presses_action("ana", back) == (
                "You are in for the next round of monday-coffee, on Monday, 5 January at 10:00 CET."
            )
        await acme.until(TEN)
        assert acme.partners_of("ana")


async def test_a_check_in_can_be_skipped_once_as_well(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=pulse.NAMED) as acme:
        await home(acme, "ana")
        await acme.presses("ana", "Skip the next")
        await acme.until(pulse.OPEN)
        assert await acme.count(Asked, Asked.member_id == 1) == 0
        assert await acme.count(Asked, Asked.member_id == 2) == 1
        await acme.until(pulse.OPEN + WEEK)
        assert await acme.count(Asked, Asked.member_id == 1) == 1


async def test_a_break_begins_with_a_form_that_names_its_ritual_and_ends_with_a_press(
    sessions: Sessions, tmp_path: Path
) -> None:
    second = CONFIG.format(more="").split("[[coffee]]")[1].replace("monday-coffee", "lunch")
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + "[[coffee]]" + second) as acme:
        page = await home(acme, "ana")
        lunch = [part for part in page.parts if isinstance(part, Buttons)][1]
        form = await acme.platform.press("ana", lunch.buttons[1].action)
        assert isinstance(form, Form)
        assert form.intro is not None
        assert plain(form.intro) == "A break from lunch. It ends by itself."
        assert [type(field) for field in form.fields] == [DateField]
        done = await acme.submits("ana", form.action, until="2026-02-02")
        assert isinstance(done, Reply)

        said = await reads(acme, "ana")
        assert "lunch: you are on a break until Monday, 2 February" in said
        assert "monday-coffee: next on" in said
        assert "You are back in lunch." in await acme.presses("ana", "End the break")
        assert "not on a break from lunch" in await acme.presses_action("ana", f"resume:{lunch_id(page)}")
        assert await acme.count(Pause) == 0


def lunch_id(page: Message) -> str:
    row = [part for part in page.parts if isinstance(part, Buttons)][1]
    return row.buttons[0].action.partition(":")[2]


async def test_a_break_that_ends_before_the_next_round_is_told_and_can_be_ended_too(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ana", "/coffee pause 2026-01-04")
        page = await home(acme, "ana")
        assert "monday-coffee: next on Monday, 5 January" in plain_message(page)
        assert "A break from monday-coffee until Sunday, 4 January" in plain_message(page)
        assert labels(page) == ["Skip the next", "End the break", "Settings"]


async def test_the_form_of_a_break_is_shown_at_once_and_also_where_nothing_is_remembered(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        pause = actions(await home(acme, "ana"))["Pause"]
        press = Press(acme.platform.actor("ana"), "press-1", pause)
        at_once = acme.inbox.form(press)
        assert at_once is not None
        acme.runtime.known.names.clear()
        assert acme.inbox.form(press) is None
        assert await acme.platform.press("ana", pause) == at_once
        assert acme.inbox.form(press) == at_once, "from then on it is remembered"


async def test_a_turn_as_host_is_passed_from_the_page_and_done_once_it_has_begun(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=test_hosts.CONFIG.format(more="")) as acme:
        await acme.until(test_hosts.ANNOUNCED)
        first = test_hosts.host(acme)
        page = await home(acme, first)
        assert f"It is your turn as facilitator for retro on {test_hosts.WHEN}." in plain_message(page)
        assert labels(page)[:2] == ["Pass", "Swap"]
        await acme.presses_action(first, actions(page)["Pass"])
        second = test_hosts.host(acme)
        assert second != first
        assert "It is your turn" not in await reads(acme, first)

        await acme.until(test_hosts.RETRO)
        begun = await home(acme, second)
        assert labels(begun)[0] == "Done"
        assert "Pass" not in labels(begun)
        assert "Thank you." in await acme.presses_action(second, actions(begun)["Done"])
        assert "Done" not in labels(await home(acme, second))


async def test_whom_i_look_after_stands_on_my_page_and_on_no_other(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=test_ring.CONFIG.format(more="")) as acme:
        await acme.until(test_ring.TUESDAY)
        [ring] = await test_ring.rings(acme)
        for carer, receiver in ring.items():
            page = await home(acme, carer)
            assert f"In care you look after {receiver.title()} this time." in plain_message(page)
            others = {person.name for person in acme.platform.people} - {receiver.title(), carer.title()}
            assert not any(name in plain_message(page) for name in others)
            assert labels(page)[:2] == ["Done", "Swap"]
        form = await acme.platform.press("ana", actions(await home(acme, "ana"))["Swap"])
        assert isinstance(form, Form)
        await acme.presses("ana", "Done")
        assert "you look after" not in await reads(acme, "ana")


async def test_questions_are_answered_from_the_page(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=pulse.NAMED) as acme:
        assert "has questions for you" not in await reads(acme, "ana")
        await acme.until(pulse.OPEN)
        page = await home(acme, "ana")
        assert "pulse has questions for you until Wednesday, 7 January at 17:30 CET." in plain_message(page)
        form = await acme.platform.press("ana", actions(page)["Answer"])
        assert isinstance(form, Form)
        await acme.submits("ana", form.action, question0="4", question1="A quiet morning.")
        assert "Answer" not in labels(await home(acme, "ana"))


async def test_an_avoidance_reads_like_an_absence_on_the_page(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        pages = [await reads(acme, who) for who in ("ana", "ben")]
        await acme.says("ana", "/coffee avoid <@ben>")
        assert [await reads(acme, who) for who in ("ana", "ben")] == pages
        await acme.until(TEN + 9 * WEEK)
        assert "Not yet: Ben." in await reads(acme, "ana")
        assert "Not yet: Ana." in await reads(acme, "ben")


async def test_a_page_with_ten_rituals_stays_one_page_and_asks_the_database_no_more_than_with_one(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        with statements(sessions) as of_one:
            await home(acme, "ana")
        await acme.configure(many(10))
        await acme.reads_rosters()
        await acme.until(TEN + WEEK)
        with statements(sessions) as of_ten:
            page = await home(acme, "ana")
        assert "coffee-9: next on Monday, 19 January" in plain_message(page)
        assert len(of_ten) == len(of_one)
        assert len(page.parts) <= 60
        assert all(len(part.buttons) <= 5 for part in page.parts if isinstance(part, Buttons))


async def test_of_still_more_rituals_the_page_says_where_the_rest_stands(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=many(12)) as acme:
        page = await home(acme, "ana")
        assert "… and 2 more: /presence me shows all." in plain_message(page)
        assert len(page.parts) <= 60
        said = await acme.says("ana", "/presence me")
        assert "coffee-11: next on" in said
        rows = [part for part in acme.platform.replies[-1][1].parts if isinstance(part, Buttons)]
        assert len(rows) <= 5
        assert plain(rows[-1].buttons[-1].label) == "Settings"


async def test_where_there_is_no_page_the_same_buttons_hang_under_presence_me(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE) as acme:
        await acme.says("ana", "/presence me")
        assert labels(acme.platform.replies[-1][1]) == [
            *["Skip monday-coffee", "Pause monday-coffee", "Skip pulse", "Pause pulse"],
            "Settings",
        ]
        await acme.presses("ana", "Skip monday-coffee")
        form = await acme.opens("ana", "Pause pulse")
        await acme.submits("ana", form.action, until="2026-02-02")
        said = await acme.says("ana", "/presence me")
        assert "monday-coffee: you skip Monday, 5 January" in said
        assert "pulse: you are on a break until Monday, 2 February" in said
        assert "You are back in pulse." in await acme.presses("ana", "End the break from pulse")
        assert "You are in for the next round" in await acme.presses(
            "ana", "Be in for monday-coffee after all"
        )


async def test_a_button_about_nothing_says_so(sessions: Sessions, tmp_path: Path) -> None:
    gone = "I no longer have a record of that, so there is nothing to change."
    async with world(sessions, tmp_path) as acme:
        for verb in ("skip", "unskip", "pause", "resume", "join"):
            for about in ("", ":", ":0", ":999999999", ":99999999999999999999", ":monday-coffee", ":1;2"):
                assert await acme.presses_action("ana", verb + about) == gone


async def test_an_old_button_of_somebody_who_has_left_changes_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        old = actions(await home(acme, "ana"))
        await acme.says("ana", "/coffee leave")
        assert "You do not take part in monday-coffee" in await acme.presses_action(
            "ana", old["Skip the next"]
        )
        sent = await acme.submits("ana", old["Pause"], until="2026-02-02")
        assert isinstance(sent, Refused)
        assert "You do not take part in monday-coffee" in plain(sent.errors["until"])
        assert await acme.count(Enrolment, Enrolment.skips_next.is_(True)) == 0
        assert await acme.count(Pause) == 0
