"""Somebody is forgotten while something about them is under way: what others wait for still comes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db.engine import Sessions
from bot.db.models import Member
from bot.domain.messages import Message
from bot.ports import Address, Sent
from bot.services.claims import claim
from bot.services.presence.forgetting import forget
from bot.services.sending import Arrived, settle
from bot.services.settings import team_row
from tests.journeys.test_forgetting import HANDLE, MORE, NAME, QUILLON, ROTATIONS, TEN, where_mentioned
from tests.world import CONFIG, World, people, world

WHO = [*people("Ana", "Ben", "Chloe"), QUILLON]
HARP = "for the harpsichord"


async def is_forgotten(acme: World) -> None:
    """Quillon has themselves forgotten, and nothing in the database leads to them."""
    [quillon] = [m for m in await acme.rows(Member) if m.name == NAME]
    await acme.says(HANDLE, "/presence forget")
    assert "You are forgotten" in await acme.presses_action(HANDLE, acme.button(HANDLE, "Forget me"))
    assert await where_mentioned(acme, quillon.id) == []


def is_forgotten_during_the_next(acme: World, monkeypatch: pytest.MonkeyPatch, where: str) -> list[Address]:
    """Quillon presses the button while the platform is busy sending something there; where that was."""
    send, during = acme.platform.send, list[Address]()
    button = acme.button(HANDLE, "Forget me")

    async def meanwhile(to: Address, message: Message, *, key: str) -> Sent:
        sent = await send(to, message, key=key)
        if not during and where in str(to):
            during.append(to)
            await acme.platform.press(HANDLE, button)
        return sent

    monkeypatch.setattr(acme.platform, "send", meanwhile)
    return during


@pytest.mark.parametrize("with_them", ["", "<@ben> "])
async def test_thanks_that_waited_for_them_still_reach_the_others_and_the_channel(
    sessions: Sessions, tmp_path: Path, with_them: str
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE, who=WHO) as acme:
        await acme.until(TEN + timedelta(hours=9))  # 19:00: both copies wait for the morning
        await acme.says("ana", f"/thanks <@{HANDLE}> {with_them}{HARP}")
        await is_forgotten(acme)
        await acme.until(TEN + timedelta(hours=24))
        assert sum(HARP in said for said in acme.platform.to("ben")) == bool(with_them)
        [post] = [said for said in acme.platform.within("C-general") if HARP in said]
        assert post.startswith("Ana thanks somebody")
        assert NAME not in post


async def test_thanks_that_are_being_sent_to_them_still_reach_the_others_and_the_channel(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE, who=WHO) as acme:
        await acme.until(TEN)
        await acme.says(HANDLE, "/presence forget")
        during = is_forgotten_during_the_next(acme, monkeypatch, HANDLE)
        await acme.says("ana", f"/thanks <@{HANDLE}> <@ben> {HARP}")
        assert during
        assert len([said for said in acme.platform.to("ben") if HARP in said]) == 1
        assert len([said for said in acme.platform.within("C-general") if HARP in said]) == 1


async def test_thanks_of_theirs_that_still_wait_are_never_sent(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE, who=WHO) as acme:
        await acme.until(TEN + timedelta(hours=9))
        await acme.says(HANDLE, f"/thanks <@ben> {HARP}")
        await is_forgotten(acme)
        await acme.until(TEN + timedelta(days=2))
        assert not any(
            HARP in said for said in [*acme.platform.to("ben"), *acme.platform.within("C-general")]
        )


async def test_whoever_is_being_introduced_to_them_hears_that_they_left(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(sessions, tmp_path, who=WHO[2:]) as acme:
        await acme.says(HANDLE, "/presence forget")
        during = is_forgotten_during_the_next(acme, monkeypatch, "ToChat")
        await acme.until(TEN)
        assert during
        [told] = acme.platform.to("chloe")
        assert told.startswith("The person you were to meet in monday-coffee has left")


async def test_whoever_asked_them_to_swap_hears_that_they_left(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + ROTATIONS, who=WHO) as acme:
        await acme.until(TEN + timedelta(days=2, hours=5))  # a host is announced
        await acme.says("ana", "/checkin volunteer retro")
        assert "as soon as there is an answer" in await acme.says("ana", f"/checkin swap <@{HANDLE}> retro")
        await is_forgotten(acme)
        await acme.until(TEN + timedelta(days=3))
        assert any(
            "Whoever you asked to swap in retro has left, so it stays as it was" in said
            for said in acme.platform.to("ana")
        )
        assert "It is your turn as facilitator for retro" in await acme.says("ana", "/presence me")


async def test_forgotten_again_and_again_nobody_is_left_and_the_rounds_go_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + MORE + ROTATIONS
    async with world(sessions, tmp_path, config=config, who=WHO) as acme:
        await acme.until(TEN + timedelta(days=2, hours=1))
        for _ in range(2):
            await is_forgotten(acme)
            assert "You take part in nothing yet" in await acme.says(HANDLE, "/presence me")
            await acme.reads_rosters()
            await acme.days(1)
        await is_forgotten(acme)
        before = len(acme.met())
        await acme.until(TEN + timedelta(weeks=2))
        assert len(acme.met()) > before
        assert not any(HANDLE in pair for pair in acme.met()[before:])


async def test_a_delivery_that_is_settled_while_they_are_forgotten_is_settled_no_more(
    sessions: Sessions, tmp_path: Path
) -> None:
    if sessions.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE, who=WHO) as acme:
        await acme.until(TEN)
        await acme.platform.command("ana", "thanks", f"<@{HANDLE}> {HARP}")
        team_id, now = acme.runtime.team_id, acme.clock.now()
        async with sessions.begin() as session:
            [claimed] = await claim(session, team_id, now=now)

        async def settled() -> None:
            async with sessions.begin() as session:
                await settle(session, team_id, claimed, Arrived(Sent("D-1", "m1")), now=now)

        async with sessions.begin() as session:
            [quillon] = (await session.scalars(select(Member).where(Member.name == NAME))).all()
            await forget(session, await team_row(session, team_id), quillon, now=now)
            waiting = asyncio.create_task(settled())
            await asyncio.wait([waiting], timeout=0.3)
            assert not waiting.done()
        await waiting
        await acme.days(1)
        assert len([said for said in acme.platform.within("C-general") if HARP in said]) == 1
