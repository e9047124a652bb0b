"""A message arrives once: down the ladder, through outages and crashes, and what cannot arrive is said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Hold, Match, Participation
from bot.domain.states import DeliveryState, Outcome, Participated
from bot.ports import PerhapsDone, PermanentFailure, TemporaryFailure, ToChannel
from tests.world import MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
TWO = people("Ana", "Ben")


def knocks(acme: World) -> list[str]:
    """The lines in the channel that ask somebody to look, without saying why."""
    return [t for t in acme.platform.within("C-coffee") if "I have something for you" in t]


async def test_who_takes_no_direct_messages_is_mentioned_without_content_and_the_other_gets_a_copy(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.closed.add("ben")
        await acme.until(TEN)

        [copy] = acme.platform.to("ana")
        assert "you two are having coffee this time" in copy
        [knock] = knocks(acme)
        assert knock.startswith("Ben, I have something for you but cannot write to you directly.")
        assert "Ana" not in knock
        assert "This time you are with Ana." in await acme.says("ben", "/coffee why")
        assert await acme.count(Participation, Participation.what == Participated.INTRODUCED) == 2

        await acme.presses("ana", "We met")
        assert "You met. Lovely." in acme.platform.to("ana")[0], "the copy is brought up to date"
        assert await acme.count(Match, Match.outcome == Outcome.MET) == 1


async def test_somebody_who_cannot_be_written_to_is_mentioned_once_a_round_and_reads_the_rest_by_asking(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.closed.add("ben")
        await acme.until(TEN)
        asked = await acme.says("ben", "/coffee why")
        assert "[We met] [Rescheduled] [Not this time]" in asked, "the introduction itself, for Ben alone"

        await acme.until(TEN + timedelta(days=3))  # after the nudge
        await acme.presses("ana", "We met")
        in_channel = acme.platform.within("C-coffee")
        assert len(knocks(acme)) == 1, "neither the nudge nor the outcome is worth a mention"
        assert not any("having coffee" in text or "You met" in text for text in in_channel)


async def test_whom_no_rung_reaches_is_named_to_the_partner_and_to_the_admins(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.ladder = ("direct",)
        acme.platform.closed.add("ben")
        await acme.until(TEN)

        assert acme.platform.to("ana")[1] == (
            "I could not reach Ben. If you see them, please say hello from me."
        )
        assert knocks(acme) == []
        status = await acme.says("ana", "/kinkeeper status")
        assert "1 message could not be delivered:\n• introduction to Ben:" in status


async def test_one_who_left_the_workspace_since_does_not_keep_the_other_waiting(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        await acme.until(TEN - timedelta(minutes=1))
        platform = acme.platform

        async def open_chat(*_: object, **__: object) -> str:
            raise PermanentFailure("user ben is deactivated")

        platform.open_chat = open_chat  # type: ignore[method-assign]
        await acme.until(TEN)
        assert "having coffee" in platform.to("ana")[0]
        assert "user ben is deactivated" in await acme.says("ana", "/kinkeeper status")


async def test_an_outage_holds_the_whole_workspace_for_as_long_as_it_says(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        acme.platform.fail_next(TemporaryFailure("slow down", retry_after=90, scope="workspace"))
        before = len(acme.platform.attempts)
        acme.clock.set(TEN)
        from jobs.deliver import deliver
        from jobs.open_rounds import open_rounds

        await open_rounds(acme.runtime)
        await deliver(acme.runtime)  # both conversations are tried at once; one is told to wait
        assert await acme.count(Hold) == 1
        tried = len(acme.platform.attempts)
        acme.clock.set(TEN + timedelta(seconds=89))
        await deliver(acme.runtime)
        assert len(acme.platform.attempts) == tried > before
        await acme.until(TEN + timedelta(seconds=90))
        assert len(acme.platform.chats) == 2
        assert await acme.count(Hold) == 0
        assert await acme.count(Delivery, Delivery.state == DeliveryState.PENDING) == 0


async def test_a_lane_keeps_its_order_while_its_first_waits(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        await acme.until(TEN)
        acme.platform.fail_next(TemporaryFailure("later", retry_after=5 * 86_400))
        await acme.until(TEN + timedelta(days=6, hours=23))
        assert len(acme.chat_of("ana")) == 1, "the question does not overtake the nudge that was told to wait"
        await acme.until(TEN + timedelta(days=7))
        [_, question] = acme.platform.within("G1")
        assert "did you meet?" in question, "the nudge would have come too late to be of use"


async def test_what_a_platform_refuses_for_good_shows_in_status_and_each_still_gets_a_copy(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.fail_next(PermanentFailure("missing scope mpim:write: install the app again"))
        await acme.until(TEN)

        assert "introduction to Ana, Ben: missing scope mpim:write" in await acme.says(
            "ana", "/kinkeeper status"
        )
        assert await acme.count(Delivery, Delivery.state == DeliveryState.FAILED) == 1
        for who in ("ana", "ben"):
            assert "having coffee" in acme.platform.to(who)[0]
        await acme.presses("ben", "Rescheduled")
        for who in ("ana", "ben"):
            assert "You are meeting later." in acme.platform.to(who)[0]


async def test_a_crash_after_sending_is_looked_up_before_anything_is_sent_again(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.crash_next(2)
        await acme.until(TEN + timedelta(minutes=5))
        assert len(acme.chat_of("ana")) == 1
        [introduction] = await acme.rows(Delivery, Delivery.what == "introduction")
        assert introduction.state is DeliveryState.SENT
        assert introduction.attempts == 2


async def test_a_platform_that_breaks_off_for_an_hour_loses_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.fail_next(*[PerhapsDone("it broke off") for _ in range(5)])
        await acme.until(TEN + timedelta(hours=1))
        assert acme.chat_of("ana") == []
        await acme.until(TEN + timedelta(hours=4))
        assert len(acme.chat_of("ana")) == 1
        [introduction] = await acme.rows(Delivery, Delivery.what == "introduction")
        assert introduction.state is DeliveryState.SENT


async def test_what_breaks_off_again_and_again_is_given_up_after_hours(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.fail_next(*[PerhapsDone("it broke off") for _ in range(8)])
        await acme.until(TEN + timedelta(hours=7))
        [introduction] = await acme.rows(Delivery, Delivery.what == "introduction")
        assert introduction.state is DeliveryState.PENDING
        await acme.until(TEN + timedelta(hours=9))
        assert {d.state for d in await acme.rows(Delivery, Delivery.what == "introduction")} >= {
            DeliveryState.FAILED
        }


async def test_a_platform_that_cannot_tell_is_asked_once_more_and_status_says_it_may_be_double(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=TWO) as acme:
        acme.platform.can_tell = False
        acme.platform.crash_next()
        await acme.until(TEN + timedelta(minutes=5))

        [introduction] = await acme.rows(Delivery, Delivery.what == "introduction")
        assert introduction.state is DeliveryState.POSSIBLY_TWICE
        status = await acme.says("ana", "/kinkeeper status")
        assert (
            "1 message may have arrived twice:\n• introduction to Ana, Ben: this platform keeps no history"
            in status
        )
        assert "could not be delivered" not in status


async def test_what_always_breaks_is_given_up_after_a_few_attempts_and_blocks_nobody(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        send = acme.platform.send

        async def breaks(to: object, message: object, *, key: str) -> object:
            if not isinstance(to, ToChannel) and "ana" in acme.platform.chats.get(
                getattr(to, "chat", ""), ()
            ):
                raise ValueError("a defect of ours")
            return await send(to, message, key=key)  # type: ignore[arg-type]

        acme.platform.send = breaks  # type: ignore[method-assign,assignment]
        await acme.until(TEN + timedelta(hours=2))
        assert len(acme.platform.delivered) == 2, "the welcome, and the other match"
        status = await acme.says("ana", "/kinkeeper status")
        assert "ValueError: a defect of ours" in status


async def test_nothing_is_lost_while_no_process_speaks_a_platform(sessions: Sessions, tmp_path: Path) -> None:
    from dataclasses import replace

    async with world(sessions, tmp_path, who=TWO) as acme:
        there = acme.runtime
        acme.runtime = replace(there, platforms={})
        acme.time.runtime = acme.runtime
        await acme.until(TEN + timedelta(hours=5))
        assert acme.platform.chats == {}
        acme.time.runtime = there
        await acme.until(TEN + timedelta(hours=8))
        assert acme.partners_of("ana") == {"ben"}
