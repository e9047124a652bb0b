"""Whoever takes a break or leaves is out of the ring at once, and those who are left are told whom they have."""

from __future__ import annotations

from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Round, Turn
from bot.domain.turns import TurnKind
from tests.journeys.test_ring import (
    CONFIG,
    FRIDAY,
    NINE,
    TUESDAY,
    WEEK,
    assert_nobody_else_can_tell,
    is_sound,
    rings,
)
from tests.world import people, world


async def test_a_break_and_leaving_take_somebody_out_at_once_and_the_carers_are_told(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = people(*NINE[:6])
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        [whole] = await rings(acme)
        await acme.says("dev", "/checkin pause 2026-01-27")
        [ring] = await rings(acme)
        five = ring
        assert "dev" not in ring
        assert is_sound(ring)
        assert len(ring) == 5
        assert "Done" not in acme.platform.to("dev")[0]
        assert not any(
            "dev" in text.lower() and "Somebody" not in text for w in ring for text in acme.platform.to(w)
        )
        assert await acme.count(Turn, Turn.kind == TurnKind.CARER) == 5

        await acme.says("eli", "/checkin leave")
        [ring] = await rings(acme)
        assert sorted(ring) == ["ana", "ben", "chloe", "fay"]
        assert is_sound(ring)
        await acme.until(TUESDAY + 3 * WEEK)
        assert "dev" in (await rings(acme))[-1], "the break has ended by itself"
        assert "eli" not in (await rings(acme))[-1]
        await assert_nobody_else_can_tell(acme, whole, five)


async def test_who_was_looked_after_before_the_break_is_not_looked_after_twice(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        await acme.presses("dev", "Done")
        await acme.says("dev", "/checkin leave")
        assert await acme.count(Turn, Turn.kind == TurnKind.CARER) == 4, (
            "what was done is a turn all the same"
        )
        [carer] = [each for each, other in before.items() if other == "dev"]
        assert (await rings(acme))[0][carer] != "dev"


async def test_two_people_look_after_each_other_and_one_alone_has_nobody(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = people("Ana", "Ben")
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        assert (
            "As there are only two of you this time, you look after each other." in acme.platform.to("ben")[0]
        )
        await acme.says("ana", "/checkin leave")
        assert acme.platform.to("ben") == ["There is nobody for you to look after this time. Thank you."]
        assert (
            await acme.says("ben", "/checkin done") == "You have nobody to look after in care at the moment."
        )
        await acme.until(TUESDAY + WEEK)
        [_, skipped] = await acme.rows(Round)
        assert skipped.reason == "skipped.one_person"


async def test_who_leaves_the_channel_is_out_as_soon_as_that_is_read(
    sessions: Sessions, tmp_path: Path
) -> None:
    who = people(*NINE[:5])
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        await acme.departs("eli")
        [after] = await rings(acme)
        assert sorted(after) == ["ana", "ben", "chloe", "dev"]
        assert is_sound(after)
        await acme.reads_rosters()
        assert await rings(acme) == [after]
        await assert_nobody_else_can_tell(acme, before)
        await acme.until(TUESDAY + WEEK)
        assert sorted((await rings(acme))[-1]) == ["ana", "ben", "chloe", "dev"]
