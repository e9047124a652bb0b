"""What every chat platform must do; run against each, in front of that platform's own (make-believe) server.

A platform's test makes a `Bench` and inherits: `class TestX(ChatPlatformContract)` with a `bench` fixture.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.messages import File, Given, Line, Message, Person, Quote, Say
from bot.ports import (
    CannotTell,
    Channel,
    PermanentFailure,
    ToChannel,
    ToChat,
    ToPerson,
    Unreachable,
)
from tests.adapters.hearing_contract import HearingContract
from tests.adapters.platform_bench import CHOICE, LONG_AGO, PLAIN, WORDS, Bench


class ChatPlatformContract(HearingContract):
    """Inherit, and give a `bench` fixture."""

    async def test_is_connected_between_start_and_stop(self, bench: Bench) -> None:
        assert bench.platform.state() == "connected"
        await bench.platform.stop()
        assert bench.platform.state() != "connected"

    async def test_says_how_people_can_be_reached(self, bench: Bench) -> None:
        assert bench.platform.name
        assert bench.platform.ladder
        assert set(bench.platform.ladder) <= {"direct", "thread", "mention"}

    async def test_finds_a_channel_by_name_and_by_id(self, bench: Bench) -> None:
        by_name = await bench.platform.find_channel(bench.channel)
        assert by_name.name == bench.channel.removeprefix("#")
        assert by_name.workspace == bench.workspace
        assert await bench.platform.find_channel(by_name.id) == by_name

    async def test_an_unknown_channel_is_a_permanent_failure(self, bench: Bench) -> None:
        with pytest.raises(PermanentFailure, match=r"\w"):
            await bench.platform.find_channel(bench.unknown_channel)

    async def test_members_are_complete_and_bots_are_marked(self, bench: Bench) -> None:
        members = await bench.platform.members(await bench.platform.find_channel(bench.channel))
        if isinstance(members, CannotTell):  # then they are known as soon as they take part
            assert members.reason
            return
        by_id = {m.id: m for m in members}
        assert len(by_id) == len(members)
        assert set(bench.people) <= by_id.keys()
        assert all(by_id[p].name and not by_id[p].is_bot for p in bench.people)

    async def test_tells_of_people_by_their_accounts_and_leaves_out_whom_it_does_not_know(
        self, bench: Bench
    ) -> None:
        members = await bench.platform.members(await bench.platform.find_channel(bench.channel))
        wanted = [bench.people[2], "NOBODY9", bench.people[0]]
        told = {p.id: p for p in await bench.platform.profiles(wanted)}
        assert list(told) == [bench.people[2], bench.people[0]]
        if not isinstance(members, CannotTell):
            assert told == {m.id: m for m in members if m.id in wanted}
        assert await bench.platform.profiles([]) == []

    async def test_looks_at_channels_and_says_what_is_well_and_how_to_mend_what_is_not(
        self, bench: Bench
    ) -> None:
        found = await bench.platform.diagnose([bench.channel, bench.unknown_channel])
        by_subject = {each.about: each for each in found}
        assert by_subject[bench.channel].well
        missing = by_subject[bench.unknown_channel]
        assert not missing.well
        assert any(hint in missing.text for hint in ("config", "invite", "try")), "it says what can be done"

    async def test_sends_to_a_channel(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1")
        assert (await bench.arrived(sent)).text == "Good morning."

    async def test_sends_to_a_person(self, bench: Bench) -> None:
        sent = await bench.platform.send(ToPerson(bench.people[0], "direct"), PLAIN, key="d1")
        assert (await bench.arrived(sent)).text == "Good morning."

    async def test_sends_to_a_conversation_it_opened(self, bench: Bench) -> None:
        chat = await self._chat(bench, key="match:1")
        sent = await bench.platform.send(ToChat(chat), PLAIN, key="d1")
        assert sent.conversation == chat
        assert (await bench.arrived(sent)).text == "Good morning."

    async def test_the_same_key_opens_the_same_conversation(self, bench: Bench) -> None:
        first = await self._chat(bench, key="match:1")
        assert await self._chat(bench, key="match:1") == first

    async def test_a_conversation_can_be_closed_twice(self, bench: Bench) -> None:
        chat = await self._chat(bench, key="match:1")
        await bench.platform.close_chat(chat)
        await bench.platform.close_chat(chat)

    async def test_a_room_to_talk_in_is_the_same_for_its_key_until_it_is_closed_however_often(
        self, bench: Bench
    ) -> None:
        channel = await bench.platform.find_channel(bench.channel)

        async def opened(key: str) -> str | CannotTell:
            people = list(bench.people[:2])
            return await bench.platform.open_voice(
                people, near=channel.id, name="Coffee: Ana and Ben", key=key
            )

        room = await opened("voice:1")
        if isinstance(room, CannotTell):
            assert room.reason
            await bench.platform.close_voice("no-room")
            return
        assert await opened("voice:1") == room
        assert await opened("voice:2") != room
        for _ in range(2):
            await bench.platform.close_voice(room)
        assert await opened("voice:1") != room

    async def test_a_second_try_with_the_same_key_is_one_message_or_is_found(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        to = ToChannel(channel.id)
        first = await bench.platform.send(to, PLAIN, key="d1")
        found = await bench.platform.find_sent(to, PLAIN, key="d1", since=LONG_AGO)
        if isinstance(found, CannotTell):
            assert found.reason
            return
        if found is None:
            assert await bench.platform.send(to, PLAIN, key="d1") == first
            assert await bench.count(first.conversation) == 1
            return
        assert found == first

    async def test_what_was_never_sent_is_not_found(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        found = await bench.platform.find_sent(
            ToChannel(channel.id), PLAIN, key="never", since=datetime.now(UTC) - timedelta(days=1)
        )
        assert found is None or isinstance(found, CannotTell)

    async def test_an_edit_replaces_the_message(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), CHOICE, key="d1")
        for _ in range(2):
            await bench.platform.edit(sent, Message((Say("sample.count", {"count": 2}),)))
        arrived = await bench.arrived(sent)
        assert arrived.text == "2 things"
        assert arrived.actions == ()
        assert await bench.count(sent.conversation) == 1

    async def test_editing_what_is_gone_is_a_permanent_failure(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1")
        with pytest.raises(PermanentFailure):
            await bench.platform.edit(bench.gone(sent), PLAIN)

    async def test_what_is_removed_is_gone_for_everybody_however_often_it_is_removed(
        self, bench: Bench
    ) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), CHOICE, key="d1")
        kept = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d2")
        for _ in range(2):
            await bench.platform.remove(sent)
        assert await bench.count(channel.id) == 1
        assert (await bench.arrived(kept)).text == "Good morning."

    async def test_removing_what_never_was_is_fine(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1")
        await bench.platform.remove(bench.gone(sent))
        assert await bench.count(channel.id) == 1

    async def test_what_was_removed_cannot_be_edited_back(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), PLAIN, key="d1")
        await bench.platform.remove(sent)
        with pytest.raises(PermanentFailure):
            await bench.platform.edit(sent, CHOICE)
        assert await bench.count(channel.id) == 0

    async def test_a_person_who_takes_no_messages_is_unreachable_by_that_rung(self, bench: Bench) -> None:
        await bench.close_door(bench.people[1])
        with pytest.raises(Unreachable):
            await bench.platform.send(ToPerson(bench.people[1], "direct"), PLAIN, key="d1")

    async def test_and_is_reached_by_the_next_rung(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        await bench.close_door(bench.people[1])
        rung = bench.platform.ladder[-1]
        sent = await bench.platform.send(ToPerson(bench.people[1], rung, near=channel.id), PLAIN, key="d1")
        assert (await bench.arrived(sent)).text == "Good morning."

    async def test_sending_to_a_place_that_does_not_exist_is_a_permanent_failure(self, bench: Bench) -> None:
        with pytest.raises(PermanentFailure):
            await bench.platform.send(ToChannel("nowhere-at-all"), PLAIN, key="d1")

    async def test_buttons_arrive_with_their_meaning(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        sent = await bench.platform.send(ToChannel(channel.id), CHOICE, key="d1")
        arrived = await bench.arrived(sent)
        assert tuple(arrived.actions) == ("met:42", "not:42")
        assert "Press me" in arrived.text
        assert "Not now" in arrived.text

    async def test_lists_and_plurals_arrive(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        lines = tuple(Line(Say("sample.count", {"count": n})) for n in (1, 3))
        arrived = await bench.arrived(
            await bench.platform.send(ToChannel(channel.id), Message((Say("sample.plain"), *lines)), key="d1")
        )
        assert arrived.text.index("1 thing") < arrived.text.index("3 things")

    async def test_files_arrive_with_words_for_those_who_cannot_open_them(self, bench: Bench) -> None:
        file = File("coffee.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n", Say("sample.alt"))
        sent = await bench.platform.send(
            ToPerson(bench.people[0], "direct"), Message((Say("sample.plain"), file)), key="d1"
        )
        arrived = await bench.arrived(sent)
        assert "A calendar entry." in arrived.text
        assert arrived.files is None or arrived.files == {"coffee.ics": b"BEGIN:VCALENDAR\r\n"}

    @pytest.mark.parametrize("kind", WORDS)
    async def test_what_a_person_wrote_arrives_letter_for_letter(self, bench: Bench, kind: str) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        words = WORDS[kind]
        message = Message((Say("sample.hello", {"person": Given("Ana")}), Quote(words)))
        arrived = await bench.arrived(await bench.platform.send(ToChannel(channel.id), message, key="d1"))
        assert words in arrived.text

    async def test_what_a_person_wrote_calls_nobody_and_what_the_bot_says_calls_whom_it_names(
        self, bench: Bench
    ) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        ana, ben, chloe = (Person(n, "Somebody", account) for n, account in enumerate(bench.people, start=1))
        words = Quote(f"<@{ben.handle}> and @{ben.handle}, @everyone, @here, <!channel>, <!here>", by=chloe)
        message = Message((Say("sample.hello", {"person": ana}), words))
        sent = await bench.platform.send(ToChannel(channel.id), message, key="d1")
        assert await bench.pinged(sent) == {ana.handle}

    async def test_what_the_team_wrote_itself_is_no_markup_either(self, bench: Bench) -> None:
        channel = await bench.platform.find_channel(bench.channel)
        message = Message((Say("sample.hello", {"person": Given("<b>*Ana* @everyone")}),))
        arrived = await bench.arrived(await bench.platform.send(ToChannel(channel.id), message, key="d1"))
        assert arrived.text == "Hello <b>*Ana* @everyone."

    async def _chat(self, bench: Bench, *, key: str) -> str:
        channel: Channel = await bench.platform.find_channel(bench.channel)
        return await bench.platform.open_chat(list(bench.people[:2]), near=channel.id, key=key)
