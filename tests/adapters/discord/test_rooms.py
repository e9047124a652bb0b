"""Voice channels on Discord: seen and entered by the people of a match alone, and taken away again."""

from __future__ import annotations

from tests.adapters.discord.bench import inhabited, over_gateway
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.records import Kind


async def test_a_room_is_for_those_who_meet_alone_and_goes_away_again() -> None:
    async with FakeDiscord() as discord, over_gateway(inhabited(discord)) as bench:
        world = discord.world
        everyone = world.servers[bench.workspace].roles[bench.workspace]
        everyone.permissions |= Permission.MANAGE_CHANNELS | Permission.CONNECT
        near = world.channel_named(bench.channel).id
        ana, ben, chloe = bench.people
        assert discord.eyes.can_read(chloe, near)
        room = await bench.platform.open_voice([ana, ben], near=near, name="Coffee: Ana and Ben", key="v1")
        assert isinstance(room, str)
        assert world.channels[room].kind == Kind.VOICE
        assert world.channels[room].name.startswith("Coffee: Ana and Ben")
        enters = Permission.VIEW_CHANNEL | Permission.CONNECT
        may = {who: world.may(world.channels[room], who) & enters for who in (ben, chloe)}
        assert may == {ben: enters, chloe: 0}
        await bench.platform.close_voice(room)
        assert room not in world.channels
