"""What people do at the make-believe Discord reaches a real discord.py bot, and what it answers is seen by them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, ClassVar, Self

import discord
import pytest
from discord import app_commands, ui

from bot.clock import StillClock
from tests.adapters.discord.speaking import MONDAY, Bot, Team, connected, refused, small_team, some_intents
from tests.fakes.discord.filling import CannotDo
from tests.fakes.discord.hands import DidNotRespond
from tests.fakes.discord.permissions import Permission

Asked = discord.Interaction[Any]


class Met(ui.DynamicItem[ui.Button[ui.View]], template=r"met:(?P<round>\d+)"):
    """A button that means the same after a restart."""

    pressed: ClassVar[list[tuple[int, str, int]]] = []

    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="We met", custom_id=f"met:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, asked: Asked, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(int(match["round"]))

    async def callback(self, asked: Asked) -> None:
        Met.pressed.append((self.number, asked.user.display_name, asked.id))
        if not asked.response.is_done():
            await asked.response.send_message("Noted.", ephemeral=True)


class Thanks(ui.Modal, title="Thanks"):
    intro: ui.TextDisplay[Any] = ui.TextDisplay("Read **this** first.")
    to: ui.Label[Self] = ui.Label(
        text="To whom", component=ui.UserSelect(custom_id="to", max_values=3, required=True)
    )
    value: ui.Label[Self] = ui.Label(
        text="Value",
        component=ui.Select(
            custom_id="value", required=False, options=[discord.SelectOption(label="Calm", value="calm")]
        ),
    )
    words: ui.Label[Self] = ui.Label(
        text="Words", component=ui.TextInput(custom_id="words", style=discord.TextStyle.long, max_length=50)
    )

    async def on_submit(self, asked: Asked) -> None:
        to, value, words = self.to.component, self.value.component, self.words.component
        assert isinstance(to, ui.UserSelect)
        assert isinstance(value, ui.Select)
        assert isinstance(words, ui.TextInput)
        names = ",".join(u.display_name for u in to.values)
        await asked.response.send_message(f"{names} {value.values} {words.value}", ephemeral=True)


def offer(tree: app_commands.CommandTree[Any]) -> None:
    """A few commands of every kind."""
    coffee = app_commands.Group(name="coffee", description="Coffee in pairs")

    @coffee.command(description="Pause until a day")
    async def pause(asked: Asked, until: str, rounds: app_commands.Range[int, 1, 9] = 1) -> None:
        await asked.response.defer(ephemeral=True, thinking=True)
        await asked.followup.send(f"Paused until {until}, {rounds}")

    @pause.autocomplete("until")
    async def complete(asked: Asked, typed: str) -> list[app_commands.Choice[str]]:
        days = ("monday", "tuesday", "sunday")
        return [app_commands.Choice(name=d.title(), value=d) for d in days if d.startswith(typed)]

    @coffee.command(description="Do not pair me with somebody")
    async def avoid(asked: Asked, who: discord.Member) -> None:
        await asked.response.send_message(f"Not with {who.mention}", ephemeral=True)

    @tree.command(description="Say thanks")
    async def thanks(asked: Asked) -> None:
        await asked.response.send_modal(Thanks())

    @tree.command(description="Says nothing")
    async def silent(asked: Asked) -> None:
        pass

    @tree.context_menu(name="Say thanks")
    async def for_message(asked: Asked, message: discord.Message) -> None:
        await asked.response.send_message(f"{message.author.display_name}: {message.content}", ephemeral=True)

    @tree.context_menu(name="Thank")
    async def for_person(asked: Asked, who: discord.Member) -> None:
        await asked.response.send_message(f"Thank {who.display_name}?", ephemeral=True)

    tree.add_command(coffee)


def _option(name: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "x", **more}


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY)


@pytest.fixture
async def team(clock: StillClock) -> AsyncIterator[Team]:
    async with small_team(clock) as team:
        yield team


@pytest.fixture
async def bot(team: Team) -> AsyncIterator[Bot]:
    bot = Bot(intents=some_intents())
    offer(bot.tree)
    bot.add_dynamic_items(Met)
    Met.pressed.clear()
    async with connected(team.fake, bot):
        await bot.tree.sync()
        yield bot


async def test_commands_are_offered_and_keep_their_ids(team: Team, bot: Bot) -> None:
    offered = {c["name"]: c["id"] for c in team.fake.world.commands[None]}
    assert sorted(offered) == ["Say thanks", "Thank", "coffee", "silent", "thanks"]
    await bot.tree.sync()
    assert {c["name"]: c["id"] for c in team.fake.world.commands[None]} == offered
    put = "PUT /applications/{application_id}/commands"
    assert team.fake.faults.calls[put] == 2
    assert [c.name for c in await bot.tree.fetch_commands(guild=discord.Object(int(team.server.id)))] == []


async def test_a_subcommand_is_answered_after_thinking(team: Team, bot: Bot) -> None:
    done = await team.fake.hands.command(
        team.ana, "coffee pause", {"until": "monday", "rounds": 2}, channel=team.coffee.id
    )
    await bot.until("app_command_completion")
    assert team.fake.eyes.privately(team.ana) == ["Paused until monday, 2"]
    assert (done.answered.result(), team.fake.eyes.privately(team.ben)) == (5, [])
    assert team.fake.eyes.within(team.coffee.id) == []


async def test_people_in_options_are_people(team: Team, bot: Bot) -> None:
    team.server.members[team.ben].nick = "Benny"
    await team.fake.hands.command(team.ana, "coffee avoid", {"who": f"<@{team.ben}>"}, channel=team.coffee.id)
    assert team.fake.eyes.privately(team.ana) == ["Not with @Benny"]


async def test_an_option_can_be_completed(team: Team, bot: Bot) -> None:
    hands = team.fake.hands
    assert await hands.complete(team.ana, "coffee pause", "until", "") == ["monday", "tuesday", "sunday"]
    assert await hands.complete(team.ana, "coffee pause", "until", "su") == ["sunday"]


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("tea", {}),
        ("coffee", {}),
        ("coffee pause", {}),
        ("coffee pause", {"until": "x", "rounds": 10}),
        ("coffee pause", {"until": "x", "rounds": "2"}),
        ("coffee pause", {"til": "x"}),
    ],
)
async def test_what_the_client_would_not_send_is_not_sent(
    team: Team, bot: Bot, command: str, given: dict[str, Any]
) -> None:
    with pytest.raises(CannotDo):
        await team.fake.hands.command(team.ana, command, given, channel=team.coffee.id)
    assert not [name for name, _ in bot.heard if name == "interaction"]


async def test_a_button_may_be_handed_over_twice_and_answered_once(team: Team, bot: Bot) -> None:
    channel = bot.get_channel(int(team.coffee.id))
    assert isinstance(channel, discord.TextChannel)
    view = ui.View(timeout=None).add_item(Met(42))
    sent = await channel.send("Did you meet?", view=view)
    post = team.fake.world.find(team.coffee.id, str(sent.id))
    assert post is not None
    assert list(team.fake.eyes.actions(post)) == ["met:42"]
    assert team.fake.eyes.text(post) == "Did you meet?\nWe met"
    await team.fake.hands.press(team.ben, post, "met:42", times=2)
    await bot.until("interaction", 2)
    assert {pressed[:2] for pressed in Met.pressed} == {(42, "Ben")}
    assert len({event for _, _, event in Met.pressed}) == 1
    assert team.fake.eyes.privately(team.ben) == ["Noted."]
    with pytest.raises(CannotDo):
        await team.fake.hands.press(team.ben, post, "met:43")


async def test_a_button_in_a_direct_message_can_be_pressed_too(team: Team, bot: Bot) -> None:
    ana = await bot.fetch_user(int(team.ana))
    await ana.send("Did you meet?", view=ui.View(timeout=None).add_item(Met(7)))
    post = team.fake.world.messages[-1]
    await team.fake.hands.press(team.ana, post, "met:7")
    assert [p[:2] for p in Met.pressed] == [(7, "Ana")]
    with pytest.raises(CannotDo):
        await team.fake.hands.press(team.ben, post, "met:7")


async def test_a_modal_is_seen_filled_in_and_sent(team: Team, bot: Bot) -> None:
    eyes, hands = team.fake.eyes, team.fake.hands
    await hands.command(team.ana, "thanks", channel=team.coffee.id)
    seen = eyes.modal(team.ana)
    assert seen is not None
    assert eyes.modal_text(seen) == "Thanks\nRead this first.\nTo whom\nValue\nWords"
    assert eyes.modal(team.ben) is None
    for wrong in ({"words": "x"}, {"to": f"<@{team.ben}>", "words": "x" * 51}, {"nobody": "x"}):
        with pytest.raises(CannotDo):
            await hands.submit(team.ana, wrong)
    people = f"<@{team.ben}> <@{team.chloe}>"
    await hands.submit(team.ana, {"to": people, "value": "calm", "words": "for <b>it</b>"})
    assert eyes.privately(team.ana) == ["Ben,Chloe ['calm'] for <b>it</b>"]
    assert eyes.modal(team.ana) is None


async def test_menus_of_messages_and_people(team: Team, bot: Bot) -> None:
    hands = team.fake.hands
    written = team.fake.news.writes(team.ben, team.coffee.id, "Good morning")
    await hands.menu_on_message(team.ana, "Say thanks", written)
    await hands.menu_on_person(team.ana, "Thank", team.chloe, channel=team.coffee.id)
    assert team.fake.eyes.privately(team.ana) == ["Ben: Good morning", "Thank Chloe?"]


async def test_who_gets_no_answer_sees_that(team: Team, bot: Bot) -> None:
    team.fake.hands.patience = 0.05
    with pytest.raises(DidNotRespond):
        await team.fake.hands.command(team.ana, "silent", channel=team.coffee.id)
    asked = (await bot.until("interaction"))[-1]
    assert await refused(asked.response.send_message("late")) == (404, 10062)
    await bot.close()
    with pytest.raises(DidNotRespond, match="nobody"):
        await team.fake.hands.command(team.ana, "silent", channel=team.coffee.id)


async def test_an_answer_is_given_once_and_soon(team: Team, bot: Bot, clock: StillClock) -> None:
    await team.fake.hands.command(team.ana, "coffee avoid", {"who": team.ben}, channel=team.coffee.id)
    asked = (await bot.until("interaction"))[-1]
    asked._cs_response = discord.InteractionResponse(asked)
    assert await refused(asked.response.send_message("again")) == (400, 40060)
    await asked.edit_original_response(content="other")
    more = await asked.followup.send("more", ephemeral=True)
    await more.edit(content="much more")
    assert team.fake.eyes.privately(team.ana) == ["other", "much more"]
    await asked.delete_original_response()
    assert await refused(asked.original_response()) == (404, 10008)
    clock.set(MONDAY + timedelta(minutes=16))
    assert await refused(asked.followup.send("late")) == (401, 50027)


async def test_commands_hidden_from_people_are_hidden(team: Team, bot: Bot) -> None:
    team.fake.world.forbid(team.coffee.id, team.ben, Permission.USE_APPLICATION_COMMANDS)
    with pytest.raises(CannotDo):
        await team.fake.hands.command(team.ben, "thanks", channel=team.coffee.id)
    secret = team.fake.world.add_channel(team.server.id, "secret", only=[team.ana])
    with pytest.raises(CannotDo):
        await team.fake.hands.command(team.ben, "thanks", channel=secret.id)


async def test_words_to_the_bot_are_heard_and_words_in_a_channel_are_not(team: Team, bot: Bot) -> None:
    team.fake.news.says(team.ana, "hello")
    team.fake.news.writes(team.ana, team.coffee.id, "between us")
    heard = await bot.until("message", 2)
    assert [m.content for m in heard] == ["hello", ""]
    assert heard[0].author.id == int(team.ana)


@pytest.mark.parametrize(
    "commands",
    [
        [{"name": "tea", "description": "x"}] * 2,
        [{"name": "Tea", "description": "x"}],
        [{"name": "tea"}],
        [{"name": "tea", "description": "x", "options": [_option("a"), _option("b", required=True)]}],
        [{"name": f"c{n}", "description": "x"} for n in range(101)],
    ],
    ids=["twice", "capitals", "no description", "required last", "too many"],
)
async def test_what_cannot_be_offered_is_refused(team: Team, bot: Bot, commands: list[Any]) -> None:
    assert bot.application_id is not None
    call = bot.http.bulk_upsert_global_commands(bot.application_id, commands)
    assert await refused(call) == (400, 50035)
    assert len(team.fake.world.commands[None]) == 5
