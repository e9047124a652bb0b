"""What cannot be thanked gets a clear sentence, and what was typed is kept: at its field, or behind a button."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Delivery, Participation, Thanks
from bot.domain.messages import Quote
from bot.domain.states import Participated
from bot.ports import Profile
from tests.journeys.gratitude import CALM, CONFIG, FRIDAY, answered, got, wrong
from tests.world import people, world

MANY = [f"Person{n}" for n in range(12)]


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("<@ana>", "You cannot thank yourself here, however well deserved. Please pick somebody else."),
        ("<@ben> <@ana>", "You cannot thank yourself here"),
        ("<@kinkeeper>", "I know nobody called @kinkeeper here who can be thanked. Bots cannot;"),
        ("<@nobody>", "I know nobody called @nobody here who can be thanked."),
        ("@chloee", "I do not know anybody called @chloee here. Did you mean Chloe?"),
        ("<@eve>", "Eve has left the team, so I cannot bring it. Please take that name out."),
        ("", "Please say whom you want to thank: /thanks @ana WORDS."),
    ],
)
async def test_who_cannot_be_thanked_is_said_in_the_answer_and_at_the_field_and_the_words_are_kept(
    sessions: Sessions, tmp_path: Path, to: str, sentence: str
) -> None:
    async with world(sessions, tmp_path, config=CONFIG, who=people("Ana", "Ben", "Chloe", "Eve")) as acme:
        await acme.departs("eve")
        said = await acme.says("ana", f"/thanks {to} {CALM}  *again*\n #care privately")
        assert said.startswith(sentence)
        assert f"This is what you wrote:\nAna: {CALM}  *again*\n[Open the form]" in said
        form = await acme.opens("ana", "Open the form")
        assert form.action == "thanks:1"
        kept = "<@ben>" if "ben" in to else ""
        assert [f.value for f in form.fields] == [kept, f"{CALM}  *again*", "#care", "private"]

        typed = {"to": to, "words": CALM, "worth": "none", "where": "channel"}
        assert wrong(await acme.submits("ana", "thanks:1", **typed), "to").startswith(sentence)
        assert await acme.count(Thanks) == 0
        assert await acme.count(Delivery, Delivery.what.like("thanks%")) == 0
        assert await acme.count(Participation, Participation.what == Participated.THANKED) == 0


async def test_the_kept_words_are_sent_on_from_the_form(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks {CALM}")
        form = await acme.opens("ana", "Open the form")
        typed = {f.name: f.value for f in form.fields} | {"to": "<@ben>"}
        await acme.submits("ana", form.action, **typed)
        assert f"Ana: {CALM}" in got(acme, "ben")[0]


async def test_elsewhere_or_an_hour_later_the_button_opens_the_form_without_the_words(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks {CALM}")
        acme.clock.set(acme.clock.now() + timedelta(hours=1))
        assert (await acme.opens("ana", "Open the form")).fields[1].value == ""
        assert acme.runtime.known.filled == {}


async def test_words_are_needed_and_have_an_end(sessions: Sessions, tmp_path: Path) -> None:
    long = "ä" * 10_000
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        sentence = "That is 10000 characters, and at most 1500 fit. Please make it a little shorter."
        assert (await acme.says("ana", f"/thanks <@ben> {long}")).startswith(sentence)
        [quote] = [p for p in acme.platform.replies[-1][1].parts if isinstance(p, Quote)]
        assert quote.words == long
        typed = {"to": "<@ben>", "worth": "none", "where": "channel"}
        assert wrong(await acme.submits("ana", "thanks:1", words=long, **typed), "words") == sentence
        assert wrong(await acme.submits("ana", "thanks:1", words="  \n ", **typed), "words").startswith(
            "Please say in your own words"
        )
        assert await acme.count(Thanks) == 0
        answered(await acme.submits("ana", "thanks:1", words="ä" * 1500, **typed))
        assert await acme.count(Thanks) == 1


async def test_ten_people_at_a_time_and_no_more(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG, who=people("Ana", *MANY)) as acme:
        named = [f"<@{name.lower()}>" for name in MANY]
        said = await acme.says("ana", f"/thanks {' '.join(named[:11])} {CALM}")
        assert said.startswith("That is 11 people, and at most 10 can be thanked at a time.")
        assert "Thank you!" in await acme.says("ana", f"/thanks {' '.join(named[:10])} <@person0> {CALM}")
        assert sum(len(got(acme, name.lower())) for name in MANY) == 10


async def test_five_thanks_a_day_to_one_person_by_the_sender_s_own_day(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.changes("ana", timezone="America/New_York")
        await acme.until(FRIDAY + timedelta(hours=1))  # 10:00 there
        for n in range(5):
            assert "Thank you!" in await acme.says("ana", f"/thanks <@ben> {CALM} {n}")
        full = "At most 5 thanks to one person fit into a day. There is room for Ben again tomorrow."
        assert (await acme.says("ana", f"/thanks <@chloe> <@ben> {CALM}")).startswith(full)
        assert wrong(await acme.submits("ana", "thanks:1", to="<@ben>", words=CALM), "to") == full
        assert "Thank you!" in await acme.says("ana", f"/thanks <@chloe> {CALM}")
        assert "Thank you!" in await acme.says("dev", f"/thanks <@ben> {CALM}")

        acme.clock.set(FRIDAY + timedelta(hours=14, minutes=59))  # 23:59 there, Saturday in Berlin
        assert (await acme.says("ana", f"/thanks <@ben> {CALM}")).startswith(full)
        acme.clock.set(FRIDAY + timedelta(hours=15))
        assert "Thank you!" in await acme.says("ana", f"/thanks <@ben> {CALM}")


async def test_a_value_that_is_nearly_one_is_asked_about_and_any_other_hash_belongs_to_the_words(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        said = await acme.says("ana", f"/thanks <@ben> {CALM} #crfat")
        assert said.startswith("There is no value called #crfat. Did you mean #craft?")
        assert [f.value for f in (await acme.opens("ana", "Open the form")).fields][1:3] == [CALM, "#craft"]
        assert "Thank you!" in await acme.says("ana", f"/thanks <@ben> {CALM} #release")
        [thanks] = await acme.rows(Thanks)
        assert (thanks.words, thanks.worth) == (f"{CALM} #release", None)
        said_of = await acme.submits(
            "ana", "thanks:1", to="<@ben>", words=CALM, worth="#play", where="channel"
        )
        assert wrong(said_of, "worth") == (
            "play is not a value of friday-thanks. Please pick another one, or none."
        )


async def test_a_ritual_that_is_over_says_so_and_keeps_what_was_typed(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.configure(CONFIG.replace('name = "friday-thanks"', 'name = "kudos"'))
        over = "friday-thanks is over, so its button leads nowhere. /thanks still works."
        assert await acme.presses_action("ana", "thanks:1") == over
        assert wrong(await acme.submits("ana", "thanks:1", to="<@ben>", words=CALM), "words") == over


async def test_nobody_can_ask_what_anybody_received(sessions: Sessions, tmp_path: Path) -> None:
    guest = Profile(id="gus", name="Gus", is_guest=True)
    async with world(sessions, tmp_path, config=CONFIG, who=[*people("Ana", "Ben", "Chloe"), guest]) as acme:
        await acme.says("chloe", f"/thanks <@ben> {CALM} privately")
        before = len(acme.all_said())
        for who in ("ana", "ben", "gus"):
            for line in ("/thanks <@ben>", "/thanks help", "/kinkeeper status", "/kinkeeper help"):
                await acme.platform.command(who, *line.removeprefix("/").split(" ", 1))
        assert not any(CALM in text for text in acme.all_said()[before:] if "Ana" not in text)
        assert CALM not in " ".join(str(message) for _, message in acme.platform.replies)


@pytest.mark.parametrize(
    "typed",
    [
        {"where": "channel:abc"},
        {"where": "channel:99999999999"},
        {"where": "\x00"},
        {"where": ""},
        {"worth": "\ud800"},
        {"worth": "#"},
        {"to": "<@\x00> <@>"},
        {"to": "privately #care"},
    ],
)
async def test_a_forged_form_gets_a_sentence_and_thanks_nobody(
    sessions: Sessions, tmp_path: Path, typed: dict[str, str]
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        for action in ("thanks:1", "thanks"):
            answer = await acme.submits("ana", action, **{"to": "<@ben>", "words": CALM} | typed)
            if typed != {"worth": "#"}:
                [(field, _)] = typed.items()
                assert wrong(answer, field)
        assert all(t.worth is None for t in await acme.rows(Thanks))
        assert await acme.count(Thanks) == (2 if typed == {"worth": "#"} else 0)


async def test_a_guest_in_the_channel_can_be_thanked_and_a_guest_who_left_cannot_be_reached(
    sessions: Sessions, tmp_path: Path
) -> None:
    gus = Profile(id="gus", name="Gus", timezone="Europe/Berlin", is_guest=True)
    async with world(sessions, tmp_path, config=CONFIG, now=FRIDAY, who=[*people("Ana", "Ben"), gus]) as acme:
        assert "Gus will get it first" in await acme.says("ana", f"/thanks <@gus> {CALM}")
        assert got(acme, "gus")[0].startswith(f"Ana thanks you:\nAna: {CALM}")
        await acme.departs("gus")
        await acme.says("ana", f"/thanks <@gus> {CALM}")
        assert got(acme, "ana") == [
            "I could not reach Gus, so your thanks have not arrived there. Perhaps you can say it yourself."
        ]


async def test_nobody_can_count_in_the_status_the_thanks_that_somebody_was_given(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG, now=FRIDAY) as acme:
        acme.platform.closed.add("ben")
        for n in range(3):
            await acme.says("chloe", f"/thanks <@ben> {CALM} {n} privately")
            told = await acme.says("ana", "/kinkeeper status")
            assert "1 message could not be delivered:\n• message to Ben: this person takes no" in told
            assert "thanks to" not in told
