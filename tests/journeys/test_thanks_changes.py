"""Second thoughts: words that are edited, deleted or taken out of the channel change wherever they stand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Delivery, Thanks
from bot.domain.messages import Form
from bot.domain.states import DeliveryState
from bot.ports import TemporaryFailure
from bot.services.retention import purge
from jobs.deliver import deliver
from tests.journeys.gratitude import CALM, CHANNEL, CONFIG, FRIDAY, answered, got, posts, wrong
from tests.world import World, world

EVENING = FRIDAY + timedelta(hours=6)  # 21:00 in Berlin
MORNING = EVENING + timedelta(hours=12)
MINUTES = timedelta(minutes=1)
OTHER = "for the cake\n  and the candles"


async def leftovers(acme: World) -> list[str]:
    """Where in the database something of the words still stands, in rows of thanks and of the outbox."""
    rows = [f"thanks {t.id}" for t in await acme.rows(Thanks) if "calm" in t.words]
    return rows + [f"{d.what} {d.state}" for d in await acme.rows(Delivery) if "calm" in str(d.message)]


async def test_an_edit_is_followed_by_every_copy(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM} #care")
        form = await acme.opens("ana", "Edit")
        assert [field.value for field in form.fields] == [CALM, "#care"]
        said = answered(await acme.submits("ana", form.action, words=OTHER, worth="#craft"))
        assert said.startswith("Changed, wherever it stands.")
        assert (await acme.opens("ana", "Edit")).fields[0].value == OTHER, "and once more"

        assert posts(acme) == [f"Ana thanks Ben and Chloe:\nAna: {OTHER}\nFor craft."]
        for who in ("ben", "chloe"):
            [told] = got(acme, who)
            assert f"Ana: {OTHER}\nFor craft." in told
        assert await leftovers(acme) == []
        [thanks] = await acme.rows(Thanks)
        assert thanks.edited_at == acme.clock.now()


async def test_an_edit_changes_what_is_still_waiting_and_another_process_fills_the_form_too(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.until(EVENING)
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        edit = acme.button("ana", "Edit")
        acme.runtime.known.filled.clear()
        form = await acme.platform.press("ana", edit)
        assert isinstance(form, Form)
        assert form.fields[0].value == CALM
        assert "Please say in your own words" in wrong(await acme.submits("ana", edit, words=" \n "), "words")
        await acme.submits("ana", edit, words=OTHER, worth="none")
        await acme.until(MORNING)
        [told] = got(acme, "ben")
        assert f"Ana: {OTHER}\n" in told
        assert len([d for d in acme.platform.delivered if "calm" in str(d.first)]) == 0


async def test_what_is_deleted_is_gone_from_every_copy_and_from_the_database(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM} #care")
        await acme.submits("ana", acme.button("ana", "Edit"), words=f"{CALM} and the cake")
        acme.clock.set(acme.clock.now() + 14 * MINUTES)
        assert await acme.presses("ana", "Delete") == "It is gone, and so are the words."

        assert posts(acme) == []
        assert [d.removed for d in acme.platform.delivered if " thanks " in str(d.first)] == []
        assert any(d.removed for d in acme.platform.delivered if d.sent.conversation == CHANNEL)
        assert got(acme, "ben") == got(acme, "chloe") == ["Ana took this back."]
        assert await leftovers(acme) == []
        [thanks] = await acme.rows(Thanks)
        assert (thanks.words, thanks.worth) == ("", None)
        assert thanks.taken_back_at == acme.clock.now()
        assert acme.runtime.known.filled == {}
        assert await acme.presses("ana", "Delete") == "That is gone already."
        take_out = "thanks-out:1"
        assert await acme.presses_action("ben", take_out) == "That is gone already."


async def test_what_is_deleted_before_it_was_brought_is_never_brought(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.until(EVENING)
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.presses("ana", "Delete")
        assert await leftovers(acme) == []
        await acme.until(MORNING + timedelta(days=3))
        assert (got(acme, "ben"), posts(acme)) == ([], [])
        assert [d.state for d in await acme.rows(Delivery, Delivery.what == "thanks")] == [
            DeliveryState.EXPIRED
        ]


@pytest.mark.parametrize("failure", ["not yet", "unknown"])
async def test_what_is_deleted_while_it_is_being_sent_does_not_arrive_after_all(
    sessions: Sessions, tmp_path: Path, failure: str
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        if failure == "not yet":
            acme.platform.fail_next(TemporaryFailure("busy", retry_after=120))
        else:
            acme.platform.fail_next(RuntimeError("the line broke"))
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        assert await acme.presses("ana", "Delete") == "It is gone, and so are the words."
        assert await leftovers(acme) == []
        await acme.until(acme.clock.now() + 30 * MINUTES)
        assert got(acme, "ben") == ([] if failure == "not yet" else ["Ana took this back."])
        assert posts(acme) == []


async def test_a_post_that_is_deleted_while_it_is_being_sent_never_has_the_words(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.platform.command("ana", "thanks", f"<@ben> {CALM}")
        await deliver(acme.runtime)
        acme.platform.fail_next(RuntimeError("the line broke"))
        await deliver(acme.runtime)
        assert await acme.presses("ana", "Delete") == "It is gone, and so are the words."
        assert await leftovers(acme) == []
        await acme.until(acme.clock.now() + 30 * MINUTES)
        assert posts(acme) == []
        assert not any(
            CALM in str(d.first) for d in acme.platform.delivered if d.sent.conversation == CHANNEL
        )


async def test_after_a_quarter_of_an_hour_it_stays_as_it_is(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        edit, delete = acme.button("ana", "Edit"), acme.button("ana", "Delete")
        form = await acme.opens("ana", "Edit")
        acme.clock.set(acme.clock.now() + 15 * MINUTES)
        late = "The 15 minutes for changing it are over, so it stays as it is."
        assert wrong(await acme.submits("ana", form.action, words=OTHER), "words") == late
        assert await acme.presses_action("ana", edit) == late
        assert await acme.presses_action("ana", delete) == late
        assert CALM in posts(acme)[0]


async def test_anyone_who_was_thanked_takes_it_out_of_the_channel_and_nobody_is_told_who(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}")
        assert len(posts(acme)) == 1
        said = len(acme.all_said())
        for _ in range(2):
            assert await acme.presses_action("ben", "thanks-out:1") == (
                "It does not stand in the channel any more. The words stay with you."
            )
        assert posts(acme) == []
        for who in ("ben", "chloe"):
            assert got(acme, who)[0].startswith(f"Ana thanks you:\nAna: {CALM}\n")
            assert "Take it out" not in got(acme, who)[0]
        assert got(acme, "ana") == []
        assert len(acme.all_said()) == said + 2, "the two answers to Ben, and nothing else"

        await acme.submits("ana", "thanks-edit:1", words=OTHER)
        assert OTHER in got(acme, "ben")[0]
        assert posts(acme) == []


async def test_taken_out_before_the_others_have_it_it_never_comes_to_the_channel(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.changes("ben", timezone="America/New_York")  # 15:00 there
        await acme.until(EVENING)
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}")
        await acme.presses("ben", "Take it out of the channel")
        await acme.until(MORNING + timedelta(days=1))
        assert "Take it out" not in got(acme, "chloe")[0]
        assert posts(acme) == []


async def test_months_later_it_can_still_be_taken_out_and_the_outbox_stays_empty(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        async with sessions.begin() as session:
            await purge(session, acme.runtime.team_id, now=acme.clock.now() + timedelta(days=121))
        assert await leftovers(acme) == ["thanks 1"]
        await acme.presses("ben", "Take it out of the channel")
        assert posts(acme) == []
        assert "Take it out" not in got(acme, "ben")[0]
        copies = await acme.rows(Delivery, Delivery.what == "thanks")
        assert [(d.emptied, d.message) for d in copies] == [(True, {"parts": []})]


async def test_only_the_sender_changes_it_and_only_whoever_was_thanked_takes_it_out(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        await acme.says("ana", f"/thanks <@ben> {CALM} privately")
        only = "Only the one who wrote these words can change them."
        assert await acme.presses_action("ben", "thanks-edit:1") == only
        assert await acme.presses_action("ben", "thanks-delete:1") == only
        assert wrong(await acme.submits("dev", "thanks-edit:1", words="ha"), "words") == only
        assert "Only somebody who was thanked" in await acme.presses_action("dev", "thanks-out:1")
        assert "came to you privately" in await acme.presses_action("ben", "thanks-out:2")


@pytest.mark.parametrize("about", ["", ":", ":abc", ":0", ":77", ":9999999999999", ":-1", ":²"])
async def test_a_forged_button_gets_a_sentence(sessions: Sessions, tmp_path: Path, about: str) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        gone = "I no longer have a record of that, so there is nothing to change."
        for verb in ("thanks-edit", "thanks-delete", "thanks-out"):
            assert await acme.presses_action("ben", f"{verb}{about}") == gone
        assert wrong(await acme.submits("ben", f"thanks-edit{about}", words=CALM), "words") == gone
        if about in ("", ":"):
            assert isinstance(await acme.platform.press("ben", f"thanks{about}"), Form)
        else:
            assert await acme.presses_action("ben", f"thanks{about}") == gone
            typed = {"to": "<@ana>", "words": CALM, "where": "channel"}
            assert wrong(await acme.submits("ben", f"thanks{about}", **typed), "words") == gone
