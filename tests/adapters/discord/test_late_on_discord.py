"""What reaches the bot too late, or is lost on the way: what was typed counts, once, and whoever typed it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.db.models import Avoidance, Thanks
from tests.adapters.discord.gathering import hall
from tests.adapters.discord.guildhall import DAY, MINUTE, Hall
from tests.adapters.discord.test_checkins_on_discord import LONG, PULSE, TEAM, WEDNESDAY
from tests.adapters.discord.test_coffee_on_discord import COFFEES
from tests.adapters.discord.test_gratitude_on_discord import GENERAL, GRATITUDE, THREE
from tests.fakes.discord.hands import DidNotRespond

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
MORE = "POST /webhooks/{webhook_id}/{webhook_token}"
TOO_LATE = [(404, 10062), (404, 10015), (401, 50027)]
HAVE_IT = "I have that already, from a moment ago: it reached me late. It counts once."
KEEP = "This is what you wrote, for you to keep:"


def comes_late(lab: Hall, *, status: int = 404, code: int = 10062) -> None:
    """Discord does not wait for the next thing's acknowledgement any more."""
    lab.discord.hands.patience = 0.5
    lab.discord.faults.fail_next(CALLBACK, status=status, code=code, message="Unknown interaction")


async def unanswered(lab: Hall, doing: object) -> None:
    """Somebody does something, and Discord tells them that the application did not respond."""
    with pytest.raises(DidNotRespond):
        await doing  # type: ignore[misc]
    await lab.settled()


@pytest.mark.parametrize(("status", "code"), TOO_LATE)
async def test_thanks_by_a_form_that_comes_too_late_arrive_and_sent_again_in_doubt_they_count_once(
    sqlite_url: str, tmp_path: Path, status: int, code: int
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        comes_late(lab, status=status, code=code)
        await unanswered(lab, lab.submits("ana", to="@ben", words="for the calm"))
        assert lab.told("ana")[-1].startswith("Thank you! @Ben will get it first")

        await lab.opens("ana", "Say thanks")  # Discord leaves a form open that was not taken
        assert await lab.submits("ana", to="@ben", words="for the calm") == HAVE_IT
        await lab.opens("ana", "Say thanks")
        assert (await lab.submits("ana", to="@ben", words="for the calm")).startswith("Thank you!")
        assert len(await lab.rows(Thanks)) == 2, "the third one is meant"


async def test_a_command_that_comes_too_late_is_answered_directly_and_typed_again_it_counts_once(
    database_url: str, tmp_path: Path
) -> None:
    async with hall(database_url, tmp_path, config=COFFEES) as lab:
        comes_late(lab)
        await unanswered(lab, lab.says("ana", "/coffee avoid", person="@ben"))
        assert lab.told("ana")[-1].startswith("You will not be matched with @Ben in monday-coffee.")
        comes_late(lab)
        await unanswered(lab, lab.says("ana", "/coffee avoid", person="@ben"))
        assert lab.told("ana")[-1] == HAVE_IT
        assert await lab.says("ana", "/coffee avoid", person="@ben") == HAVE_IT
        assert len(await lab.rows(Avoidance)) == 1
        assert "You may be matched with @Ben" in await lab.says("ana", "/coffee avoid", person="@ben")


async def test_what_cannot_be_done_is_said_once_however_often_it_is_handed_over(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.says("ana", "/thanks", to="@ben", words="for the calm")
        await lab.goes_by(16 * MINUTE)
        before = len(lab.privately("ana"))
        said = await lab.presses("ana", "Delete", times=2)
        lab.discord.hands.again()
        await lab.settled()
        assert "The 15 minutes for changing it are over" in said
        assert len(lab.privately("ana")) == before + 1


async def test_an_acknowledgement_that_discord_took_and_did_not_confirm_loses_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        lab.discord.faults.fail_next(CALLBACK, lost="answer")
        said = await lab.submits("ana", to="@ben", words="for the calm")
        assert "Thank you! @Ben will get it first" in "\n".join([said, *lab.privately("ana")])
        assert len(await lab.rows(Thanks)) == 1


@pytest.mark.parametrize("fault", [{"lost": "question"}, {"status": 400, "code": 40060}])
async def test_whatever_becomes_of_the_acknowledgement_nothing_that_was_typed_is_lost(
    sqlite_url: str, tmp_path: Path, fault: dict[str, Any]
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        lab.discord.hands.patience = 0.5
        lab.discord.faults.fail_next(CALLBACK, **fault)
        await unanswered(lab, lab.submits("ana", to="@ben", words="for the calm"))
        assert lab.told("ana")[-1].startswith("Thank you! @Ben will get it first")
        assert "for the calm" in lab.told("ben")[0]


@pytest.mark.parametrize("fault", [*({"status": s, "code": c} for s, c in TOO_LATE), {"lost": "question"}])
async def test_what_is_wrong_with_a_form_whose_token_is_over_comes_directly_and_opens_it_again(
    sqlite_url: str, tmp_path: Path, fault: dict[str, Any]
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        lab.discord.faults.fail_next(ORIGINAL, **fault)
        await lab.submits("ana", to="@ana", words="for *being* me")
        assert "You cannot thank yourself here" in lab.told("ana")[-1]
        await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "words") == "for *being* me"
        assert (await lab.submits("ana", to="@ben")).startswith("Thank you!")


async def test_the_answer_to_a_press_whose_token_is_over_comes_directly(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        await lab.until(THREE + 4 * DAY)
        lab.discord.faults.fail_next(MORE, status=404, code=10015)
        await lab.presses("ana", "We met")
        assert lab.told("ana")[-1].startswith("Noted: you met.")


async def test_a_form_is_refused_with_all_that_was_typed_where_nobody_can_be_asked_who_sent_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        assert await lab.says_directly("ana", "/coffee pause") == ""
        lab.discord.faults.fail_next("GET /guilds/{guild_id}/members/{user_id}", status=503)
        assert "went wrong" in await lab.submits("ana", until="2026-01-20")
        await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "until") == "2026-01-20"
        assert "You are on a break" in await lab.submits("ana")


async def test_what_was_typed_before_a_restart_and_refused_after_it_stands_in_the_form_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.opens("ana", "Say thanks")
        await lab.restarted()
        assert "To whom?: You cannot thank yourself" in await lab.submits("ana", to="@ana", words="for me")
        await lab.opens("ana", "Open the form")
        assert lab.typed("ana", "words") == "for me"
        assert (await lab.submits("ana", to="@ben")).startswith("Thank you!")


async def test_a_form_that_cannot_be_made_again_after_a_restart_gives_the_words_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.says("ana", "/thanks", to="@ben", words="for the calm")
        await lab.opens("ana", "Edit")
        await lab.restarted()
        await lab.goes_by(16 * MINUTE)
        said = await lab.submits("ana", words="for the *great* calm, @everyone")
        assert "The 15 minutes for changing it are over" in said
        assert said.endswith(f"{KEEP}\nfor the *great* calm, @everyone")


async def test_a_restart_between_two_steps_of_a_form_is_said_and_what_is_left_can_be_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=LONG, channels=TEAM) as lab:
        await lab.until(WEDNESDAY)
        await lab.opens("ana", "Answer")
        first = sorted(lab.fields("ana"))
        await lab.restarted()
        said = await lab.submits("ana", times=1, **{name: f"words for {name}" for name in first})
        assert said.startswith("There is one more step to it:"), "the first step was not lost"
        await lab.opens("ana", "Open the form")
        second = sorted(lab.fields("ana"))
        assert not set(first) & set(second)
        await lab.restarted()
        said = await lab.submits("ana", times=1, **{name: f"words for {name}" for name in second})
        assert said.startswith("I was restarted while you were writing")
        await lab.opens("ana", "Open the form")
        assert sorted(lab.fields("ana")) == first
        await lab.submits("ana", times=1, **{name: f"new words for {name}" for name in first})
        await lab.opens("ana", "Open the form")
        assert [lab.typed("ana", name) for name in second] == [f"words for {name}" for name in second]


async def test_a_step_that_is_sent_from_two_devices_leads_to_the_next_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=LONG, channels=TEAM) as lab:
        await lab.until(WEDNESDAY)
        modal = await lab.opens("ana", "Answer")
        first = sorted(lab.fields("ana"))
        for _device in range(2):
            lab.discord.world.modals[lab.account("ana")] = modal
            await lab.submits("ana", times=1, **dict.fromkeys(first, "words"))
        await lab.opens("ana", "Open the form")
        assert min(lab.fields("ana")) == f"question{len(first)}"


async def test_a_round_that_an_admin_runs_can_be_answered_at_once(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=PULSE, channels=TEAM) as lab:
        assert (await lab.says("ana", "/kinkeeper run", ritual="pulse")).startswith(
            "A round of pulse is open"
        )
        await lab.opens("ben", "Answer")
        assert lab.privately("ben") == [], "the form itself, and no button that opens it"
