"""What goes wrong while people act on Slack: too late, twice, too slowly; nothing is lost and nothing counts twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.models import Pause, Thanks
from bot.domain.interactions import Answer, Interaction, RosterChanged
from bot.domain.messages import Form
from bot.ports import Inbox
from tests.adapters.slack.office import HOUR, MONDAY, SECOND, Office, office
from tests.adapters.slack.test_checkins_on_slack import ANONYMOUS, CODE, PULSE, WEDNESDAY
from tests.adapters.slack.test_coffee_on_slack import COFFEES
from tests.adapters.slack.test_gratitude_on_slack import GRATITUDE, THREE

MOMENT = "One moment: I am writing it down. You may close this; nothing is lost."


@dataclass(slots=True)
class Busy:
    """An inbox that takes its time: it answers when `free` is set, and meanwhile `passes` on the office's clock."""

    office: list[Office] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)
    passes: timedelta = timedelta(0)
    breaks: bool = False
    _inbox: Inbox | None = None

    def before(self, inbox: Inbox) -> Inbox:
        """Stands before an inbox; free to begin with."""
        self.free.set()
        self._inbox = inbox
        return self

    @property
    def inbox(self) -> Inbox:
        assert self._inbox is not None
        return self._inbox

    def form(self, asked: Interaction) -> Form | None:
        self._pass()
        return self.inbox.form(asked)

    async def receive(self, happened: Interaction) -> Answer:
        await self.free.wait()
        self._pass()
        if self.breaks:
            raise RuntimeError("the database is gone")
        return await self.inbox.receive(happened)

    async def roster_changed(self, happened: RosterChanged) -> None:
        await self.inbox.roster_changed(happened)

    def complete(self, typed: str, *, limit: int = 10) -> Sequence[str]:
        return self.inbox.complete(typed, limit=limit)

    def _pass(self) -> None:
        for each in self.office:
            each.clock.set(each.clock.now() + self.passes)


async def sends_while_busy(acme: Office, busy: Busy, who: str, **typed: str) -> None:
    """Somebody sends the form in front of them, and the answer takes longer than Slack waits."""
    busy.free.clear()
    filled = {name: acme.picked(text) for name, text in typed.items()}
    await acme.slack.hands.submit(f"U0{who.upper()}", filled)
    assert MOMENT in acme.reads_modal(who)


async def is_answered(acme: Office, busy: Busy) -> None:
    busy.free.set()
    await acme.settled()


@pytest.mark.parametrize("config", [PULSE, ANONYMOUS])
async def test_answers_that_come_after_the_time_for_them_are_given_back_to_keep(
    sqlite_url: str, tmp_path: Path, config: str
) -> None:
    async with office(sqlite_url, tmp_path, config=config, channels=["team"]) as acme:
        await acme.until(WEDNESDAY)
        await acme.opens("ana", "Answer")
        await acme.until(WEDNESDAY + 9 * HOUR)
        said = await acme.submits("ana", question0="3", question1="too late, *alas*")
        assert said.startswith("The time for answers to pulse is over. The next questions come on Wednesday")
        assert "This is what you wrote, for you to keep:" in said
        assert said.endswith("too late, *alas*")
        assert "alas" not in "\n".join(acme.within("team"))


async def test_a_click_that_slack_hands_over_several_times_has_one_effect_and_one_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        said = await acme.presses("ana", "Not this time", times=2)
        await acme.slack.hands.again()
        await acme.settled()
        assert acme.slack.eyes.privately("U0ANA") == [said]
        await acme.says("ana", "/coffee pause 2026-02-01")
        await acme.slack.hands.again()
        await acme.settled()
        assert len(acme.slack.eyes.privately("U0ANA")) == 2
        assert len(await acme.rows(Pause)) == 1


async def test_a_form_that_is_sent_twice_counts_once(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        await acme.opens("ana", "Say thanks")
        typed = {"to": "<@U0BEN>", "words": "for the calm"}
        await acme.slack.hands.submit("U0ANA", typed, times=2)
        await acme.settled()
        await acme.slack.hands.again()
        await acme.settled()
        assert len(await acme.rows(Thanks)) == 1
        assert len(acme.told("ben")) == 1
        assert len([text for text in acme.within("general") if " thanks @" in text]) == 1


async def test_words_that_come_under_two_event_ids_are_answered_once(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        [answer] = await acme.writes("ana", "good morning")
        await acme.slack.news.tell_again_under_another_id()
        await acme.settled()
        assert acme.told("ana") == [answer]
        await acme.slack.news.echoes(acme.slack.workspace.within("D00ANA")[-1])
        await acme.settled()
        assert acme.told("ana") == [answer], "it does not answer itself"
        assert await acme.writes("ana", "good morning") == [answer]


async def test_a_slow_answer_changes_the_form_that_says_one_moment(sqlite_url: str, tmp_path: Path) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], hear=busy.before) as acme:
        await acme.until(THREE)
        await acme.opens("ana", "Say thanks")
        await sends_while_busy(acme, busy, "ana", to="@ana", words="for *me*")
        await is_answered(acme, busy)
        assert "You cannot thank yourself here" in acme.reads_modal("ana")
        assert (acme.typed("ana", "to"), acme.typed("ana", "words")) == (["U0ANA"], "for *me*")

        await sends_while_busy(acme, busy, "ana", to="@ben")
        await is_answered(acme, busy)
        assert "Thank you! @Ben will get it first" in acme.reads_modal("ana")
        assert acme.told("ben")[0].splitlines()[1] == "for *me*"
        assert await acme.presses_in_view("ana", "Delete") == ""
        assert "It is gone, and so are the words." in acme.reads_modal("ana")


async def test_whoever_closes_the_form_meanwhile_is_told_and_gets_back_what_could_not_be_taken(
    sqlite_url: str, tmp_path: Path
) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], hear=busy.before) as acme:
        await acme.until(THREE)
        await acme.opens("ana", "Say thanks")
        await sends_while_busy(acme, busy, "ana", to="@ana", words="for *me*")
        await acme.slack.hands.close("U0ANA")
        await is_answered(acme, busy)
        assert "What you sent could not be taken as it is." in acme.slack.eyes.privately("U0ANA")[-1]
        await acme.opens("ana", "Open the form")
        assert "You cannot thank yourself here" in acme.reads_modal("ana")
        assert acme.typed("ana", "words") == "for *me*"

        await sends_while_busy(acme, busy, "ana", to="@ben")
        await acme.slack.hands.close("U0ANA")
        await is_answered(acme, busy)
        assert acme.slack.eyes.privately("U0ANA")[-1].startswith("Thank you! @Ben will get it first")


async def test_a_receipt_is_not_lost_with_the_form(sqlite_url: str, tmp_path: Path) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=ANONYMOUS, channels=["team"], hear=busy.before) as acme:
        await acme.until(WEDNESDAY)
        await acme.opens("ana", "Answer")
        await sends_while_busy(acme, busy, "ana", question1="I am tired")
        await acme.slack.hands.close("U0ANA")
        await is_answered(acme, busy)
        [said] = acme.slack.eyes.privately("U0ANA")
        receipt = CODE.findall(said)[0]
        assert not any(receipt in text for text in acme.told("ana")), "for their eyes, and kept nowhere"
        assert (await acme.says("ana", f"/checkin delete {receipt}")).startswith(
            "Your answer to pulse is deleted."
        )


@pytest.mark.parametrize("slow", [False, True])
async def test_what_breaks_leaves_the_form_with_what_was_typed(
    sqlite_url: str, tmp_path: Path, slow: bool
) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], hear=busy.before) as acme:
        await acme.until(THREE)
        await acme.opens("ana", "Say thanks")
        busy.breaks = True
        if slow:
            await sends_while_busy(acme, busy, "ana", to="@ben", words="for the calm")
            await is_answered(acme, busy)
            assert acme.typed("ana", "words") == "for the calm"
            assert "Something went wrong on my side. Nothing you did is lost" in acme.reads_modal("ana")
        else:
            await acme.submits("ana", to="@ben", words="for the calm")
            assert "Something went wrong on my side." in acme.wrong("ana")["to"]
        busy.breaks = False
        await acme.submits("ana", to="@ben", words="for the calm")
        assert acme.told("ben")[0].splitlines()[1] == "for the calm"


async def test_a_form_that_comes_too_late_to_open_waits_behind_a_button_with_what_was_typed(
    sqlite_url: str, tmp_path: Path
) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], hear=busy.before) as acme:
        busy.office.append(acme)
        busy.passes = 4 * SECOND
        said = await acme.says("ana", "/thanks @ben #care", channel="general")
        assert said == "That took me longer than Slack waits. Your form is ready here:\nOpen the form"
        busy.passes = timedelta(0)
        await acme.opens("ana", "Open the form")
        assert acme.typed("ana", "to") == ["U0BEN"]
        assert acme.typed("ana", "worth")["value"] == "#care"
        await acme.submits("ana", words="for the calm")
        assert acme.told("ben")[0].splitlines()[1] == "for the calm"


async def test_a_form_that_took_a_look_into_the_database_waits_behind_a_button_too(
    sqlite_url: str, tmp_path: Path
) -> None:
    busy = Busy()
    async with office(sqlite_url, tmp_path, config=COFFEES, hear=busy.before) as acme:
        await acme.says("ana", "/presence quiet 18:00-09:00")
        await acme.says("ana", "/presence quiet")
        busy.office.append(acme)
        busy.passes = 2 * SECOND
        assert "Your form is ready here:" in await acme.presses("ana", "Settings")
        busy.passes = timedelta(0)
        await acme.opens("ana", "Open the form")
        assert acme.typed("ana", "quiet") == "18:00-09:00"
        assert "• your quiet hours are 17:00-10:00" in await acme.submits("ana", quiet="17:00-10:00")
