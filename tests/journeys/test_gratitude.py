"""From the prompt to the channel: thanks by button and form, by one line, from a menu; first to whoever is thanked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Delivery, Participation, Prompt, Round, Thanks, ThanksRecipient
from bot.domain.messages import ChoiceField, Form, People, PeopleField, Person, Quote, Say, TextField
from bot.domain.phrasing import plain
from bot.domain.states import Attention, Participated
from tests.journeys.gratitude import CALM, CHANNEL, CONFIG, FRIDAY, PROMPTS, answered, got, posts
from tests.world import people, world

WEEK = timedelta(weeks=1)
IN_THIS_ORDER = [0, 2, 1, 0, 1, 2]  # what a seed of 7 draws
EVENING = FRIDAY + timedelta(hours=6)  # 21:00 in Berlin
MORNING = EVENING + timedelta(hours=12)  # Saturday, 09:00
SECOND = (
    CONFIG[CONFIG.index("[[gratitude]]") :].replace("friday-thanks", "kudos").replace("general", "coffee")
)
ALONE = '[team]\nname = "Acme"\n' + CONFIG[CONFIG.index("[[gratitude]]") :].replace(
    "[[gratitude]]", "[[coffee]]"
).replace("prompts", "starters").replace('values = ["craft", "care", "candour"]', "")


async def test_the_button_below_the_prompt_opens_the_form_and_the_channel_reads_it_after_those_who_are_thanked(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.until(FRIDAY)
        prompt = acme.platform.within(CHANNEL)[-1]
        assert prompt.splitlines()[0] in PROMPTS
        form = await acme.opens("ana", "Say thanks")
        to, words, worth, where = form.fields
        assert isinstance(to, PeopleField)
        assert to.many
        assert isinstance(words, TextField)
        assert isinstance(worth, ChoiceField)
        assert [plain(o.label) for o in worth.options] == ["None in particular", "craft", "care", "candour"]
        assert isinstance(where, ChoiceField)
        assert [plain(o.label) for o in where.options] == ["In the channel", "Privately"]

        said = answered(
            await acme.submits(
                "ana",
                form.action,
                to="<@ben> <@chloe>",
                words=f" {CALM}\n\n  and the cake ",
                worth="#care",
                where="channel",
            )
        )
        assert said.startswith(
            "Thank you! Ben and Chloe will get it first, and then it appears in the channel."
        )
        assert "[Edit] [Delete]" in said
        [told] = got(acme, "ben")
        assert told.splitlines() == [
            "Ana thanks you:",
            f"Ana: {CALM}",
            "",
            "  and the cake",
            "For care.",
            "Chloe got the same words.",
            "It appears in the channel too, unless you take it out; nobody is told who did.",
            "[Take it out of the channel]",
        ]
        [post] = posts(acme)
        assert post == f"Ana thanks Ben and Chloe:\nAna: {CALM}\n\n  and the cake\nFor care."
        order = [d.sent.conversation for d in acme.platform.delivered]
        assert order.index(CHANNEL, order.index("D-ben")) > max(order.index("D-ben"), order.index("D-chloe"))
        [did] = await acme.rows(Participation, Participation.what == Participated.THANKED)
        [round_] = await acme.rows(Round)
        assert did.round_id == round_.id
        assert await acme.count(ThanksRecipient) == 2


async def test_one_line_says_the_same(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        said = await acme.says("ana", f"/thanks <@ben> and <@chloe>  {CALM},\n  and to <@dev> too #Care")
        assert "Ben and Chloe will get it first" in said
        words = f"{CALM},\n  and to @Dev too"
        assert f"Ana: {words}\nFor care." in got(acme, "ben")[0]
        assert got(acme, "dev") == []
        assert posts(acme) == [f"Ana thanks Ben and Chloe:\nAna: {words}\nFor care."]
        [did] = await acme.rows(Participation, Participation.what == Participated.THANKED)
        assert (did.round_id, did.ritual_id) == (None, 1), "no round is open yet"


async def test_private_thanks_are_seen_by_the_sender_and_whoever_is_thanked_alone(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        said = await acme.says("ana", f"/thanks <@ben> {CALM} privately #craft")
        assert said.startswith("Thank you! I will bring it to Ben, privately.")
        assert got(acme, "ben") == [f"Ana thanks you:\nAna: {CALM}\nFor craft."]
        await acme.days(40)
        assert [d.to for d in acme.platform.delivered if CALM in d.text] == [acme.platform.delivered[1].to]


async def test_a_message_s_menu_fills_in_who_wrote_it(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        form = await acme.picks("ana", "thanks", "ben")
        assert isinstance(form, Form)
        assert form.fields[0].value == "<@ben>"
        await acme.submits(
            "ana", form.action, to=form.fields[0].value, words=CALM, worth="none", where="private"
        )
        assert len(got(acme, "ben")) == 1

        for who, why in (("ana", "You cannot thank yourself here"), ("kinkeeper", "Bots cannot")):
            acme.inbox.runtime.known.gratitude.clear()
            answer = await acme.picks("ana", "thanks", who)
            if isinstance(answer, Form):
                answer = await acme.submits("ana", answer.action, to=answer.fields[0].value, words=CALM)
                assert why in plain(answer.errors["to"])  # type: ignore[union-attr]
            else:
                assert why in answered(answer)


async def test_without_words_the_form_opens_with_what_was_said_so_far(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        assert [f.value for f in (await acme.asks_for_form("ana", "/thanks")).fields] == [
            "",
            "",
            "none",
            "channel",
        ]
        form = await acme.asks_for_form("ana", "/thanks <@ben> <@chloe> privately #candour")
        assert [f.value for f in form.fields] == ["<@ben> <@chloe>", "", "#candour", "private"]
        assert "/thanks" in await acme.says("ana", "/thanks help")
        assert isinstance(await acme.platform.command("ana", "kinkeeper", "thanks <@ben>"), Form)


async def test_several_rituals_are_a_choice_and_none_is_no_hindrance(
    sessions: Sessions, tmp_path: Path
) -> None:
    two = CONFIG + SECOND.replace('"craft", "care", "candour"', '"play"')
    async with world(sessions, tmp_path, config=two) as acme:
        form = await acme.asks_for_form("ana", "/thanks")
        labels = [plain(o.label) for o in form.fields[3].options]  # type: ignore[union-attr]
        assert labels == ["In the channel of friday-thanks", "In the channel of kudos", "Privately"]
        told = await acme.submits(
            "ana", form.action, to="<@ben>", words=CALM, worth="#care", where="channel:2"
        )
        assert plain(told.errors["worth"]).startswith("care is not a value of kudos.")  # type: ignore[union-attr]
        await acme.submits("ana", form.action, to="<@ben>", words=CALM, worth="#play", where="channel:2")
        assert len([t for t in acme.platform.within("C-coffee") if CALM in t]) == 1

        said = await acme.says("ana", f"/thanks <@ben> {CALM}")
        assert "There is more than one channel for thanks: friday-thanks, kudos." in said
        assert (await acme.opens("ana", "Open the form")).fields[1].value == CALM
        await acme.says("ana", f"/thanks <@ben> {CALM} #candour")
        assert len(posts(acme)) == 1, "only one of them has the value"


async def test_without_a_ritual_thanks_are_private(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=ALONE) as acme:
        form = await acme.asks_for_form("ana", "/thanks")
        assert [f.name for f in form.fields] == ["to", "words"]
        said = answered(await acme.submits("ana", form.action, to="<@ben>", words=CALM))
        assert "privately" in said
        await acme.says("ana", f"/thanks <@ben> {CALM}")
        assert len(got(acme, "ben")) == 2
        assert posts(acme) == []


async def test_in_the_evening_whoever_is_thanked_reads_it_in_the_morning_and_the_channel_after_that(
    sessions: Sessions, tmp_path: Path
) -> None:
    late = people("Ana", "Ben", "Chloe")
    late[2] = type(late[2])(id="chloe", name="Chloe", timezone="America/New_York")  # 15:00 there
    async with world(sessions, tmp_path, config=CONFIG, who=late) as acme:
        await acme.until(EVENING)
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}")
        assert len(got(acme, "chloe")) == 1
        await acme.until(MORNING - timedelta(minutes=1))
        assert (got(acme, "ben"), posts(acme)) == ([], []), "Ben has quiet hours until nine"
        await acme.until(MORNING)
        assert len(got(acme, "ben")) == 1, "people's own words do not wait for Monday"
        assert len(posts(acme)) == 1
        words = await acme.rows(Delivery, Delivery.what == "thanks")
        assert {d.attention for d in words} == {Attention.WORDS}


async def test_who_cannot_be_reached_is_told_to_the_sender_and_the_others_still_read_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        acme.platform.closed.add("ben")
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}")
        assert got(acme, "ana")[-1].startswith(
            "I could not reach Ben, so your thanks have not arrived there."
        )
        assert len(got(acme, "chloe")) == 1
        assert len(posts(acme)) == 1
        await acme.says("ana", f"/thanks <@ben> {CALM} again privately")
        assert "again" not in " ".join(acme.platform.within(CHANNEL))
        assert not any("I have something for you" in text for text in acme.platform.within(CHANNEL))


async def test_the_same_event_twice_has_one_effect(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        for _ in range(2):
            await acme.says("ana", f"/thanks <@ben> {CALM}", event_id="e-1")
            typed = {"to": "<@chloe>", "words": CALM, "worth": "none", "where": "channel"}
            await acme.platform.submit("ana", "thanks:1", typed, event_id="e-2")
        await acme.until(FRIDAY)
        assert await acme.count(Thanks) == 2
        assert len(posts(acme)) == 2
        assert len(got(acme, "ben")) == 1


async def test_a_crash_while_it_is_brought_brings_it_once_and_the_channel_waits(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        acme.platform.crash_next()
        await acme.platform.command("ana", "thanks", f"<@ben> {CALM}")
        await acme.until(FRIDAY)
        assert len(got(acme, "ben")) == 1
        assert len(posts(acme)) == 1


async def test_what_is_typed_arrives_letter_for_letter_and_calls_nobody(
    sessions: Sessions, tmp_path: Path
) -> None:
    typed = "*bold* @everyone <!channel> <@ben> <b>&amp;</b> {person} `x`\n> quoted  | <#C1>"
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.says("ana", f"/thanks <@chloe> {typed}")
        [thanks] = await acme.rows(Thanks)
        assert thanks.words == typed.replace("<@ben>", "@Ben")
        quotes = [p for d in acme.platform.delivered for p in d.message.parts if isinstance(p, Quote)]
        assert len(quotes) == 2
        assert {quote.words for quote in quotes} == {thanks.words}
        assert got(acme, "ben") == []


async def test_the_bag_goes_on_after_a_restart_a_reload_and_a_new_name(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG) as acme:
        await acme.until(FRIDAY)
        await acme.restarted()
        await acme.until(FRIDAY + WEEK)
        renamed = CONFIG.replace('name = "friday-thanks"', 'name = "kudos"\nwas = "friday-thanks"')
        await acme.configure(renamed.replace("#general", "#coffee"))
        await acme.until(FRIDAY + 2 * WEEK)
        drawn = [row.text for row in await acme.rows(Prompt)]
        assert sorted(drawn) == sorted(PROMPTS)
        asked = [t.splitlines()[0] for c in (CHANNEL, "C-coffee") for t in acme.platform.within(c)]
        assert [text for text in asked if text in PROMPTS] == drawn
        await acme.until(FRIDAY + 3 * WEEK)
        assert (await acme.rows(Prompt))[-1].text in PROMPTS, "the bag is filled anew"


async def test_the_same_seed_asks_in_the_same_order(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=CONFIG, seed=7) as acme:
        await acme.until(FRIDAY + 5 * WEEK)
        drawn = [row.text for row in await acme.rows(Prompt)]
        assert [PROMPTS.index(text) for text in drawn] == IN_THIS_ORDER
        assert set(drawn[:3]) == set(drawn[3:]) == set(PROMPTS)


async def test_the_post_in_the_channel_calls_those_who_are_thanked_and_not_whoever_said_it(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG, now=FRIDAY) as acme:
        await acme.says("ana", f"/thanks <@ben> <@chloe> {CALM}")
        [post] = [d for d in acme.platform.delivered if d.sent.conversation == CHANNEL and CALM in d.text]
        said = post.message.parts[0]
        assert isinstance(said, Say)
        sender, thanked = said.values["person"], said.values["people"]
        assert isinstance(sender, Person)
        assert isinstance(thanked, People)
        assert (sender.name, sender.called) == ("Ana", False)
        assert [(person.name, person.called) for person in thanked.people] == [("Ben", True), ("Chloe", True)]
