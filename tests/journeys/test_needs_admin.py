"""What only an admin can mend: the admins are told once, what is owed waits, and the rest of the team goes on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.db.engine import Sessions
from bot.db.models import Account, Delivery, Enrolment, Hold, Member
from bot.domain.messages import Message, Say
from bot.domain.states import Attention, DeliveryState
from bot.ports import NeedsAdmin, Profile
from bot.services.outbox import Owed, owe_members
from tests.fakes.platform import FakePlatform
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
MINUTES, HOURS, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
REVOKED = "the token was revoked; install the app again"
TEA = """
[[coffee]]
name = "tea"
channel = "slack:#tea"
every = "week"
on = "monday"
at = "10:00"
"""
BOTH = CONFIG.format(more="") + TEA


def slack(*names: str) -> FakePlatform:
    """A second workspace, with an admin of its own."""
    folk = [
        Profile(id=name.lower(), name=name, timezone="Europe/Berlin", is_admin=i == 0)
        for i, name in enumerate(names)
    ]
    return FakePlatform("slack", people=folk, channels=("tea",), workspace="T1")


def news(platform: FakePlatform, who: str, words: str) -> list[str]:
    """Which of the private messages to somebody have these words."""
    return [text for text in platform.to(who) if words in text]


def revoked(*, again: timedelta = 2 * HOURS) -> NeedsAdmin:
    """The workspace lets the bot in no more; `again` is when the platform says that another try is of use."""
    return NeedsAdmin(REVOKED, retry_after=again.total_seconds(), scope="workspace")


def not_in(channel: str, *, again: timedelta = 2 * HOURS) -> NeedsAdmin:
    return NeedsAdmin(f"I am not in {channel}: /invite me there", retry_after=again.total_seconds())


async def states(acme: World, what: str) -> dict[DeliveryState, int]:
    return Counter(d.state for d in await acme.rows(Delivery, Delivery.what == what))


async def test_a_workspace_that_shuts_the_bot_out_is_told_once_elsewhere_and_the_rest_goes_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    async with world(sessions, tmp_path, config=BOTH, others=[there]) as acme:
        await acme.until(TEN - MINUTES)
        there.shut = revoked()
        await acme.until(TEN + 4 * DAY)
        assert len(acme.met()) == 2, "here they meet as ever"
        assert there.chats == {}
        assert news(acme.platform, "ana", "shut me out") == [
            "Slack shut me out on Monday, 5 January at 10:00 CET, and nobody there hears from me until that is "
            f"mended: {REVOKED}"
        ]
        assert news(acme.platform, "ben", "shut me out") == []
        assert await acme.count(Enrolment, Enrolment.in_channel.is_(True)) == 6, "nobody there has left"

        there.shut = None
        await acme.until(TEN + 4 * DAY + 3 * HOURS)
        assert [set(met) for met in there.chats.values()] == [{"sue", "tom"}]
        assert "having coffee" in there.within("G1")[0]
        assert len(news(acme.platform, "ana", "shut me out")) == 1


async def test_without_a_word_of_the_platform_it_is_tried_again_every_ten_minutes_and_no_try_counts(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom", *(f"Person{n}" for n in range(38)))
    async with world(sessions, tmp_path, config=BOTH, others=[there]) as acme:
        await acme.until(TEN - MINUTES)
        there.shut = NeedsAdmin(REVOKED, scope="workspace")
        await acme.until(TEN + 9 * MINUTES)
        waiting = await acme.rows(
            Delivery, Delivery.state == DeliveryState.PENDING, Delivery.what == "introduction"
        )
        assert len(waiting) == 20
        assert {(d.attempts, d.problem, d.due_at) for d in waiting} == {(0, REVOKED, TEN + 10 * MINUTES)}
        assert [h.held_until for h in await acme.rows(Hold)] == [TEN + 10 * MINUTES]
        await acme.until(TEN + 5 * HOURS)
        assert await acme.count(Delivery, Delivery.state == DeliveryState.FAILED) == 0, "more than 20 tries"
        there.shut = None
        await acme.until(TEN + 5 * HOURS + 10 * MINUTES)
        assert len(there.chats) == 20


async def test_what_waits_for_an_admin_waits_a_week_at_most_and_status_says_what_for(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    async with world(sessions, tmp_path, config=BOTH, others=[there]) as acme:
        await acme.until(TEN - MINUTES)
        there.shut = revoked()
        [tom] = [m.id for m in await acme.rows(Member, Member.name == "Tom")]
        for n in range(3):
            async with acme.runtime.sessions.begin() as session:
                owed = Owed("notice", f"n{n}", Message((Say("sample.plain"),)), TEN, Attention.WORDS)
                await owe_members(session, acme.runtime.team_id, {tom: owed}, now=TEN)
        await acme.until(TEN + 9 * DAY)
        ends = [
            d.state for d in await acme.rows(Delivery, Delivery.what == "notice", Delivery.member_id == tom)
        ]
        assert ends == [DeliveryState.EXPIRED] * 3, "those behind the first do not wait a week each"
        said = await acme.says("ana", "/kinkeeper status")
        assert f"message to Tom: {REVOKED}" in said


async def test_the_admin_of_a_shut_workspace_alone_gets_it_there_as_soon_as_it_is_mended(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    tea = '[team]\nname = "Acme"\n' + TEA
    async with world(sessions, tmp_path, config=tea, who=people("Ana"), others=[there]) as acme:
        there.shut = revoked()
        await acme.until(TEN + DAY)
        assert there.to("sue") == []
        there.shut = None
        await acme.until(TEN + DAY + 3 * HOURS)
        assert len(news(there, "sue", "shut me out")) == 1


async def test_an_admin_who_is_in_two_workspaces_is_told_in_the_one_that_is_open(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    team, coffee = BOTH.removesuffix(TEA).split("[[coffee]]")
    slack_first = f"{team}{TEA}[[coffee]]{coffee}"
    async with world(sessions, tmp_path, config=slack_first, others=[there]) as acme:
        await acme.until(TEN - MINUTES)
        async with acme.runtime.sessions.begin() as session:
            both = select(Account).where(Account.handle.in_(("sue", "ana"))).order_by(Account.handle.desc())
            sue, ana = await session.scalars(both)
            ana.member_id = sue.member_id
            owed = Owed("notice", "before", Message((Say("sample.plain"),)), TEN, Attention.PRIVATE)
            await owe_members(session, acme.runtime.team_id, {sue.member_id: owed}, now=TEN)
        there.shut = revoked()
        await acme.until(TEN + DAY)
        assert len(news(acme.platform, "ana", "shut me out")) == 1
        there.shut = None
        await acme.until(TEN + DAY + 3 * HOURS)
        assert there.to("sue") == ["Good morning."]


async def test_a_channel_that_the_bot_is_not_in_gets_its_posts_once_it_is_invited(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    there.uninvited["C-tea"] = not_in("C-tea")
    async with world(sessions, tmp_path, config=BOTH, others=[there]) as acme:
        await acme.until(TEN)
        assert there.within("C-tea") == []
        assert [set(met) for met in there.chats.values()] == [{"sue", "tom"}], "introductions need no channel"
        told = "Something in slack:#tea waits for an admin: I am not in C-tea: /invite me there"
        assert news(there, "sue", "waits for an admin") == [told]
        assert news(acme.platform, "ana", "waits for an admin") == [told]
        assert news(there, "tom", "waits for an admin") == []

        there.uninvited.clear()
        await acme.until(TEN + 3 * HOURS)
        [welcome] = there.within("C-tea")
        assert "I look after tea here" in welcome
        await acme.until(TEN + WEEK)
        assert len(news(there, "sue", "waits for an admin")) == 1


async def test_a_post_for_which_nobody_lets_the_bot_in_ends_after_a_week_with_the_reason(
    sessions: Sessions, tmp_path: Path
) -> None:
    there = slack("Sue", "Tom")
    there.uninvited["C-tea"] = not_in("C-tea", again=6 * HOURS)
    async with world(sessions, tmp_path, config=BOTH, others=[there], now=MONDAY) as acme:
        await acme.until(MONDAY + 6 * DAY)
        assert await states(acme, "welcome") == {DeliveryState.SENT: 1, DeliveryState.PENDING: 1}
        await acme.until(MONDAY + 7 * DAY + 6 * HOURS)
        [lost] = await acme.rows(
            Delivery, Delivery.what == "welcome", Delivery.state == DeliveryState.EXPIRED
        )
        assert (lost.problem, lost.attempts) == ("I am not in C-tea: /invite me there", 0)


async def test_what_was_to_go_out_inside_a_message_that_waits_is_not_lost_with_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben"), now=MONDAY) as acme:
        ends = (MONDAY + HOURS, None)
        async with acme.runtime.sessions.begin() as session:
            for n, until in enumerate(ends):
                said = Message((Say("sample.count", {"count": n}),))
                owed = Owed("notice", f"n{n}", said, MONDAY, Attention.PRIVATE, until)
                await owe_members(session, acme.runtime.team_id, {2: owed}, now=MONDAY)
        acme.platform.shut = NeedsAdmin("a permission is missing", retry_after=600)
        await acme.until(MONDAY + 30 * MINUTES)
        acme.platform.shut = None
        acme.clock.set(MONDAY + 2 * HOURS)
        await acme.until(MONDAY + 2 * HOURS)
        assert acme.platform.to("ben") == ["1 thing"]
        mine = await acme.rows(Delivery, Delivery.member_id == 2)
        assert [d.state for d in mine] == [DeliveryState.EXPIRED, DeliveryState.SENT]


async def test_a_message_that_may_have_arrived_is_looked_for_after_the_wait_and_not_sent_twice(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben")) as acme:
        acme.platform.crash_next()
        looked = acme.platform.find_sent
        times = 0

        async def shut_at_first(*args: object, **more: object) -> object:
            nonlocal times
            times += 1
            if times == 1:
                raise NeedsAdmin("a permission is missing", retry_after=600)
            return await looked(*args, **more)  # type: ignore[arg-type]

        acme.platform.find_sent = shut_at_first  # type: ignore[method-assign,assignment]
        await acme.until(TEN + timedelta(hours=1))
        assert times == 2
        assert len(acme.platform.within("G1")) == 1
        assert await states(acme, "introduction") == {DeliveryState.SENT: 1}
