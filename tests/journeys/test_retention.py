"""Words are kept no longer than the config says, wherever they stand: in their own rows and in the outbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Answer, Delivery, Thanks
from bot.ports import TemporaryFailure
from jobs.purge import purge
from tests.journeys import gratitude
from tests.journeys.pulse import ANONYMOUS, CLOSE, NAMED, NINE, OPEN, answers, answers_unseen
from tests.world import World, people, world

TEN_DAYS = "\n[retention]\nanswers = 10\nthanks = 10\n"
TEA = "more tea"


async def where_kept(acme: World, words: str) -> list[str]:
    """What sort of messages in the outbox still have these words."""
    return [d.what for d in await acme.rows(Delivery) if words in str(d.message)]


async def test_a_summary_is_kept_no_longer_than_the_answers_in_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=NAMED + TEN_DAYS, who=people(*NINE)) as acme:
        for week, words in enumerate((TEA, "less noise")):
            await acme.until(OPEN + timedelta(weeks=week))
            await answers(acme, "ana", scale="3", words=words)
            await acme.until(CLOSE + timedelta(weeks=week))
        assert await where_kept(acme, TEA) == ["summary"]
        acme.clock.set(OPEN + timedelta(days=11))
        await purge(acme.runtime)
        assert await where_kept(acme, TEA) == []
        assert await where_kept(acme, "less noise") == ["summary"], "not yet"
        assert [a.words for a in await acme.rows(Answer, Answer.question == 1)] == ["less noise"]


async def test_a_summary_that_was_emptied_is_not_filled_again_when_an_answer_is_deleted(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=ANONYMOUS, who=people(*NINE)) as acme:
        await acme.until(OPEN)
        codes = [await answers_unseen(acme, p.lower(), TEA) for p in NINE]
        await acme.until(CLOSE)
        acme.clock.set(CLOSE + timedelta(days=121))
        await purge(acme.runtime)
        assert await where_kept(acme, TEA) == []
        await acme.platform.command("ana", "checkin", f"delete {codes[0]}")
        assert await where_kept(acme, TEA) == ["edit"], "what is to change the post has its own time"
        acme.clock.set(CLOSE + timedelta(days=366))
        await acme.time.travel(to=acme.clock.now())
        await purge(acme.runtime)
        assert await where_kept(acme, TEA) == []


async def test_thanks_that_could_not_be_sent_yet_stay_until_they_are(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=gratitude.CONFIG + TEN_DAYS) as acme:
        await acme.until(gratitude.FRIDAY)
        held = timedelta(days=11).total_seconds()
        acme.platform.fail_next(TemporaryFailure("busy", retry_after=held, scope="workspace"))
        await acme.says("ana", f"/thanks <@ben> {gratitude.CALM}")
        acme.clock.set(gratitude.FRIDAY + timedelta(days=10, hours=1))
        await purge(acme.runtime)
        assert await acme.count(Thanks) == 1
        await acme.days(3)
        assert any(gratitude.CALM in said for said in acme.platform.to("ben"))
        await purge(acme.runtime)
        assert await acme.count(Thanks) == 0
        assert await where_kept(acme, gratitude.CALM) == []
