"""Who checks in on whom: one is told, nobody else ever is; done, somebody else, a break, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Account, Assignment, Audit, Participation
from bot.domain.contents import people_in
from bot.domain.messages import Buttons, Message
from bot.domain.states import AssignmentState, Participated
from bot.services.chronicle import chronicle
from tests.world import World, people, world

CONFIG = """
[team]
name = "Acme"
timezone = "Europe/Berlin"
messages_per_week = 20

[[checkin]]
name = "care"
kind = "ring"
channel = "playground:#general"
every = "week"
on = "tuesday"
at = "09:30"
{more}
"""
FRIDAY = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 1, 6, 8, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)
NINE = ("Ana", "Ben", "Chloe", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo")


async def handles(acme: World) -> dict[int, str]:
    """Members' handles by their ids."""
    return {account.member_id: account.handle for account in await acme.rows(Account)}


async def rings(acme: World) -> list[dict[str, str]]:
    """Who cares for whom, round by round, as it stands in the database."""
    names = await handles(acme)
    found: dict[int, dict[str, str]] = {}
    for row in await acme.rows(Assignment, Assignment.role == "carer"):
        if row.state in (AssignmentState.ASSIGNED, AssignmentState.DONE):
            found.setdefault(row.round_id, {})[names[row.member_id]] = names[row.cares_for_id]
    return list(found.values())


def looked_after(acme: World, who: str) -> str:
    """What somebody was told last about whom they look after."""
    return [text for text in acme.platform.to(who) if "look" in text or "for you" in text][-1]


def is_sound(ring: dict[str, str]) -> bool:
    """Each cares for one and is cared for by one, and from three people on no two for each other."""
    return sorted(ring) == sorted(ring.values()) and (
        len(ring) < 3 or all(ring[other] != each and other != each for each, other in ring.items())
    )


async def assert_nobody_else_can_tell(acme: World, *seen: dict[str, str]) -> None:
    """No message names somebody who is cared for, but those to the carer who has them, or had them in a ring `seen`."""
    names = await handles(acme)
    had = {(carer, other) for ring in (*seen, *await rings(acme)) for carer, other in ring.items()}
    for delivered in acme.platform.delivered:
        for message in (delivered.first, delivered.message):
            conversation = delivered.sent.conversation
            named = {names[each] for each in people_in(message)}
            if not conversation.startswith("D-"):
                assert not named, delivered.text
            elif "swap whom you two" not in delivered.text and "You swapped with" not in delivered.text:
                carer = conversation.removeprefix("D-")
                assert {(carer, other) for other in named} <= had, (carer, delivered.text)
    for who, reply in acme.platform.replies:
        for part in reply.parts:
            if "'ring." in str(part):
                assert {(who, names[each]) for each in people_in(Message((part,)))} <= had, (who, part)


async def test_each_carer_is_told_privately_and_nobody_else_is(sessions: Sessions, tmp_path: Path) -> None:
    async with world(
        sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=people(*NINE)
    ) as acme:
        await acme.until(TUESDAY)
        [ring] = await rings(acme)
        assert len(ring) == 9
        assert is_sound(ring)
        for carer, cared_for in ring.items():
            assert acme.platform.to(carer) == [
                f"This time, please look after {cared_for.title()} a little: a message, a call, a walk. "
                "The words are yours.\n[Done] [Swap]"
            ]
        for line in (
            "/kinkeeper status", "/kinkeeper plan", "/kinkeeper run care", "/kinkeeper help checkin",
            "/checkin hosts", "/checkin done care", "/checkin someone-else", "/checkin resume",
        ):  # fmt: skip
            before = set(ring)
            said = await acme.says("ana", line)
            assert not {n for n in before - {ring["ana"]} if n.title() in said}, (line, said)
        async with acme.reading() as session:
            document = await chronicle(session, acme.runtime.team_id)
        assert [sorted(one) for one in document["rounds"][0]["assignments"]] == [["member", "role"]] * 9
        assert not any("ana" in (row.what + row.about).lower() for row in await acme.rows(Audit))
        await assert_nobody_else_can_tell(acme, ring)


async def test_no_carer_has_the_same_person_twice_within_seven_rounds(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(
        sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=people(*NINE)
    ) as acme:
        for week in range(14):
            await acme.until(TUESDAY + week * WEEK)
            if week == 5:
                await acme.restarted()
            if week == 8:
                await acme.configure(
                    CONFIG.format(more="").replace('name = "care"', 'name = "caring"\nwas = "care"')
                )
        found = await rings(acme)
        assert len(found) == 14
        assert all(map(is_sound, found))
        for number, ring in enumerate(found):
            for earlier in found[max(0, number - 6) : number]:
                assert not ring.items() & earlier.items()
        await assert_nobody_else_can_tell(acme)


async def test_a_restart_changes_nothing_about_who_cares_for_whom(sessions: Sessions, tmp_path: Path) -> None:
    played = []
    for restarts in (False, True):
        folder = tmp_path / str(restarts)
        folder.mkdir()
        async with sessions.engine.begin() as connection:
            from bot.db.models import Base

            for table in reversed(Base.metadata.sorted_tables):
                await connection.execute(table.delete())
        async with world(sessions, folder, config=CONFIG.format(more=""), now=FRIDAY) as acme:
            for week in range(6):
                await acme.until(TUESDAY + week * WEEK)
                if restarts:
                    await acme.restarted()
            played.append(await rings(acme))
    assert played[0] == played[1]


async def test_done_is_thanked_for_once_and_pressing_again_is_harmless(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY) as acme:
        await acme.until(TUESDAY)
        [ring] = await rings(acme)
        cared_for = ring["ben"].title()
        assert await acme.presses("ben", "Done", event_id="E1") == f"Thank you for looking after {cared_for}."
        assert await acme.presses_action("ben", "done:1", event_id="E1") == ""
        assert await acme.presses_action("ben", "done:1") == f"Thank you for looking after {cared_for}."
        assert await acme.says("ben", "/checkin done") == f"Thank you for looking after {cared_for}."
        assert acme.platform.to("ben") == [f"You looked after {cared_for}. Thank you."]
        assert await acme.count(Participation, Participation.what == Participated.CHECKED_IN) == 1
        assert "nothing to swap" in await acme.says("ben", "/checkin swap <@ana>")

        await acme.until(TUESDAY + WEEK)
        assert "is over" in await acme.presses_action("ana", "done:1")
        assert await acme.count(Participation, Participation.what == Participated.CHECKED_IN) == 1


async def test_somebody_else_is_quietly_asked_for_once_a_round(sessions: Sessions, tmp_path: Path) -> None:
    who = people(*NINE[:6])
    async with world(sessions, tmp_path, config=CONFIG.format(more=""), now=FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        [carer] = [each for each, other in before.items() if other == "dev"]
        said = await acme.says("dev", "/checkin someone-else")
        assert said == (
            "I have arranged for somebody else to look after you. Nobody learns that you asked, or why."
        )
        [after] = await rings(acme)
        assert is_sound(after)
        assert after[carer] != "dev"
        for each in before:
            told = acme.platform.to(each)
            if before[each] == after[each]:
                assert len(told) == 1
                continue
            assert told[0] == f"Somebody else looks after {before[each].title()} now. Thank you."
            assert told[1].startswith(f"It has changed: please look after {after[each].title()} this time,")
        assert not any("asked" in text for who in before for text in acme.platform.to(who))
        assert "already this time" in await acme.says("dev", "/checkin someone-else")
        assert await rings(acme) == [after]
        await assert_nobody_else_can_tell(acme, before)

        await acme.until(TUESDAY + WEEK)
        assert "I have arranged" in await acme.says("dev", "/checkin someone-else")


async def test_three_people_are_told_what_can_be_worked_out_and_two_have_no_other(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more='members = "opt-in"')
    async with world(sessions, tmp_path, config=config, now=FRIDAY) as acme:
        known = "it can be worked out who looks after whom"
        assert known in acme.platform.within("C-general")[0]
        for who in ("ana", "ben", "chloe"):
            assert known in await acme.says(who, "/checkin join")
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        assert "I have arranged" in await acme.says("ben", "/checkin someone-else")
        assert await rings(acme) == [{other: carer for carer, other in before.items()}], "it turns round"
        assert "Nobody looks after you in care" in await acme.says("dev", "/checkin someone-else")
        assert known not in await acme.says("dev", "/checkin join")


async def test_a_carer_gets_the_question_of_the_config_if_there_is_one(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = 'questions = [{ ask = "What was light this week?" }]'
    async with world(sessions, tmp_path, config=CONFIG.format(more=more), now=FRIDAY) as acme:
        await acme.until(TUESDAY)
        assert "If you like, ask:\nWhat was light this week?" in acme.platform.to("ana")[0]


async def test_what_went_out_together_with_a_turn_stays_when_the_turn_is_done(
    sessions: Sessions, tmp_path: Path
) -> None:
    more = """
[[checkin]]
name = "second"
kind = "ring"
channel = "playground:#general"
every = "week"
on = "tuesday"
at = "09:30"
"""
    config = CONFIG.format(more=more).replace('at = "09:30"', 'at = "05:30"')
    async with world(sessions, tmp_path, config=config, now=FRIDAY) as acme:
        await acme.until(TUESDAY + timedelta(hours=2))
        [together] = [d for d in acme.platform.delivered if d.sent.conversation == "D-ana"]
        assert together.text.count("[Done] [Swap]") == 2, "both waited for the morning and came as one"
        [first, second] = [part for part in together.message.parts if isinstance(part, Buttons)]
        await acme.presses_action("ana", first.buttons[0].action)
        assert together.text.startswith("You looked after")
        assert together.text.count("[Done] [Swap]") == 1
        await acme.presses_action("ana", second.buttons[0].action)
        assert together.text.count("You looked after") == 2
        assert "[Done]" not in together.text
