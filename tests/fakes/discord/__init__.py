"""A Discord that speaks, on loopback: the real discord.py talks to it over sockets."""

from tests.fakes.discord.server import FakeDiscord

__all__ = ["FakeDiscord"]
