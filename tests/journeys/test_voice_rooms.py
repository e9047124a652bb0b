"""A room to talk in for the hour of a match: there in time, moved with the time, gone afterwards, whatever crashes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Match, VoiceRoom
from bot.ports import NeedsAdmin, PermanentFailure, TemporaryFailure
from jobs.tend_rooms import tend_rooms
from tests.fakes.platform import FakePlatform
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
MINUTES, HOURS, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
VOICE = CONFIG.format(more="voice = true\nmeeting_minutes = 30")
TWO = people("Ana", "Ben")


async def chosen(acme: World, who: str, index: int) -> datetime:
    """Somebody picks one of the suggested times; when that is."""
    [match] = await acme.rows(Match)
    await acme.presses_action(who, f"time:{match.id}:{index}")
    return datetime.fromisoformat(match.suggested_times[index])


def said(acme: World) -> list[str]:
    """Where it says that a room is open."""
    return [text for text in acme.chat_of("ana") if "room is open" in text]


async def test_it_opens_five_minutes_before_is_named_in_the_conversation_and_goes_a_while_after(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.until(at - 5 * MINUTES - timedelta(seconds=1))
        assert acme.platform.voice.rooms == {}

        await acme.until(at - 5 * MINUTES)
        [room] = acme.platform.voice.rooms.values()
        assert (set(room.people), room.near, room.name) == (
            {"ana", "ben"},
            "C-coffee",
            "Coffee: Ana and Ben",
        )
        assert len(said(acme)) == 1
        assert said(acme)[0].endswith(": #Coffee: Ana and Ben")

        await acme.until(at + 45 * MINUTES - timedelta(seconds=1))
        assert len(acme.platform.voice.rooms) == 1
        await acme.until(at + 45 * MINUTES)
        assert acme.platform.voice.rooms == {}
        assert said(acme) == []
        assert [text for text in acme.chat_of("ana") if "is closed again" in text]
        await acme.until(at + WEEK - DAY)
        assert len(acme.platform.voice.opened) == 1


async def test_another_time_moves_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        first = await chosen(acme, "ana", 0)
        later = await chosen(acme, "ben", 2)
        assert later > first + HOURS
        await acme.until(first + HOURS)
        assert acme.platform.voice.opened == []
        await acme.until(later)
        assert len(acme.platform.voice.rooms) == len(said(acme)) == 1


async def test_moved_at_the_last_moment_the_open_room_goes_and_another_opens(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        first = await chosen(acme, "ana", 0)
        await acme.until(first - MINUTES)
        assert len(acme.platform.voice.rooms) == 1
        later = await chosen(acme, "ben", 1)
        assert acme.platform.voice.rooms == {}
        again = await chosen(acme, "ana", 0)
        assert again == first
        assert len(acme.platform.voice.rooms) == 1, "back at the first time, there is a room again"
        await chosen(acme, "ben", 1)
        await acme.until(later)
        assert len(acme.platform.voice.rooms) == 1
        await acme.until(later + HOURS)
        assert acme.platform.voice.rooms == {}


@pytest.mark.parametrize("word", ["Not this time", "Rescheduled"])
async def test_who_does_not_meet_then_gets_no_room(sessions: Sessions, tmp_path: Path, word: str) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.presses("ben", word)
        await acme.until(at + HOURS)
        assert acme.platform.voice.opened == []
        later = await chosen(acme, "ben", 2)
        await acme.until(later)
        assert len(acme.platform.voice.rooms) == 1, "a time that is chosen after that counts"


async def test_what_was_not_sent_before_the_room_went_is_not_sent_at_all(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.clock.set(at - 5 * MINUTES)
        await tend_rooms(acme.runtime)
        await acme.platform.press("ben", f"time:{(await acme.rows(Match))[0].id}:2")
        await tend_rooms(acme.runtime)
        await acme.until(at + HOURS)
        assert len(acme.platform.voice.opened) == 1
        assert not [text for text in acme.chat_of("ana") if "is closed again" in text]
        assert said(acme) == []


async def test_without_the_rule_there_is_none(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), who=TWO) as acme:
        await acme.until(TEN)
        await chosen(acme, "ana", 0)
        await acme.until(TEN + WEEK - DAY)
        assert acme.platform.voice.opened == []


async def test_the_rule_given_up_meanwhile_opens_none(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.configure(CONFIG.format(more=""))
        await acme.until(at + HOURS)
        assert acme.platform.voice.opened == []


async def test_a_process_that_dies_after_opening_it_leaves_one_room_and_one_sentence(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.platform.voice.failures.append(RuntimeError("the process died before the answer came"))
        await acme.until(at)
        assert len(acme.platform.voice.opened) == len(said(acme)) == 1
        await acme.until(at + HOURS)
        assert acme.platform.voice.rooms == {}


async def test_a_room_of_which_nobody_knows_any_more_is_taken_away_too(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.platform.voice.failures.append(RuntimeError("the process died before the answer came"))
        acme.clock.set(at - 5 * MINUTES)
        await tend_rooms(acme.runtime)
        assert len(acme.platform.voice.rooms) == 1
        await acme.presses("ben", "Not this time")
        await acme.until(at + HOURS)
        assert acme.platform.voice.rooms == {}
        assert len(acme.platform.voice.opened) == 1
        assert said(acme) == []


async def test_a_claim_of_a_process_that_died_runs_out(sessions: Sessions, tmp_path: Path) -> None:
    class Died(BaseException):
        """The process is gone: nothing is written down any more."""

    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.clock.set(at - 5 * MINUTES)
        opening = acme.platform.open_voice

        async def dies(*args: object, **named: object) -> str:
            await opening(*args, **named)  # type: ignore[arg-type]
            raise Died

        acme.platform.open_voice = dies  # type: ignore[method-assign]
        with pytest.raises(Died):
            await tend_rooms(acme.runtime)
        acme.platform.open_voice = opening  # type: ignore[method-assign]
        await acme.until(at - 4 * MINUTES)
        assert said(acme) == [], "somebody may still be at it"
        await acme.until(at)
        assert len(acme.platform.voice.opened) == len(said(acme)) == 1


async def test_two_processes_open_one_room(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.clock.set(at - 5 * MINUTES)
        asked = 0
        opening = acme.platform.open_voice

        async def slowly(*args: object, **named: object) -> object:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0)
            return await opening(*args, **named)  # type: ignore[arg-type]

        acme.platform.open_voice = slowly  # type: ignore[method-assign, assignment]
        await asyncio.gather(tend_rooms(acme.runtime), tend_rooms(acme.runtime))
        await acme.until(at)
        assert asked == 1
        assert len(said(acme)) == 1


async def test_moved_while_it_is_being_opened_it_does_not_stay(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        [match] = await acme.rows(Match)
        at = await chosen(acme, "ana", 0)
        acme.clock.set(at - 5 * MINUTES)
        opening = acme.platform.open_voice

        async def meanwhile(*args: object, **named: object) -> object:
            acme.platform.open_voice = opening  # type: ignore[method-assign]
            room = await opening(*args, **named)  # type: ignore[arg-type]
            await acme.platform.press("ben", f"time:{match.id}:2")
            return room

        acme.platform.open_voice = meanwhile  # type: ignore[method-assign, assignment]
        await tend_rooms(acme.runtime)
        await acme.until(at)
        assert len(acme.platform.voice.opened) == 1
        assert acme.platform.voice.rooms == {}
        assert said(acme) == []


async def test_a_platform_that_has_none_is_asked_once_and_nothing_is_said(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        acme.platform.voice.mute = "there is nowhere to talk"
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.until(at + HOURS)
        assert said(acme) == []
        [room] = await acme.rows(VoiceRoom)
        assert (room.due_at, room.problem, room.attempts) == (None, "there is nowhere to talk", 1)


async def test_what_fails_for_a_moment_is_tried_again_while_it_is_of_use(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.platform.voice.failures.append(TemporaryFailure("slow down", retry_after=90))
        await acme.until(at - 4 * MINUTES)
        assert acme.platform.voice.rooms == {}
        await acme.until(at)
        assert len(acme.platform.voice.rooms) == len(said(acme)) == 1


async def test_what_never_works_is_of_no_use_after_the_hour(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.platform.voice.failures.extend(TemporaryFailure("away", retry_after=900) for _ in range(9))
        await acme.until(at + DAY)
        assert acme.platform.voice.opened == []
        [room] = await acme.rows(VoiceRoom)
        assert room.due_at is None


async def test_what_is_refused_for_good_is_asked_once(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        acme.platform.voice.failures.append(PermanentFailure("the server has all the channels it may have"))
        await acme.until(at + HOURS)
        assert acme.platform.voice.opened == []


async def test_a_missing_permission_is_told_to_the_admins_and_made_good(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ben", 0)
        acme.platform.voice.failures.extend(NeedsAdmin("Grant me Manage Channels.") for _ in range(3))
        await acme.until(at)
        assert len(acme.platform.voice.rooms) == 1
        assert [t for t in acme.platform.to("ana") if "Manage Channels" in t] == [
            "Something in playground:#coffee waits for an admin: Grant me Manage Channels."
        ]


async def test_a_room_that_cannot_be_taken_away_is_tried_again(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.until(at)
        acme.platform.shut = NeedsAdmin("the token was revoked", scope="workspace")
        await acme.until(at + 2 * HOURS)
        assert len(acme.platform.voice.rooms) == 1
        acme.platform.shut = None
        await acme.until(at + 3 * HOURS)
        assert acme.platform.voice.rooms == {}


async def test_there_is_one_only_where_two_of_them_are(sessions: Sessions, tmp_path: Path) -> None:
    discord = FakePlatform("discord", people=people("Eli"), channels=("coffee",), workspace="G1")
    config = VOICE.replace('"playground:#coffee"', '["playground:#coffee", "discord:#coffee"]')
    config = config.replace("voice = true", "voice = true\ngroup_size = 3")
    async with world(sessions, tmp_path, config=config, who=TWO, others=[discord]) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.until(at)
        assert [set(room.people) for room in acme.platform.voice.rooms.values()] == [{"ana", "ben"}]
        assert discord.voice.opened == []
        assert len(said(acme)) == 1
        assert not [d for d in discord.delivered if "room is open" in d.text]


async def test_if_one_of_them_has_left_there_is_none(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=VOICE, who=TWO) as acme:
        await acme.until(TEN)
        at = await chosen(acme, "ana", 0)
        await acme.says("ben", "/presence forget")
        await acme.presses("ben", "Forget me")
        await acme.until(at + HOURS)
        assert acme.platform.voice.opened == []
