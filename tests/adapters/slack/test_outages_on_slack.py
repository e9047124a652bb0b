"""What goes wrong with Slack itself in the middle of a ritual: who is told, what waits, and what goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.db.models import Delivery
from bot.domain.states import DeliveryState
from tests.adapters.slack.office import (
    DAY,
    FRIDAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    Office,
    office,
    team,
)
from tests.adapters.slack.test_checkins_on_slack import ANNOUNCED, HOST, host
from tests.adapters.slack.test_coffee_on_slack import COFFEE, COFFEES, introduction
from tests.adapters.slack.test_gratitude_on_slack import GRATITUDE, THREE
from tests.fakes.platform import FakePlatform, residents
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import BOT_USER

ELSEWHERE = COFFEE.replace("monday-coffee", "tea").replace("slack:#coffee", "playground:#tea")
REVOKED = (
    "Slack shut me out on Monday, 5 January at 10:00 CET, and nobody there hears from me until that is mended: The bot "
    "token was revoked. Install the app again (api.slack.com/apps, Install App), and start me with its new token. "
    "(Slack says: token_revoked)"
)


def abroad(slack: FakeSlack) -> None:
    """Ben works in New York, so that a group conversation with him opens when it is morning there."""
    slack.workspace.people["U0BEN"].tz = "America/New_York"


def uninvited(slack: FakeSlack) -> None:
    slack.workspace.channel("general").members.remove(BOT_USER)


async def introductions(acme: Office) -> list[Delivery]:
    return list(await acme.rows(Delivery, Delivery.what == "introduction"))


async def test_a_revoked_token_is_told_once_to_admins_elsewhere_who_go_on_and_what_is_owed_comes_later(
    sqlite_url: str, tmp_path: Path
) -> None:
    there = FakePlatform("playground", people=residents("sue", "tom"), channels=("tea",))
    async with office(sqlite_url, tmp_path, config=team(COFFEE, ELSEWHERE), others=[there]) as acme:
        await acme.until(MONDAY - MINUTE)
        acme.slack.faults.revoke()
        await acme.until(MONDAY + DAY)
        assert list(there.chats.values()) == [("sue", "tom")]
        assert there.to("sue") == [REVOKED]
        assert there.to("tom") == []
        assert acme.groups() == []
        assert acme.platform.state().startswith("Slack shuts the app out: token_revoked.")

        acme.slack.faults.forgive()
        await acme.goes_by(HOUR)
        assert acme.platform.state() == "connected"
        assert [len(group) for group in acme.groups()] == [2, 2]
        assert "having coffee this time" in introduction(acme, "ana")
        assert there.to("sue") == [REVOKED]


async def test_a_missing_permission_is_told_to_the_admins_once_and_what_needs_it_waits(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        acme.slack.api.scopes.discard("mpim:write")
        await acme.until(MONDAY + 3 * HOUR)
        assert acme.groups() == []
        assert acme.told("ana") == [
            "Something on Slack waits for an admin: The app lacks a permission. `kinkeeper doctor` says which, and how "
            "to add it. (Slack says: missing_scope: mpim:write)"
        ]
        assert acme.told("ben") == []
        acme.slack.api.scopes.add("mpim:write")
        await acme.goes_by(11 * MINUTE)
        assert [len(group) for group in acme.groups()] == [2, 2]
        assert len(acme.told("ana")) == 1


async def test_being_asked_to_wait_holds_the_one_conversation_alone(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY - MINUTE)
        acme.slack.faults.fail_next("chat.postMessage", error="ratelimited", retry_after=0)
        await acme.until(MONDAY)
        states = sorted(each.state for each in await introductions(acme))
        assert states == [DeliveryState.PENDING, DeliveryState.SENT]
        await acme.goes_by(5 * SECOND)
        assert {each.state for each in await introductions(acme)} == {DeliveryState.SENT}
        assert [len(acme.in_group_of(who)) for who in ("ana", "ben", "chloe", "dev")] == [1, 1, 1, 1]


@pytest.mark.parametrize("lost", ["question", "answer"])
@pytest.mark.parametrize("with_history", [True, False])
async def test_trouble_while_posting_makes_no_second_message_where_the_history_may_be_read(
    sqlite_url: str, tmp_path: Path, with_history: bool, lost: str
) -> None:
    async with office(
        sqlite_url, tmp_path, config=COFFEES, people=("ana", "ben"), with_history=with_history
    ) as acme:
        await acme.until(MONDAY - MINUTE)
        acme.slack.faults.fail_next(
            "chat.postMessage", error="internal_error", lost="answer" if lost == "answer" else "question"
        )
        await acme.until(MONDAY + HOUR)
        [delivery] = await introductions(acme)
        status = await acme.says("ana", "/kinkeeper status")
        if with_history:
            assert len(acme.in_group_of("ana")) == 1
            assert delivery.state is DeliveryState.SENT
            assert "twice" not in status
        else:
            assert len(acme.in_group_of("ana")) == (2 if lost == "answer" else 1)
            assert delivery.state is DeliveryState.POSSIBLY_TWICE
            assert "1 message may have arrived twice:\n• introduction to Ana, Ben: without the" in status
        assert await acme.presses("ben", "We met") == "Noted: you met. Thank you for telling me."
        assert "You met. Lovely." in acme.read(acme.in_group_of("ana"))[-1]


@pytest.mark.parametrize("told", [True, False])
async def test_the_partner_of_somebody_deactivated_in_the_meantime_is_told_so(
    sqlite_url: str, tmp_path: Path, told: bool
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES, people=("ana", "ben"), prepare=abroad) as acme:
        await acme.until(MONDAY)
        ben = acme.slack.workspace.people["U0BEN"]
        ben.deleted = True
        if told:
            await acme.slack.news.changes(ben)
        await acme.until(MONDAY + 6 * HOUR)
        assert acme.groups() == []
        introduced, missed = acme.told("ana")
        assert "you two are having coffee this time" in introduced
        assert missed == "I could not reach @Ben. If you see them, please say hello from me."
        assert len(acme.within("coffee")) == 1, "nobody is called who is not there any more"


async def test_a_channel_archived_in_the_middle_is_told_to_the_admins_and_the_round_goes_on(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.until(MONDAY)
        await acme.slack.news.archives(acme.slack.workspace.channel("coffee").id)
        await acme.rosters_are_read()
        await acme.presses("ana", "We met")
        assert "You met. Lovely." in introduction(acme, "ana")
        await acme.until(MONDAY + 5 * DAY)
        other = next(who for who in ("ben", "chloe", "dev") if who not in acme.partners_of("ana"))
        assert "did you meet?" in acme.read(acme.in_group_of(other))[-1]
        assert acme.told("ana") == [
            "I cannot read a channel that monday-coffee names: slack:#coffee: #coffee is archived. Unarchive it in "
            "Slack, or name another channel in the config."
        ]
        assert acme.told(other) == []


async def test_a_turn_that_is_passed_in_an_archived_channel_still_reaches_the_next(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=HOST, channels=["team"]) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        await acme.slack.news.archives(acme.slack.workspace.channel("team").id)
        await acme.rosters_are_read()
        said = await acme.says(first, "/checkin pass")
        assert said.startswith("Noted. @")
        next_one = said.removeprefix("Noted. @").partition(" ")[0].lower()
        assert acme.told(next_one)[-1].startswith("The turn has come to you: you are facilitator for retro")


async def test_a_renamed_channel_changes_nothing_and_the_admins_are_told_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        await acme.slack.news.renames(acme.slack.workspace.channel("coffee").id, "coffee-club")
        await acme.rosters_are_read()
        await acme.until(MONDAY + WEEK)
        assert len(acme.groups()) == 4
        assert acme.told("ana") == [
            "#coffee is called #coffee-club now. I found it all the same. Please change the config too, for "
            'monday-coffee: channel = "slack:#coffee-club"'
        ]
        assert acme.told("ben") == []


async def test_admins_are_told_how_to_invite_the_bot_and_then_what_is_owed_is_posted(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(
        sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], prepare=uninvited, now=FRIDAY
    ) as acme:
        await acme.until(THREE)
        assert acme.within("general") == []
        assert acme.told("ana") == [
            "Something in slack:#general waits for an admin: I am not in this channel. Invite me there: write /invite "
            "@Kinkeeper in it. (Slack says: not_in_channel)"
        ]
        await acme.slack.news.joins(BOT_USER, acme.slack.workspace.channel("general").id)
        await acme.rosters_are_read()
        await acme.goes_by(11 * MINUTE)
        welcome, prompt = acme.within("general")
        assert welcome.startswith("Hello! I am Kinkeeper.")
        assert prompt.endswith("\nSay thanks")
        assert len(acme.told("ana")) == 1
