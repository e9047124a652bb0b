"""Nobody is left out, and no load sticks to one person: byes, trios, and pairs that are owed another turn."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Turn
from bot.domain.turns import TurnKind
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
FIVE = people("Ana", "Ben", "Chloe", "Dev", "Eli")
TRIO = CONFIG.replace('odd = "bye"', 'odd = "trio"').format(more="")


async def turns(acme: World, kind: TurnKind) -> Counter[int]:
    """How many turns of a kind each member had."""
    return Counter(turn.member_id for turn in await acme.rows(Turn, Turn.kind == kind))


async def test_being_three_goes_round(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=TRIO, who=FIVE) as acme:
        for week in range(10):
            await acme.until(TEN + week * WEEK)
            had = await turns(acme, TurnKind.TRIO)
            counts = [had[m] for m in range(1, 6)]
            assert max(counts) - min(counts) <= 2, f"week {week}: {counts}"  # new faces may cost one turn

        assert sorted(len(met) for met in acme.met()[:2]) == [2, 3]
        three = next(who for who in ("ana", "ben", "chloe", "dev", "eli") if len(acme.partners_of(who)) == 2)
        assert "You are three because we were an odd number." in await acme.says(three, "/coffee why")


async def test_sitting_out_goes_round_and_is_explained(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=FIVE) as acme:
        for week in range(7):
            await acme.until(TEN + week * WEEK)
            had = await turns(acme, TurnKind.BYE)
            counts = [had[m] for m in range(1, 6)]
            assert max(counts) - min(counts) <= 1, f"week {week}: {counts}"

        out = next(
            w for w in ("ana", "ben", "chloe", "dev", "eli") if not any(w in m for m in acme.met()[-2:])
        )
        assert "Sitting out is a turn, and it goes round" in await acme.says(out, "/coffee why")
        assert acme.platform.to(out)[-1].endswith("Your next coffee comes on Monday, 23 February.")


async def test_who_would_rather_sit_out_does_so_first_and_is_told_that_this_is_why(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=FIVE) as acme:
        assert "you would rather sit out" in await acme.says("dev", "/coffee prefer bye")
        await acme.until(TEN)

        assert all("dev" not in met for met in acme.met())
        assert "you prefer to sit out rather than be three" in await acme.says("dev", "/coffee why")
        assert "both are fine with you" in await acme.says("dev", "/coffee prefer either monday-coffee")
        assert "Please pick one" in await acme.says("dev", "/coffee prefer quintet")
        assert "what you prefer" in await acme.says("dev", "/coffee prefer")


async def test_who_likes_to_be_three_is_told_so_when_they_are(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=TRIO, who=FIVE) as acme:
        for person in FIVE:
            said = await acme.says(person.id, "/coffee prefer trio")
            assert "you would rather be in a group of three than sit out" in said
        await acme.until(TEN)

        [three] = [met for met in acme.met() if len(met) == 3]
        for who in three:
            assert "you prefer to be in a group of three" in await acme.says(who, "/coffee why")


async def test_a_pair_that_did_not_come_about_is_owed_again_before_anybody_repeats(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.until(TEN)
        [first] = [met for met in acme.met() if "ana" in met]
        assert await acme.presses("ana", "Not this time") == (
            "Noted. Nobody is told who said so. You will get another turn with each other."
        )
        await acme.until(TEN + 3 * WEEK)

        weeks = [acme.met()[at : at + 2] for at in range(0, 8, 2)]
        introduced = [frozenset(pair) for week in weeks[:3] for pair in week]
        assert len(set(introduced)) == 6, "first everybody meets everybody"
        assert first in weeks[3], "then those who are owed"
        assert "you were owed another one" in await acme.says("ana", "/coffee why")


async def test_an_introduction_without_an_answer_counts_like_any_other(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe", "Dev", "Eli", "Fay")) as acme:
        await acme.until(TEN + 9 * WEEK)

        met = [frozenset(pair) for pair in acme.met()]
        everybody = {frozenset(p) for p in combinations(["ana", "ben", "chloe", "dev", "eli", "fay"], 2)}
        assert set(met[:15]) == everybody
        assert set(met[15:30]) == everybody
        for before, after in pairwise(met[at : at + 3] for at in range(0, 30, 3)):
            assert not set(before) & set(after)


async def test_somebody_who_was_never_introduced_since_nothing_arrived_is_still_to_be(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe", "Dev")) as acme:
        acme.platform.closed |= {"ana", "ben", "chloe", "dev"}
        acme.platform.ladder = ("direct",)
        await acme.until(TEN + timedelta(days=6))
        acme.platform.closed.clear()
        await acme.until(TEN + 3 * WEEK)

        assert len({frozenset(met) for met in acme.met()}) == 6
        assert "had not been introduced" in await acme.says("ana", "/coffee why")
