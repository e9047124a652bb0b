"""Check-ins on Discord: whose turn it is to host, who looks after whom, and questions with and without names."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.discord.gathering import hall, team
from tests.adapters.discord.guildhall import DAY, FOUR, HOUR, MONDAY, Hall

HOST = team("""
[[checkin]]
name = "retro"
kind = "host"
role = "facilitator"
channel = "discord:#team"
every = "week"
on = "thursday"
at = "14:00"
announce_before = "1 day"
""")
RING = team("""
[[checkin]]
name = "care"
kind = "ring"
channel = "discord:#team"
every = "week"
on = "tuesday"
at = "09:30"
""")
LONGEST = ("How have you been since we last asked? " * 8)[:300].strip()
QUESTIONS = """
[[checkin]]
name = "pulse"
kind = "questions"
channel = "discord:#team"
every = "week"
on = "wednesday"
at = "09:30"
window = "8 hours"
"""
PULSE = team(
    f'{QUESTIONS}questions = [{{ ask = "How is your energy?", scale = 5 }}, {{ ask = "{LONGEST}" }}]'
)
FIVE = ", ".join(f'{{ ask = "{number}. {LONGEST[:-4]}" }}' for number in range(5))
LONG = team(f"{QUESTIONS}questions = [{FIVE}]")
ANONYMOUS = PULSE.replace('window = "8 hours"', 'window = "8 hours"\nanonymous = true\nmin_answers = 3')
TEAM = ("team",)

ANNOUNCED = MONDAY + 2 * DAY + 4 * HOUR  # Wednesday 14:00 in Berlin
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def host(lab: Hall) -> str:
    """Whom the channel was told last to be hosting, by name."""
    found = re.match(r"@(\w+) is facilitator for retro on 2026-01-08 13:00 UTC", lab.within("team")[-1])
    assert found is not None, lab.within("team")
    return found[1].lower()


async def test_the_host_can_pass_and_anybody_can_volunteer_by_the_buttons_of_one_message(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=HOST, channels=TEAM) as lab:
        await lab.until(ANNOUNCED)
        announced = lab.within("team")
        assert announced[-1].endswith("\nPass\nSwap\nVolunteer")
        first = host(lab)
        said = await lab.presses(first, "Pass")
        second = host(lab)
        assert second != first
        assert said.startswith(f"Noted. @{second.title()} is facilitator for retro")
        assert "that is theirs to say" in await lab.presses(first, "Pass")
        third = next(who for who in FOUR if who not in (first, second))
        assert (await lab.presses(third, "Volunteer")).startswith("Thank you. You are facilitator for retro")
        assert host(lab) == third
        assert len(lab.within("team")) == len(announced), "one message is changed, none is added"


async def test_a_swap_is_asked_for_in_a_form_and_counts_once_it_is_accepted(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=HOST, channels=TEAM) as lab:
        await lab.until(ANNOUNCED)
        first = host(lab)
        other, another, _ = (who for who in FOUR if who != first)
        await lab.opens(first, "Swap")
        assert "A swap takes two." in await lab.submits(first, with_=f"@{first}")
        await lab.opens(first, "Open the form")
        said = await lab.submits(first, with_=f"@{other}")
        assert said.startswith(f"I have asked @{other.title()}, privately.")
        assert host(lab) == first
        assert (await lab.presses(other, "Not this time")).startswith(f"Noted. @{first.title()} is told")
        assert "cannot swap in retro this time" in lab.told(first)[-1]

        await lab.says(first, "/checkin swap", person=f"@{another}")
        assert (await lab.presses(another, "Accept")).startswith("Thank you. You are facilitator for retro")
        assert host(lab) == another


async def test_only_the_carer_is_told_and_the_one_who_is_cared_for_can_quietly_have_another(
    sqlite_url: str, tmp_path: Path
) -> None:
    six = (*FOUR, "eli", "fay")
    async with hall(sqlite_url, tmp_path, config=RING, channels=TEAM, people=six) as lab:
        await lab.until(TUESDAY)
        cares_for = {}
        for who in six:
            found = re.match(r"This time, please look after @(\w+) a little", lab.told(who)[-1])
            assert found is not None
            cares_for[who] = found[1].lower()
        assert sorted(cares_for.values()) == sorted(six)
        assert (await lab.presses("ana", "Done")).startswith(
            f"Thank you for looking after @{cares_for['ana'].title()}."
        )
        asking = next(who for who in six if who not in ("ana", cares_for["ana"]))
        [carer] = [who for who, other in cares_for.items() if other == asking]
        said = await lab.says(asking, "/checkin someone-else")
        assert said.startswith("I have arranged for somebody else to look after you.")
        assert f"Somebody else looks after @{asking.title()} now. Thank you." in lab.told(carer)
        assert not any("@" in text for text in lab.within("team")), "nobody is named in the channel"


async def test_questions_are_answered_in_a_form_and_stand_in_the_channel_in_everybodys_own_words(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=PULSE, channels=TEAM) as lab:
        await lab.until(WEDNESDAY)
        await lab.opens("ana", "Answer")
        assert LONGEST in lab.reads_modal("ana"), "a question is never cut"
        said = await lab.submits("ana", question0="4", question1="fewer *meetings* & @here")
        assert said.startswith("Thank you. Your words go into the summary of pulse.")
        await lab.opens("ana", "Answer")
        assert lab.typed("ana", "question1") == "fewer *meetings* & @here", "what was said can be changed"
        await lab.submits("ana", question1="fewer *meetings*, @everyone")
        await lab.opens("ben", "Answer")
        await lab.submits("ben", question0="2", question1="a window")
        await lab.until(WEDNESDAY + 9 * HOUR)
        summary = lab.discord.world.within(lab.channel("team").id)[-1]
        lines = lab.discord.eyes.text(summary).splitlines()
        assert lines.index("Ana:") + 1 == lines.index("fewer *meetings*, @everyone")
        assert lines.index("Ben:") + 1 == lines.index("a window")
        assert "everybody" not in lab.pinged(summary)


async def test_more_questions_than_a_form_holds_come_in_steps_and_arrive_as_one_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=LONG, channels=TEAM) as lab:
        await lab.until(WEDNESDAY)
        await lab.opens("ana", "Answer")
        seen: list[str] = []
        while len(seen) < 5:
            here = sorted(lab.fields("ana"))
            seen += here
            said = await lab.submits("ana", times=1, **{name: f"words for {name}" for name in here})
            if len(seen) < 5:
                assert said.startswith("There is one more step to it:")
                await lab.opens("ana", "Open the form")
        assert seen == [f"question{number}" for number in range(5)]
        assert said.startswith("Thank you. Your words go into the summary of pulse.")
        await lab.until(WEDNESDAY + 9 * HOUR)
        summary = "\n".join(lab.within("team"))
        for number in range(5):
            assert summary.count(f"words for question{number}") == 1


async def test_a_receipt_is_for_their_eyes_alone_and_deletes_the_answer_also_from_the_summary(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=ANONYMOUS, channels=TEAM) as lab:
        await lab.until(WEDNESDAY)
        await lab.opens("ana", "Answer")
        assert "Answers are stored without your name" in lab.reads_modal("ana")
        receipt = CODE.findall(await lab.submits("ana", question0="1", question1="I am tired"))[0]
        for who in ("ben", "chloe", "dev"):
            await lab.opens(who, "Answer")
            await lab.submits(who, question0="4", question1=f"all is well, says {len(who)}")
        kept = [m for m in lab.discord.world.messages if m.only_for is None]
        assert not any(receipt in lab.discord.eyes.text(m) for m in kept), "it is kept in no conversation"
        await lab.until(WEDNESDAY + 9 * HOUR)
        assert "I am tired" in lab.within("team")[-1]
        assert "@" not in lab.within("team")[-1]

        said = await lab.says("ana", "/checkin delete", code=receipt.lower())
        assert said.startswith("Your answer to pulse is deleted, and is taken out of the summary.")
        assert "I am tired" not in "\n".join(lab.within("team"))
        assert "No answer belongs to that receipt." in await lab.says("ana", "/checkin delete", code=receipt)
