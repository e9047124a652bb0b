"""Swapping turns: one asks, the other accepts or not, and what would tell on somebody reads like a "not this time"."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Offer, Turn
from bot.domain.interactions import Refused, Reply
from bot.domain.messages import Form
from bot.domain.phrasing import plain, plain_message
from bot.domain.states import OfferState
from bot.domain.turns import TurnKind
from bot.services.checkins import swapping
from tests.journeys import test_hosts, test_ring
from tests.journeys.test_hosts import ANNOUNCED, FRIDAY, RETRO, WHEN, announcement, host
from tests.journeys.test_ring import TUESDAY, assert_nobody_else_can_tell, is_sound, rings
from tests.world import World, people, world

HOSTS = test_hosts.CONFIG.format(more="")
RING = test_ring.CONFIG.format(more="")
FOUR = ("ana", "ben", "chloe", "dev")


def others(*who: str) -> list[str]:
    return [name for name in FOUR if name not in who]


async def asks_by_form(acme: World, who: str, whom: str) -> Reply | Refused:
    """Somebody presses Swap and picks a person."""
    form = await acme.opens(who, "Swap")
    assert plain(form.title) == "Swap your turn"
    return await acme.submits(who, form.action, **{"with": f"<@{whom}>"})


async def test_a_host_asks_somebody_who_accepts_and_both_and_the_channel_know(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        other, witness = others(first)[:2]
        said = await asks_by_form(acme, first, other)
        assert isinstance(said, Reply)
        assert said.message is not None
        assert plain_message(said.message).startswith(f"I have asked {other.title()}, privately.")
        assert acme.platform.to(other) == [
            f"{first.title()} asks whether you would be facilitator for retro on {WHEN} instead.\n"
            "[Accept] [Not this time]"
        ]
        assert "has been asked already" in await acme.says(first, f"/checkin swap <@{other}>")
        assert "Somebody else was asked that" in await acme.presses_action(witness, "accept:1")

        assert await acme.presses(other, "Accept", event_id="E1") == (
            f"Thank you. You are facilitator for retro on {WHEN}."
        )
        assert await acme.presses_action(other, "accept:1", event_id="E1") == ""
        assert "no longer open" in await acme.presses_action(other, "accept:1")
        assert host(acme) == other
        assert acme.platform.to(other) == [f"You swapped with {first.title()}. Thank you."]
        assert acme.platform.to(first) == [
            f"{other.title()} swaps with you and is facilitator for retro on {WHEN}. "
            "You keep your turn, and it comes to you again next time."
        ]
        assert await acme.count(Turn, Turn.kind == TurnKind.HOST) == 1
        await acme.until(ANNOUNCED + timedelta(weeks=1))
        assert host(acme) == first


async def test_not_this_time_is_told_kindly_and_somebody_else_can_be_asked(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        other, third = others(first)[:2]
        await acme.says(first, f"/checkin swap <@{other}>")
        assert "is told that it is not this time, and no more" in await acme.presses(other, "Not this time")
        assert acme.platform.to(first) == [
            f"{other.title()} cannot swap in retro this time, so it stays as it was. You can ask somebody else."
        ]
        assert host(acme) == first
        assert "[Accept]" not in acme.platform.to(other)[0]
        assert "no longer open" in await acme.presses_action(other, "accept:1")
        await acme.says(first, f"/checkin swap <@{third}> retro")
        await acme.presses(third, "Accept")
        assert host(acme) == third


async def test_an_offer_lapses_when_the_turn_changed_or_the_round_is_over(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        second, third, fourth = others(first)
        await acme.says(first, f"/checkin swap <@{second}>")
        await acme.says(first, f"/checkin swap <@{third}>")
        await acme.presses(second, "Accept")
        assert acme.platform.to(third) == ["The swap you were asked for has settled itself. Thank you."]
        assert "no longer open" in await acme.presses_action(third, "accept:2")

        await acme.says(second, f"/checkin swap <@{fourth}>")
        await acme.presses(third, "Volunteer")
        assert "no longer open" in await acme.presses_action(fourth, "accept:3")
        assert host(acme) == third

        await acme.says(third, f"/checkin swap <@{fourth}>")
        await acme.until(RETRO + timedelta(days=2))
        assert "is over" in await acme.presses_action(fourth, "accept:4")
        assert f"{third.title()} was facilitator" in announcement(acme)


async def test_who_cannot_be_asked_is_said_and_what_was_typed_stays(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        away, left, gone = others(first)
        await acme.says(away, "/checkin pause 2026-02-01")
        await acme.says(left, "/checkin leave")
        await acme.departs(gone)
        for whom, expected in (
            (f"<@{first}>", "A swap takes two"),
            (f"<@{away}>", "is not there for retro at the moment"),
            (f"<@{left}>", "does not take part in retro"),
            (f"<@{gone}>", "does not take part in retro"),
            ("<@kinkeeper>", "do not know anybody called @kinkeeper"),
            ("<@nobody>", "do not know anybody called @nobody"),
            ("", "Please name the person"),
            (f"<@{away}> <@{left}>", "one person at a time"),
        ):
            assert expected in await acme.says(first, f"/checkin swap {whom}"), whom
            refused = await acme.submits(first, "swap:1", **{"with": whom})
            assert isinstance(refused, Refused), whom
            assert expected in plain(refused.errors["with"]), whom
            assert "somebody is" not in plain(refused.errors["with"]), "who it is, is said by name"
        assert "that is theirs to say" in await acme.says(away, f"/checkin swap <@{first}>")
        assert await acme.count(Offer) == 0


async def test_who_cannot_be_reached_is_told_to_the_one_who_asked(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        other = others(first)[0]
        acme.platform.closed.add(other)
        await acme.says(first, f"/checkin swap <@{other}>")
        assert acme.platform.to(first) == [
            f"I could not reach {other.title()}, so it stays as it was. You can ask somebody else."
        ]
        assert "no longer open" in await acme.presses_action(other, "accept:1")


async def test_the_form_opens_also_where_nothing_is_kept_in_memory(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        from bot.domain.interactions import Ask, Press

        answer = await acme.inbox.receive(Press(acme.platform.actor(first), "E9", "swap:1"))
        assert isinstance(answer, Ask)
        assert answer.form == swapping.swap_form(1)
        assert isinstance(answer.form, Form)


async def test_two_carers_swap_and_neither_question_names_whom(sessions: Sessions, tmp_path: Path) -> None:
    who = people(*test_ring.NINE)
    async with world(sessions, tmp_path, config=RING, now=FRIDAY, who=who) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        asker, other = next(
            (a, b)
            for a in before
            for b in before
            if b not in (a, before[a]) and is_sound({**before, a: before[b], b: before[a]})
        )
        await asks_by_form(acme, asker, other)
        question = acme.platform.to(other)[-1]
        assert question == (
            f"{asker.title()} asks whether you would swap whom you two look after in care.\n[Accept] [Not this time]"
        )
        said = await acme.presses(other, "Accept")
        assert (
            said
            == f"Thank you. {asker.title()} and you have swapped; I will tell each of you privately who it is now."
        )
        [after] = await rings(acme)
        assert after == {**before, asker: before[other], other: before[asker]}
        for each in (asker, other):
            told = acme.platform.to(each)
            assert told[0] == f"Somebody else looks after {before[each].title()} now. Thank you."
            assert told[-1].startswith(f"It has changed: please look after {after[each].title()} this time,")
        assert (await acme.presses(asker, "Done")).startswith(
            f"Thank you for looking after {after[asker].title()}"
        )


async def test_a_swap_that_cannot_be_reads_like_a_not_this_time(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=RING, now=FRIDAY) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        [carer_of_ana] = [each for each, other in before.items() if other == "ana"]
        assert "the two of you cannot swap that" in await acme.says(
            "ana", f"/checkin swap <@{before['ana']}>"
        )

        offered = await acme.says("ana", f"/checkin swap <@{carer_of_ana}>")
        assert (
            offered
            == f"I have asked {carer_of_ana.title()}, privately. I will tell you as soon as there is an answer."
        )
        said = await acme.presses(carer_of_ana, "Accept")
        assert "It would not work out this time" in said
        assert await rings(acme) == [before]
        could_not = acme.platform.to("ana")[-1]

        [willing] = [name for name in FOUR if name not in ("ana", before["ana"], carer_of_ana)]
        await acme.says("ana", f"/checkin swap <@{willing}>")
        await acme.presses(willing, "Not this time")
        assert acme.platform.to("ana")[-1].replace(willing.title(), "X") == could_not.replace(
            carer_of_ana.title(), "X"
        )
        assert [offer.state for offer in await acme.rows(Offer)] == [OfferState.DECLINED] * 2


async def test_who_is_not_in_the_ring_this_time_cannot_swap_in_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=RING, now=FRIDAY) as acme:
        await acme.says("dev", "/checkin pause 2026-01-07")
        await acme.until(TUESDAY + timedelta(days=1))
        assert "nobody to look after this time" in await acme.says("ana", "/checkin swap <@dev>")
        assert "nobody to look after in care" in await acme.says("dev", "/checkin swap <@ana>")
        await assert_nobody_else_can_tell(acme)


async def test_with_several_rotations_it_is_to_be_said_for_which_one_volunteers(
    sessions: Sessions, tmp_path: Path
) -> None:
    second = HOSTS[HOSTS.index("[[checkin]]") :].replace('"retro"', '"demo"')
    async with world(sessions, tmp_path, config=HOSTS + second, now=FRIDAY) as acme:
        assert "The next one begins" in await acme.says("ana", "/checkin volunteer demo")
        await acme.until(ANNOUNCED)
        assert "There is more than one: retro, demo." in await acme.says("ana", "/checkin volunteer")
        assert "for demo on" in await acme.says("ana", "/checkin volunteer demo")
        await acme.until(ANNOUNCED)
        assert "for retro on" in await acme.says("ana", "/checkin volunteer retro")


async def test_with_several_turns_the_ritual_is_to_be_named(sessions: Sessions, tmp_path: Path) -> None:
    both = HOSTS + RING[RING.index("[[checkin]]") :]
    async with world(sessions, tmp_path, config=both, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        who = host(acme)
        other = others(who)[0]
        assert "There is more than one: retro, care." in await acme.says(who, f"/checkin swap <@{other}>")
        assert f"I have asked {other.title()}" in await acme.says(who, f"/checkin swap <@{other}> retro")
        assert "Thank you for looking after" in await acme.says(other, "/checkin done"), (
            "they have one turn only"
        )
