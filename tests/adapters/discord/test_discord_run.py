"""`kinkeeper run` in front of Discord: connected, rounds from the button that joins to the words of a summary, and
stopped in order."""

from __future__ import annotations

import signal
from collections import Counter
from functools import partial
from pathlib import Path

from tests.adapters.discord.running import (
    ALL,
    CONFIG,
    FOUR,
    PENDING,
    QUESTIONS,
    TEN,
    THANKS,
    answers,
    button,
    coffee,
    database,
    form,
    introduced,
    introductions,
    person,
    post_with,
    running,
    server,
    until,
)
from tests.chaos.looking import count, rows, write
from tests.fakes.discord.records import Message

SYNCING = "PUT /applications/{application_id}/commands"
POSTING = "POST /channels/{channel_id}/messages"
ASKING_WHO = "GET /guilds/{guild_id}/members/{user_id}"


async def test_a_round_from_the_button_that_joins_to_we_met(tmp_path: Path) -> None:
    async with server(members_intent=False) as discord, running(discord, tmp_path) as program:
        assert await program.ready() == (200, {"discord": "connected", "database": "ok"})
        people = {name: person(discord, name) for name in FOUR}
        welcome = await post_with(discord, coffee(discord).id, "join")
        for each in people.values():
            await discord.hands.press(each, welcome, button(discord, welcome, "join"))
        await until(lambda: all(map(partial(answers, discord), people.values())), what="everybody's answer")
        await discord.hands.command(
            people["ana"], "kinkeeper run", {"ritual": "monday-coffee"}, channel=coffee(discord).id
        )
        posts = await introduced(discord, pairs=2)
        pairs = [discord.eyes.in_thread(post.channel) for post in posts]
        assert sorted(map(len, pairs)) == [2, 2]
        assert set.union(*pairs) == set(people.values())
        assert [discord.eyes.pinged(post) for post in posts] == pairs

        [post] = [post for post in posts if people["ben"] in discord.eyes.in_thread(post.channel)]
        before = discord.eyes.text(post)
        await discord.hands.press(people["ben"], post, button(discord, post, "met"))
        await until(lambda: discord.eyes.text(post) != before, what="the message is another one")
        assert rows(database(tmp_path), "SELECT count(*) FROM match WHERE outcome = 'met'") == [(1,)]

        told = len(answers(discord, people["ben"]))
        await discord.hands.command(people["ben"], "coffee why", channel=coffee(discord).id)
        await discord.hands.command(people["ben"], "presence me", channel=coffee(discord).id)
        await until(lambda: len(answers(discord, people["ben"])) == told + 2, what="two answers")
        assert await program.stop() == 0
        assert program.troubles() == []
        assert len(introductions(discord)) == 2
        assert len(discord.world.within(coffee(discord).id)) == 1, "the welcome, and the rest is private"


async def test_thanks_by_a_form_and_an_answer_to_questions(tmp_path: Path) -> None:
    url = database(tmp_path)
    async with (
        server(members_intent=False) as discord,
        running(discord, tmp_path, config=CONFIG + THANKS + QUESTIONS) as program,
    ):
        ana, ben, here = person(discord, "ana"), person(discord, "ben"), coffee(discord).id
        await discord.hands.command(ana, "thanks", channel=here)
        await discord.hands.submit(ana, {"to": ben, "words": "for the soup"})
        await until(lambda: any("for the soup" in text for text in discord.eyes.to(ben)), what="the thanks")
        assert count(url, "SELECT count(*) FROM thanks") == 1

        def welcomes() -> list[Message]:
            return [post for post in discord.world.within(here) if discord.eyes.actions(post)]

        await until(lambda: len(welcomes()) == 2, what="both that one can join")
        welcome = welcomes()[1]
        await discord.hands.press(ben, welcome, button(discord, welcome, "join"))
        await until(lambda: answers(discord, ben), what="an answer to joining")
        await discord.hands.command(ana, "kinkeeper run", {"ritual": "weekly"}, channel=here)
        asked = await post_with(discord, discord.world.direct(ben).id, "answer")
        modal = await form(discord, ben, asked)
        [field] = fields(modal.components)
        told = len(answers(discord, ben))
        await discord.hands.submit(ben, {field: "The soup"})
        await until(lambda: len(answers(discord, ben)) > told, what="it is taken")
        assert count(url, "SELECT count(*) FROM answer") == 1
        assert await program.stop() == 0
        assert program.troubles() == []


async def test_the_commands_are_told_to_discord_only_when_they_changed(tmp_path: Path) -> None:
    async with server() as discord:
        for _ in range(2):
            async with running(discord, tmp_path) as program:
                assert await program.stop() == 0
        assert discord.faults.calls[SYNCING] == 1
        discord.world.commands[None][0]["description"] = "What an older version called it"
        async with running(discord, tmp_path) as program:
            assert await program.stop() == 0
        assert discord.faults.calls[SYNCING] == 2


async def test_a_button_from_before_a_restart_works(tmp_path: Path) -> None:
    async with server() as discord:
        async with running(discord, tmp_path, config=ALL) as first:
            await discord.hands.command(
                person(discord, "ana"),
                "kinkeeper run",
                {"ritual": "monday-coffee"},
                channel=coffee(discord).id,
            )
            post = (await introduced(discord, pairs=2))[0]
            before, action = discord.eyes.text(post), button(discord, post, "met")
            assert await first.stop() == 0
        async with running(discord, tmp_path) as second:
            somebody = next(iter(discord.eyes.in_thread(post.channel)))
            await discord.hands.press(somebody, post, action, times=2)
            await until(lambda: discord.eyes.text(post) != before, what="the message is another one")
            assert await second.stop() == 0
            assert second.troubles() == []
        assert len(introductions(discord)) == 2
        assert count(database(tmp_path), "SELECT count(*) FROM match WHERE outcome = 'met'") == 1


async def test_told_to_stop_while_something_is_being_handled_it_brings_that_to_its_end(
    tmp_path: Path,
) -> None:
    async with server() as discord, running(discord, tmp_path, config=ALL) as program:
        ben = person(discord, "ben")
        stop = program.process.popen.terminate
        discord.faults.fail_next(ASKING_WHO, retry_after=1, meanwhile=stop)
        await discord.hands.command(ben, "presence timezone", {"zone": "Europe/Lisbon"})  # who is that?
        assert await program.stopped() == 0
        assert count(database(tmp_path), "SELECT count(*) FROM member WHERE timezone = 'Europe/Lisbon'") == 1
        assert any("Lisbon" in text for text in answers(discord, ben))
        assert all("rate limited" in line["event"] for line in program.troubles())


async def test_killed_while_it_sends_it_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    url, pairs = database(tmp_path), len(TEN) // 2
    async with server(*TEN) as discord:
        async with running(discord, tmp_path, config=ALL) as first:
            await until(lambda: discord.world.within(coffee(discord).id), what="it has introduced itself")
            kill = first.process.kill
            discord.faults.fail_next(POSTING, lost="answer", meanwhile=kill)
            await discord.hands.command(
                person(discord, "ana"),
                "kinkeeper run",
                {"ritual": "monday-coffee"},
                channel=coffee(discord).id,
            )
            assert await first.stopped() == -signal.SIGKILL
        assert count(url, PENDING) == pairs
        assert introductions(discord), "one was sent, and nobody was told so"
        write(url, "UPDATE delivery SET claimed_until = due_at WHERE claimed_until IS NOT NULL")  # it ran out
        async with running(discord, tmp_path) as second:
            await until(lambda: count(url, PENDING) == 0, what="everything is sent")
            assert await second.stop() == 0
        there = Counter(post.channel for post in introductions(discord))
        assert sorted(there.values()) == [1] * pairs
        assert len(set.union(*map(discord.eyes.in_thread, there))) == len(TEN)
        threads = [channel for channel in discord.world.channels.values() if channel.thread]
        assert len(threads) == pairs, "a thread was made twice"


def fields(components: list[dict[str, object]]) -> list[str]:
    """The ids of a modal's fields."""
    inner = [component.get("component") for component in components]
    return [str(each["custom_id"]) for each in inner if isinstance(each, dict)]
