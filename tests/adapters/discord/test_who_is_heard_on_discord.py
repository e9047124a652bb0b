"""Who is heard on Discord, and where: words in a direct conversation, other servers, people who have left, bots."""

from __future__ import annotations

from pathlib import Path

from bot.db.models import Thanks
from tests.adapters.discord.gathering import hall
from tests.adapters.discord.test_coffee_on_discord import COFFEES, WITH_TEA
from tests.adapters.discord.test_gratitude_on_discord import GENERAL, GRATITUDE, THREE, with_strangers
from tests.fakes.discord import FakeDiscord, messages
from tests.fakes.discord.records import Kind

STRANGER = "I look after the people of another server than this one, so I cannot do that for you."
PINNED = 6  # https://docs.discord.com/developers/resources/message#message-object-message-types


def with_another_server(discord: FakeDiscord) -> None:
    """The bot is in a server too that no ritual is in; Zoe and Ana are its people."""
    world = discord.world
    ana = next(user.id for user in world.users.values() if user.name == "ana")
    zoe = world.add_user("zoe").id
    elsewhere = world.add_server("Elsewhere", owner=zoe, people=[ana])
    world.add_channel(elsewhere.id, "lobby")


async def test_words_to_the_bot_get_a_pointer_to_the_commands_and_nothing_else_happens(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        [said] = await lab.writes("ana", "Hello! Who are my *partners*? @everyone")
        assert "/kinkeeper help" in said
        assert "/coffee why" in said
        assert len(await lab.writes("ana", "")) == 1, "a picture or a sticker has no words"
        assert lab.within("coffee") == [lab.within("coffee")[0]]


async def test_what_people_do_in_the_conversation_besides_writing_is_no_words(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        world = lab.discord.world
        messages.written(
            world, world.write(world.direct(lab.account("ana")).id, lab.account("ana"), kind=PINNED)
        )
        await lab.settled()
        assert lab.told("ana") == []


async def test_commands_work_in_threads_of_the_channels_too(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES) as lab:
        ana, coffee = lab.account("ana"), lab.channel("coffee").id
        lab.discord.world.add_thread(coffee, "talk", owner=ana, kind=Kind.PUBLIC_THREAD)
        said = await lab.says("ana", "/coffee skip", channel="talk")
        assert said.startswith("You skip the next round of monday-coffee")
        assert await lab.says("ana", "/coffee pause", channel="talk") == ""
        assert "You are on a break" in await lab.submits("ana", until="2026-01-20")


async def test_in_a_server_that_is_not_the_teams_nothing_is_shown_asked_or_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=WITH_TEA, prepare=with_another_server) as lab:
        assert await lab.says("zoe", "/coffee join", channel="lobby") == STRANGER
        assert await lab.says("zoe", "/thanks", channel="lobby") == STRANGER, "no form to type in in vain"
        assert await lab.says("ana", "/coffee plan", channel="lobby") == STRANGER
        zoe, lobby = lab.account("zoe"), lab.channel("lobby").id
        complete = lab.discord.hands.complete
        assert await complete(zoe, "coffee skip", "ritual", "", channel=lobby) == []
        assert await lab.writes("zoe", "hello") == []


async def test_who_has_just_left_is_told_so_when_they_press_and_nothing_changes(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        await lab.says("ana", "/thanks", to="@ben", words="for the calm")
        del lab.discord.world.servers[lab.server].members[lab.account("ben")]
        assert await lab.presses("ben", "Take it out of the channel") == STRANGER
        [thanks] = await lab.rows(Thanks)
        assert thanks.taken_out_at is None


async def test_an_app_that_is_named_in_a_command_is_nobody_to_thank(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL, prepare=with_strangers) as lab:
        said = await lab.says("ana", "/thanks", to="@deploys", words="for the *green* tick")
        assert "I know nobody called @Deploys here who can be thanked. Bots cannot;" in said
        assert "for the *green* tick" in said
        said = await lab.says("ana", "/thanks", to=f"<@{lab.discord.world.bot}>", words="for the rounds")
        assert "who can be thanked. Bots cannot;" in said


async def test_somebody_whom_nobody_can_be_matched_with_is_called_by_their_name(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=COFFEES, prepare=with_strangers) as lab:
        said = await lab.says("ana", "/coffee avoid", person="@deploys")
        assert "@Deploys" in said
        assert lab.account("deploys") not in said
