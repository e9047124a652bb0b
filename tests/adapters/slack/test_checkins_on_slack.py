"""Check-ins on Slack: whose turn it is to host, who looks after whom, and questions with and without names."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.slack.office import DAY, FOUR, HOUR, MINUTE, MONDAY, Office, office, team

HOST = team("""
[[checkin]]
name = "retro"
kind = "host"
role = "facilitator"
channel = "slack:#team"
every = "week"
on = "thursday"
at = "14:00"
announce_before = "1 day"
""")
RING = team("""
[[checkin]]
name = "care"
kind = "ring"
channel = "slack:#team"
every = "week"
on = "tuesday"
at = "09:30"
""")
LONGEST = ("How have you been since we last asked? " * 8)[:300].strip()
PULSE = team(f"""
[[checkin]]
name = "pulse"
kind = "questions"
channel = "slack:#team"
every = "week"
on = "wednesday"
at = "09:30"
window = "8 hours"
questions = [{{ ask = "How is your energy?", scale = 5 }}, {{ ask = "{LONGEST}" }}]
""")
ANONYMOUS = PULSE.replace('window = "8 hours"', 'window = "8 hours"\nanonymous = true\nmin_answers = 3')

ANNOUNCED = MONDAY + 2 * DAY + 4 * HOUR  # Wednesday 14:00 in Berlin
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
FORTY = tuple(f"person{letter}{number}" for letter in "abcd" for number in range(10))


def host(acme: Office) -> str:
    """Whom the channel was told last to be hosting, by name."""
    found = re.match(r"@(\w+) is facilitator for retro on Thursday, 8 January", acme.within("team")[-1])
    assert found is not None, acme.within("team")
    return found[1].lower()


def others_than(who: str) -> list[str]:
    return [each for each in FOUR if each != who]


async def answers(acme: Office, who: str, words: str, *, energy: str = "4") -> str:
    """Somebody answers the questions; what then stands in the form's place."""
    await acme.opens(who, "Answer")
    return await acme.submits(who, question0=energy, question1=words)


async def test_the_host_is_announced_and_can_pass_and_anybody_can_volunteer(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=HOST, channels=["team"]) as acme:
        await acme.until(ANNOUNCED)
        announced = acme.within("team")
        first = host(acme)
        assert announced[-1].endswith("14:00 CET.\nPass\nSwap\nVolunteer")
        said = await acme.presses(first, "Pass")
        second = host(acme)
        assert second != first
        assert said.startswith(f"Noted. @{second.title()} is facilitator for retro on Thursday, 8 January")
        assert "that is theirs to say" in await acme.presses(first, "Pass")

        [third, _] = [each for each in others_than(first) if each != second]
        said = await acme.presses(third, "Volunteer")
        assert said == "Thank you. You are facilitator for retro on Thursday, 8 January at 14:00 CET."
        assert host(acme) == third
        assert "volunteered to be facilitator" in acme.told(second)[-1]
        assert len(acme.within("team")) == len(announced), "one message is changed, none is added"


async def test_a_swap_is_asked_for_in_a_form_and_counts_once_it_is_accepted(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=HOST, channels=["team"]) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        other, another, _ = others_than(first)
        await acme.opens(first, "Swap")
        assert "I will ask them privately. It counts once they accept." in acme.reads_modal(first)
        await acme.submits(first, **{"with": f"@{first}"})
        assert acme.wrong(first) == {"with": "A swap takes two. Please name somebody else."}
        said = await acme.submits(first, **{"with": f"@{other}"})
        assert said == (
            f"I have asked @{other.title()}, privately. I will tell you as soon as there is an answer."
        )
        assert host(acme) == first
        assert f"@{first.title()} asks whether you would be facilitator" in acme.told(other)[-1]
        assert (await acme.presses(other, "Not this time")).endswith(
            "is told that it is not this time, and no more."
        )
        assert "cannot swap in retro this time" in acme.told(first)[-1]

        await acme.says(first, f"/checkin swap @{another}", channel="team")
        assert (await acme.presses(another, "Accept")).startswith("Thank you. You are facilitator for retro")
        assert host(acme) == another
        assert "Accept" not in acme.told(another)[-1]
        assert f"@{another.title()} swaps with you" in acme.told(first)[-1]


async def test_only_the_carer_is_told_and_the_one_who_is_cared_for_can_quietly_have_another(
    sqlite_url: str, tmp_path: Path
) -> None:
    six = (*FOUR, "eli", "fay")
    async with office(sqlite_url, tmp_path, config=RING, channels=["team"], people=six) as acme:
        await acme.until(TUESDAY)
        cares_for = {}
        for who in six:
            [told] = acme.told(who)
            found = re.match(r"This time, please look after @(\w+) a little", told)
            assert found is not None
            assert told.endswith("The words are yours.\nDone\nSwap")
            cares_for[who] = found[1].lower()
        assert sorted(cares_for.values()) == sorted(six)
        assert not any("@" in text for text in acme.within("team")), "nobody is named in the channel"

        said = await acme.presses("ana", "Done")
        assert said == f"Thank you for looking after @{cares_for['ana'].title()}."
        assert acme.told("ana") == [f"You looked after @{cares_for['ana'].title()}. Thank you."]

        asking = next(who for who in six if who not in ("ana", cares_for["ana"]))
        [carer] = [who for who, other in cares_for.items() if other == asking]
        said = await acme.says(asking, "/checkin someone-else", channel="team")
        assert said == (
            "I have arranged for somebody else to look after you. Nobody learns that you asked, or why."
        )
        assert acme.told(carer)[0] == f"Somebody else looks after @{asking.title()} now. Thank you."
        assert not any("@" in text for text in acme.within("team"))


async def test_questions_are_answered_in_a_form_and_stand_in_the_channel_in_everybodys_own_words(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=PULSE, channels=["team"]) as acme:
        await acme.until(WEDNESDAY)
        await acme.opens("ana", "Answer")
        assert LONGEST in acme.reads_modal("ana"), "a question is never cut"
        await acme.submits("ana")
        assert "Please answer at least one of the questions" in " ".join(acme.wrong("ana").values())
        said = await acme.submits("ana", question0="4", question1="fewer *meetings* & <!here>")
        assert said.startswith("Thank you. Your words go into the summary of pulse.")

        await acme.opens("ana", "Answer")
        assert acme.typed("ana", "question1") == "fewer *meetings* & <!here>", "what was said can be changed"
        await acme.submits("ana", question1="fewer *meetings*, <!here>")
        await answers(acme, "ben", "a window :sun_with_face:", energy="2")
        await acme.until(WEDNESDAY + 9 * HOUR)
        [summary] = [p for p in acme.slack.workspace.posts if "What you said in pulse" in p.text]
        lines = acme.read([summary])[0].splitlines()
        assert lines.index("Ana:") + 1 == lines.index("fewer *meetings*, <!here>")
        assert lines.index("Ben:") + 1 == lines.index("a window :sun_with_face:")
        assert "• 4: ● 1" in lines
        assert "everybody" not in acme.slack.eyes.called(summary)


async def test_a_receipt_stands_in_the_form_alone_and_deletes_the_answer_also_from_the_summary(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=ANONYMOUS, channels=["team"]) as acme:
        await acme.until(WEDNESDAY)
        await acme.opens("ana", "Answer")
        assert "Answers are stored without your name" in acme.reads_modal("ana")
        said = await acme.submits("ana", question0="1", question1="I am tired")
        receipt = CODE.search(said)
        assert receipt is not None
        posts = [post.text + str(post.blocks) for post in acme.slack.workspace.posts]
        assert not any(receipt[0] in text for text in posts), "it is kept in no conversation"
        for who in ("ben", "chloe", "dev"):
            await answers(acme, who, f"all is well, says {len(who)}")
        await acme.until(WEDNESDAY + 9 * HOUR)
        assert "I am tired" in acme.within("team")[-1]
        assert "@" not in acme.within("team")[-1]

        said = await acme.says("ana", f"/checkin delete {receipt[0].lower()}")
        assert said == "Your answer to pulse is deleted, and is taken out of the summary."
        assert "What you said in pulse" in acme.within("team")[-1]
        assert "I am tired" not in acme.within("team")[-1]
        assert "No answer belongs to that receipt." in await acme.says("ana", f"/checkin delete {receipt[0]}")


async def test_long_answers_of_forty_people_come_as_one_summary_of_several_messages_and_change_as_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=ANONYMOUS, channels=["team"], people=FORTY) as acme:
        await acme.until(WEDNESDAY)
        receipts = {}
        for who in FORTY:
            said = await answers(acme, who, f"{who} says: {'more & *more* ' * 105}")
            receipts[who] = CODE.findall(said)[0]
        await acme.until(WEDNESDAY + 9 * HOUR)

        def summary() -> str:
            return "\n".join(acme.within("team")[1:])

        assert len(acme.within("team")) > 4, "no single message on Slack has room for it"
        assert summary().count("What you said in pulse") == 1
        assert [who for who in FORTY if summary().count(f"{who} says:") != 1] == []

        for who in FORTY[:35]:
            await acme.says(who, f"/checkin delete {receipts[who]}")
        await acme.goes_by(MINUTE)
        assert [who for who in FORTY if f"{who} says:" in summary()] == list(FORTY[35:])
        assert len(acme.within("team")) < 4, "messages that are not needed any more are taken away"

        for who in FORTY[35:38]:
            await acme.says(who, f"/checkin delete {receipts[who]}")
        await acme.goes_by(MINUTE)
        assert not any(f"{who} says:" in summary() for who in FORTY), "what is left is too little to show"
