"""A swap is only asked for where the other reads it in time; if that turns out otherwise, whoever asked is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Offer
from bot.domain.interactions import Refused
from bot.domain.phrasing import plain
from bot.domain.states import OfferState
from tests.journeys.test_hosts import ANNOUNCED, CONFIG, FRIDAY, RETRO, host
from tests.world import people, world

EARLY = CONFIG.format(more="").replace('at = "14:00"', 'at = "09:00"')
BEGINS = RETRO - timedelta(hours=5)


async def test_who_would_read_it_too_late_is_not_asked(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=EARLY, now=FRIDAY, who=people("Ana", "Ben")) as acme:
        await acme.until(BEGINS - timedelta(hours=13))
        first = host(acme)
        other = "ben" if first == "ana" else "ana"
        late = f"{other.title()} would read that only when it is too late. Please ask somebody else"
        assert late in await acme.says(first, f"/checkin swap <@{other}>")
        refused = await acme.submits(first, "swap:1", **{"with": f"<@{other}>"})
        assert isinstance(refused, Refused)
        assert late in plain(refused.errors["with"])
        assert await acme.count(Offer) == 0
        await acme.until(BEGINS + timedelta(hours=1))
        assert "asked Ben" in await acme.says("ana", "/checkin swap <@ben>") or first == "ben"


async def test_where_it_turns_out_to_be_too_late_the_one_who_asked_is_told(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(ANNOUNCED + timedelta(hours=9, minutes=45))  # at night
        first = host(acme)
        other = next(who for who in ("ana", "ben") if who != first)
        assert "I have asked" in await acme.says(first, f"/checkin swap <@{other}>")
        await acme.says(other, "/presence timezone America/New_York")  # where nine o'clock is after the round
        assert [offer.state for offer in await acme.rows(Offer)] == [OfferState.DECLINED]
        await acme.until(RETRO - timedelta(hours=1))
        assert acme.platform.to(other) == []
        assert acme.platform.to(first) == [
            f"I could not reach {other.title()}, so it stays as it was. You can ask somebody else."
        ]
        assert "no longer open" in await acme.presses_action(other, "accept:1")
        assert host(acme) == first
