"""How the bot introduces itself: what it does, how to join, how to leave; and who it is, once in a channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.db.engine import Sessions
from tests.world import World, world

TEAM = """
[team]
name = "Acme"
timezone = "Europe/Berlin"
"""
WEEKLY = 'channel = "playground:#general"\nevery = "week"\non = "wednesday"\nat = "09:30"\n'
COFFEE = f'[[coffee]]\nname = "tea"\n{WEEKLY}'
HOST = f'[[checkin]]\nname = "retro"\nkind = "host"\nrole = "facilitator"\n{WEEKLY}'
RING = f'[[checkin]]\nname = "care"\nkind = "ring"\n{WEEKLY}'
PULSE = f'[[checkin]]\nname = "pulse"\nkind = "questions"\nquestions = [{{ ask = "How are you?" }}]\n{WEEKLY}'
THANKS = f'[[gratitude]]\nname = "kudos"\nprompts = ["Who helped you?"]\n{WEEKLY}'


def welcomes(acme: World) -> list[str]:
    """What stands in the channel."""
    return acme.platform.within("C-general")


@pytest.mark.parametrize(
    ("ritual", "command", "does"),
    [
        (COFFEE, "/coffee", "I introduce people of this channel to each other"),
        (HOST, "/checkin", "whose turn it is to be facilitator"),
        (RING, "/checkin", "each of you looks after one other"),
        (PULSE, "/checkin", "For pulse I ask each of you a question"),
    ],
    ids=["coffee", "host", "ring", "questions"],
)
@pytest.mark.parametrize("members", ["channel", "opt-in"])
async def test_it_says_what_it_does_how_to_join_and_how_to_leave(
    sessions: Sessions, tmp_path: Path, ritual: str, command: str, does: str, members: str
) -> None:
    async with world(sessions, tmp_path, config=f'{TEAM}\n{ritual}members = "{members}"\n') as acme:
        [said] = welcomes(acme)
        assert said.startswith("Hello! I am Kinkeeper.\n")
        assert does in said
        joins = (
            f"{command} join brings you in"
            if members == "opt-in"
            else "Everybody in this channel takes part."
        )
        assert joins in said
        assert ("[Join]" in said) == (members == "opt-in")
        assert f"{command} leave takes you out" in said
        assert f"{command} pause gives you a break" in said
        assert "/kinkeeper help shows what else I can do." in said


async def test_a_ritual_that_asks_before_each_round_says_so_and_thanks_are_free(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = f'{TEAM}\n{COFFEE}members = "each-round"\n\n{THANKS}'
    async with world(sessions, tmp_path, config=config) as acme:
        tea, kudos = welcomes(acme)
        assert "Only a yes takes part; after /coffee leave you are out until you join again." in tea
        assert "There is nothing to join and nothing to leave" in kudos


async def test_where_it_is_known_already_only_what_is_new_is_said(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=f"{TEAM}\n{COFFEE}\n{HOST}") as acme:
        await acme.configure(f"{TEAM}\n{COFFEE}\n{HOST}\n{PULSE}")
        assert [said.split(" ", 1)[0] for said in welcomes(acme)] == ["Hello!", "For", "For"]
        assert ["what else I can do" in said for said in welcomes(acme)] == [True, False, False]
        assert all("leave takes you out" in said for said in welcomes(acme))


async def test_one_question_is_not_called_several(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=f"{TEAM}\n{PULSE}") as acme:
        await acme.days(6)
        [asked, *_] = acme.platform.to("ana")
        assert asked.startswith("pulse has a question for you.")
        assert not any("questions" in text for text in (*welcomes(acme), asked))
