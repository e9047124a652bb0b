"""Forgetting is for good: nothing that identifies them is left in any file, and the team goes on as it was."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from bot.db.engine import Sessions
from bot.db.models import (
    Account,
    Assignment,
    Delivery,
    Forgotten,
    Match,
    Member,
    Participation,
    Round,
    Turn,
)
from bot.domain.interactions import RosterChanged
from bot.domain.states import AssignmentState, RoundState
from bot.ports import Profile
from tests.journeys.seeing import in_files
from tests.world import CONFIG, MONDAY, World, people, world

HANDLE, NAME = "u-quillonz", "Quillon Zebrawood"
OTHERS = people("Ana", "Ben", "Chloe", "Dev", "Eva", "Finn", "Gia", "Hugo")
QUILLON = Profile(id=HANDLE, name=NAME, timezone="Europe/Berlin")
MORE = """
[[gratitude]]
name = "thanks"
channel = "playground:#general"
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week lighter?"]

[[checkin]]
name = "pulse"
kind = "questions"
channel = "playground:#general"
every = "week"
on = "wednesday"
at = "10:00"
window = "6 hours"
questions = [{ ask = "How is your week?" }]
"""
ROTATIONS = """
[[checkin]]
name = "retro"
kind = "host"
role = "facilitator"
channel = "playground:#general"
every = "week"
on = "thursday"
at = "14:00"
announce_before = "1 day"

[[checkin]]
name = "care"
kind = "ring"
channel = "playground:#general"
every = "week"
on = "tuesday"
at = "09:30"
"""
TEN = MONDAY + timedelta(hours=1)
THEIR_WORDS = ("marmalade-lighthouse", "velvet-orangutan", "cobalt-teapot")
OTHERS_WORDS = "thank you for the harpsichord, @Quillon Zebrawood"


async def half_a_year(acme: World, *, weeks: int) -> None:
    """Coffees are answered at random, thanks are said, questions are answered under names."""
    rng = Random(7)
    for week in range(weeks):
        monday = TEN + timedelta(weeks=week)
        await acme.until(monday + timedelta(minutes=1))
        for person in (HANDLE, *(p.id for p in OTHERS)):
            if rng.random() < 0.5 and acme.partners_of(person):
                await acme.presses(person, rng.choice(("We met", "We met", "Rescheduled", "Not this time")))
        await acme.until(monday + timedelta(days=2, hours=1))  # Wednesday 11:00
        if week % 5 == 0:
            form = await acme.opens(HANDLE, "Answer")
            values = {field.name: f"{THEIR_WORDS[0]} {week}" for field in form.fields}
            await acme.submits(HANDLE, form.action, **values)
            form = await acme.opens("ben", "Answer")
            await acme.submits("ben", form.action, **{f.name: f"fine {week}" for f in form.fields})
        await acme.until(monday + timedelta(days=3))
        if week % 4 == 0:
            await acme.says(HANDLE, f"/thanks <@ben> for the {THEIR_WORDS[1]} {week}")
            await acme.says(HANDLE, f"/thanks <@chloe> <@dev> {THEIR_WORDS[2]} {week} privately")
        if week % 6 == 1:
            await acme.says("eva", f"/thanks <@{HANDLE}> {OTHERS_WORDS}")
            await acme.says("eva", f"/thanks <@{HANDLE}> <@finn> quietly {week} privately")


async def totals(acme: World) -> dict[str, Any]:
    """What the team counts."""
    async with acme.reading() as session:

        async def rows(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await session.execute(text(sql))]

        return {
            "rounds": await rows("SELECT state, count(*) FROM round GROUP BY state ORDER BY state"),
            "matches": await rows("SELECT outcome, count(*) FROM match GROUP BY outcome ORDER BY outcome"),
            "matched": await rows("SELECT count(*) FROM match_member"),
            "did": await rows("SELECT what, count(*) FROM participation GROUP BY what ORDER BY what"),
            "turns": await rows(
                "SELECT kind, count(*) FROM turn JOIN round ON round.id = round_id "
                "WHERE state = 'closed' GROUP BY kind ORDER BY kind"
            ),
            "asked": await rows("SELECT count(*) FROM asked"),
            "answered": await rows("SELECT count(*) FROM answered"),
        }


def rates(shown: str) -> list[str]:
    """What became of coffees, and how many answered; pairs are always those of who is here."""
    return [line for line in shown.splitlines() if " matches of " in line or " answered, " in line]


async def where_mentioned(acme: World, member: int) -> list[str]:
    """Every column and document of every table in which a member's id stands."""
    found: list[str] = []
    async with acme.reading() as session:
        for table in Member.metadata.sorted_tables:
            refers = [
                c.name for c in table.columns if any(k.column.table.name == "member" for k in c.foreign_keys)
            ]
            if table.name == "member":
                refers = ["id"]
            documents = [c.name for c in table.columns if c.type.__class__.__name__ == "JSON"]
            for row in (await session.execute(table.select())).mappings():
                found += [f"{table.name}.{c}" for c in refers if row[c] == member]
                found += [f"{table.name}.{c}" for c in documents if in_document(row[c], member)]
                if table.name == "season" and member in row["members"]:
                    found.append("season.members")
                theirs = rf"(member:|unreachable:\d+:|unreachable-thanks:\d+:|thanks_nudge:\d+:){member}\b"
                if table.name == "delivery" and re.search(theirs, f"{row['lane']} {row['once']}"):
                    found.append("delivery.lane or once")
    return found


def in_document(document: Any, member: int) -> bool:
    """A member's id as a value that is one, or as a key."""
    if isinstance(document, dict):
        return any(
            (key == "member" and value == member)
            or (key == "moved" and any(member in arc for arc in value))
            or key == str(member)
            or (key == "order" and member in value)
            or in_document(value, member)
            for key, value in document.items()
        )
    return isinstance(document, list) and any(in_document(each, member) for each in document)


def everywhere(folder: Path) -> bytes:
    """All bytes of the database's files, and of every file that is packed into a document in them."""
    raw = in_files(folder)
    runs = re.findall(rb"[A-Za-z0-9+/]{40,}", raw)
    packed = b"".join(
        base64.b64decode(run[start : start + (len(run) - start) // 4 * 4])
        for run in runs
        for start in range(4)
    )
    return raw + packed


def traces(data: bytes, words: str) -> int:
    """How often words stand in bytes, in the encodings a database may use."""
    return sum(
        data.count(words.encode(encoding)) for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    ) + data.count(base64.b64encode(words.encode())[:-4])


async def test_nothing_is_left_of_somebody_who_is_forgotten_and_the_team_goes_on(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + MORE + ROTATIONS
    async with world(sessions, tmp_path, config=config, who=[*OTHERS, QUILLON]) as acme:
        await acme.until(TEN)
        await acme.says(HANDLE, "/coffee avoid <@gia>")
        await acme.says("hugo", f"/coffee avoid <@{HANDLE}>")
        await acme.says(HANDLE, "/presence timezone Atlantic/Faroe")
        await half_a_year(acme, weeks=26)
        partner = next(iter(acme.partners_of(HANDLE)), None)
        [quillon] = [m for m in await acme.rows(Member) if m.name == NAME]
        before = await totals(acme)
        shown = await acme.says("ana", "/presence team")

        said = await acme.says(HANDLE, "/presence forget")
        assert "for good and in one step" in said
        button = acme.button(HANDLE, "Forget me")
        assert "nothing happened" in await acme.presses_action("ana", button)
        assert "nothing happened" in await acme.presses_action(HANDLE, "forget:abc")
        assert "nothing happened" in await acme.presses_action(HANDLE, "forget:9999999999999")
        assert await totals(acme) == before
        assert len(rates(shown)) == 1
        done = await acme.presses_action(HANDLE, button, event_id="the-press")
        assert "You are forgotten" in done

        assert await totals(acme) == before
        assert rates(await acme.says("ana", "/presence team")) == rates(shown)
        assert await where_mentioned(acme, quillon.id) == []
        assert await acme.count(Account, Account.handle == HANDLE) == 0
        assert await acme.count(Forgotten) == 1
        if sessions.engine.dialect.name == "sqlite":
            data = everywhere(tmp_path)
            for words in (HANDLE, *THEIR_WORDS, "Atlantic/Faroe"):
                assert traces(data, words) == 0, words
            kept = len([d for d in await raw_thanks(acme) if NAME in d])
            assert kept == 5, "what others wrote is theirs"
            assert traces(data, NAME) == kept, "nothing but what others wrote"

        assert await acme.presses_action(HANDLE, button, event_id="the-press") == "", "the same event"
        assert "nothing happened" in await acme.presses_action(HANDLE, button), "pressed twice"
        await acme.inbox.roster_changed(RosterChanged("playground", "W1", "r1"))
        await acme.reads_rosters()
        assert await acme.count(Account, Account.handle == HANDLE) == 0, "no roster brings them back"

        delivered = len(acme.platform.delivered)
        await acme.until(acme.clock.now() + timedelta(weeks=4))
        later = acme.platform.delivered[delivered:]
        assert later
        assert not any(HANDLE in d.text or NAME in d.text for d in later)
        assert not any(HANDLE in chat for chat in list(acme.platform.chats.values())[-12:])
        assert await acme.count(Member, Member.name == NAME) == 0
        if partner:
            assert "somebody" in await acme.says(partner, "/coffee history")

        assert "nothing yet" in await acme.says(HANDLE, "/presence me")
        assert await acme.count(Forgotten) == 0, "whoever acts again is somebody new"
        await acme.reads_rosters()
        assert "take part in nothing" not in await acme.says(HANDLE, "/presence me")
        [again] = [m for m in await acme.rows(Member) if m.name == NAME]
        assert again.id != quillon.id
        assert await acme.count(Participation, Participation.member_id == again.id) == 0
        assert await acme.count(Turn, Turn.member_id == again.id) == 0


async def raw_thanks(acme: World) -> list[str]:
    """The words of all thanks that are kept, and of all messages that quote them."""
    async with acme.reading() as session:
        words = list(await session.scalars(text("SELECT words FROM thanks")))
        messages = await session.scalars(text("SELECT message FROM delivery"))
        return words + [m if isinstance(m, str) else json.dumps(m) for m in messages]


async def test_whoever_was_introduced_to_them_hears_kindly_that_it_will_not_come_about(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=people("Ana", "Ben", "Chloe", "Dev")) as acme:
        await acme.until(TEN)
        [partner] = acme.partners_of("ana")
        await acme.says("ana", "/presence forget")
        await acme.presses_action("ana", acme.button("ana", "Forget me"))
        [told] = acme.platform.to(partner)
        assert told.startswith("The person you were to meet in monday-coffee has left")
        other = next(w for w in ("ben", "chloe", "dev") if w != partner)
        assert acme.platform.to(other) == []

        await acme.until(TEN + timedelta(days=6))
        assert not any("did you meet" in said for said in acme.chat_of(partner)), (
            "nobody is left to ask about"
        )
        await acme.until(TEN + timedelta(days=7))
        assert "ana" not in acme.partners_of(partner)


async def test_turns_of_theirs_are_handed_on_and_the_rotations_go_on_without_them(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + ROTATIONS
    async with world(sessions, tmp_path, config=config, who=[*OTHERS[:4], QUILLON]) as acme:
        await acme.until(TEN + timedelta(days=2, hours=5))  # a host is announced, a ring is open
        await acme.says(HANDLE, "/checkin volunteer retro")
        assert "somebody else to look after you" in await acme.says(HANDLE, "/checkin someone-else care")
        [quillon] = [m for m in await acme.rows(Member) if m.name == NAME]
        await acme.says(HANDLE, "/presence forget")
        await acme.presses_action(HANDLE, acme.button(HANDLE, "Forget me"))

        names = {m.id: m.name for m in await acme.rows(Member)}
        [hosting] = await acme.rows(
            Assignment, Assignment.role == "facilitator", Assignment.state == AssignmentState.ASSIGNED
        )
        assert names[hosting.member_id] in {p.name for p in OTHERS[:4]}
        assert f"{names[hosting.member_id]} is facilitator for retro" in acme.platform.within("C-general")[-1]
        ring = {
            a.member_id: a.cares_for_id
            for a in await acme.rows(
                Assignment, Assignment.role == "carer", Assignment.state == AssignmentState.ASSIGNED
            )
        }
        assert sorted(ring) == sorted(ring.values()) == sorted(m for m, n in names.items() if n)
        assert await where_mentioned(acme, quillon.id) == []

        await acme.until(TEN + timedelta(weeks=3))
        assert await acme.count(Round, Round.state == RoundState.CLOSED) > 6
        assert not any(NAME in text for text in acme.platform.within("C-general")), "the announcement changed"


async def test_a_group_that_was_not_introduced_yet_is_introduced_without_them(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.replace('"bye"', '"trio"').replace('at = "10:00"', 'at = "06:00"').format(more="")
    async with world(sessions, tmp_path, config=config, who=people("Ana", "Ben", "Chloe")) as acme:
        await acme.until(MONDAY - timedelta(hours=2))  # 07:00: it opened at six, and waits for nine
        assert await acme.count(Delivery, Delivery.what == "introduction") == 1
        await acme.says("ben", "/presence forget")
        await acme.presses_action("ben", acme.button("ben", "Forget me"))
        await acme.until(TEN)
        assert acme.met() == [{"ana", "chloe"}]
        assert "you two are having coffee" in acme.chat_of("ana")[0]
        assert await acme.count(Match) == 1
