"""The half of the platforms' contract that is about what people do: commands, buttons, forms, menus, replies."""

from __future__ import annotations

from bot.domain.interactions import Ask, Command, Press, Reply, Shortcut, Submit
from bot.domain.messages import Message, Say
from bot.ports import ToChannel, ToPerson
from tests.adapters.platform_bench import CHOICE, FORM_WITH_INTRO, SMALL_FORM, Bench


class HearingContract:
    """What people do is handed in, and what it is answered with is shown to them alone."""

    async def test_a_command_reaches_the_inbox(self, bench: Bench) -> None:
        await bench.command(bench.people[0], "coffee", f"avoid <@{bench.people[1]}>")
        (happened,) = bench.inbox.received
        assert isinstance(happened, Command)
        assert (happened.name, happened.text) == ("coffee", f"avoid <@{bench.people[1]}>")
        assert (happened.actor.platform, happened.actor.workspace, happened.actor.account) == (
            bench.platform.name,
            bench.workspace,
            bench.people[0],
        )
        assert happened.actor.name
        assert happened.event_id

    async def test_a_press_reaches_the_inbox(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), CHOICE, key="d1")
        await bench.press(bench.people[0], sent, "met:42")
        (happened,) = bench.inbox.received
        assert isinstance(happened, Press)
        assert (happened.action, happened.actor.account) == ("met:42", bench.people[0])

    async def test_a_form_reaches_the_inbox(self, bench: Bench) -> None:
        await bench.submit(bench.people[0], SMALL_FORM, {"words": "Thank <b>you</b>"})
        (happened,) = [h for h in bench.inbox.received if isinstance(h, Submit)]
        assert (happened.action, happened.actor.account) == ("sample:1", bench.people[0])
        assert dict(happened.values) == {"words": "Thank <b>you</b>"}

    async def test_a_form_that_is_known_beforehand_is_shown_with_its_intro(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), CHOICE, key="d1")
        bench.inbox.forms["met:42"] = FORM_WITH_INTRO
        await bench.press(bench.people[0], sent, "met:42")
        assert bench.inbox.received == []
        shown = await bench.shown(bench.people[0])
        assert shown is not None
        assert (shown.action, list(shown.fields)) == ("sample:2", ["to", "words"])
        places = [
            shown.text.index(text) for text in ("A small form", "Good morning.", "Not now", "Your words")
        ]
        assert places == sorted(places)

    async def test_a_form_that_is_the_answer_is_shown_too(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), CHOICE, key="d1")
        bench.inbox.answers["met:42"] = Ask(SMALL_FORM)
        await bench.press(bench.people[0], sent, "met:42")
        assert [type(h) for h in bench.inbox.received] == [Press]
        shown = await bench.shown(bench.people[0])
        assert shown is not None
        assert (shown.action, list(shown.fields)) == ("sample:1", ["words"])

    async def test_a_menu_reaches_the_inbox_and_its_form_is_shown(self, bench: Bench) -> None:
        bench.inbox.answers["menu:thanks"] = Ask(SMALL_FORM)
        await bench.shortcut(bench.people[0], "thanks", bench.people[1])
        (happened,) = bench.inbox.received
        assert isinstance(happened, Shortcut)
        assert (happened.name, happened.person) == ("thanks", bench.people[1])
        assert happened.actor.account == bench.people[0]
        assert happened.event_id
        shown = await bench.shown(bench.people[0])
        assert shown is not None
        assert shown.action == "sample:1"
        assert await bench.shown(bench.people[1]) is None

    async def test_the_form_of_a_menu_may_be_known_beforehand(self, bench: Bench) -> None:
        bench.inbox.forms["menu:thanks"] = SMALL_FORM
        await bench.shortcut(bench.people[0], "thanks", bench.people[1])
        assert bench.inbox.received == []
        shown = await bench.shown(bench.people[0])
        assert shown is not None
        assert shown.action == "sample:1"

    async def test_the_reply_reaches_the_actor_alone(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), CHOICE, key="d1")
        bench.inbox.answers["met:42"] = Reply(Message((Say("sample.count", {"count": 7}),)))
        await bench.press(bench.people[0], sent, "met:42")
        assert list(await bench.replies(bench.people[0])) == ["7 things"]
        assert list(await bench.replies(bench.people[1])) == []
        assert await bench.count(sent.conversation) == 1

    async def test_no_words_no_reply(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), CHOICE, key="d1")
        bench.inbox.answers["met:42"] = Reply()
        await bench.press(bench.people[0], sent, "met:42")
        assert list(await bench.replies(bench.people[0])) == []

    async def test_a_double_click_carries_one_event_id(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), CHOICE, key="d1")
        await bench.press(bench.people[0], sent, "met:42", times=2)
        assert len(bench.inbox.counted) == 1
