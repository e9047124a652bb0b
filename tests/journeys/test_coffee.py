"""Coffee, the whole line: a round falls due, people are introduced, they answer, and it is remembered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Match, Participation, Round
from bot.domain.states import DeliveryState, Outcome, Participated
from tests.world import MONDAY, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin


async def test_on_monday_morning_everybody_is_introduced_to_somebody(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN - timedelta(minutes=1))
        assert acme.platform.chats == {}

        await acme.until(TEN)

        met = sorted(person for chat in acme.platform.chats.values() for person in chat)
        assert met == ["ana", "ben", "chloe", "dev"]
        [introduction] = acme.chat_of("ana")
        assert "you two are having coffee this time" in introduction
        assert "[We met] [Rescheduled] [Not this time]" in introduction


async def test_we_met_by_one_is_enough_and_changes_what_both_see(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)

        answer = await acme.presses("ana", "We met")

        assert answer == "Noted: you met. Thank you for telling me."
        assert "You met. Lovely." in acme.chat_of("ana")[0]
        assert await acme.count(Match, Match.outcome == Outcome.MET) == 1
        assert await acme.count(Participation, Participation.what == Participated.INTRODUCED) == 4


async def test_a_round_of_silence_is_nudged_once_asked_once_and_stays_unknown(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN + timedelta(days=6, hours=20))

        said = acme.chat_of("ana")
        assert len(said) == 3
        assert "have you found a time yet?" in said[1]
        assert "did you meet?" in said[2]
        assert await acme.count(Match, Match.outcome == Outcome.UNKNOWN) == 2
        assert await acme.count(Delivery, Delivery.state != DeliveryState.SENT) == 0


async def test_four_people_have_all_met_after_three_rounds(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        partners = []
        for week in range(3):
            await acme.until(TEN + timedelta(weeks=week))
            partners.append(acme.partners_of("ana"))

        assert set().union(*partners) == {"ben", "chloe", "dev"}
        assert await acme.count(Round) == 3


async def test_an_odd_team_takes_turns_sitting_out_and_is_told_kindly(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe")) as acme:
        for week in range(3):
            await acme.until(TEN + timedelta(weeks=week))

        told = {who: acme.platform.to(who) for who in ("ana", "ben", "chloe")}
        for messages in told.values():
            assert len([m for m in messages if m.startswith("You sit this round of monday-coffee out")]) == 1
