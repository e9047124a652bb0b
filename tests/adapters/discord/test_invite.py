"""The address that lets the bot in, and the permissions that it asks for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from discord import Permissions

from adapters.discord.invite import address, client_id
from adapters.discord.permissions import FOR_VOICE, NEEDED, Server, bits, in_channel, in_server, missing
from tests.fakes.discord import FakeDiscord

LEAST = {
    "read_messages",  # which the library calls View Channel
    "send_messages",
    "create_private_threads",
    "send_messages_in_threads",
    "read_message_history",
    "attach_files",
}


def granted(number: int) -> set[str]:
    return {name for name, is_given in Permissions(number) if is_given}


def test_it_asks_for_the_bot_and_its_commands_with_the_least_permissions() -> None:
    asked = urlsplit(address("42"))
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == "https://discord.com/oauth2/authorize"
    query = parse_qs(asked.query)
    assert query["client_id"] == ["42"]
    assert query["scope"] == ["bot applications.commands"]
    assert granted(int(query["permissions"][0])) == LEAST


def test_voice_channels_take_two_more_and_nothing_takes_administrator() -> None:
    with_voice = parse_qs(urlsplit(address("42", voice=True)).query)["permissions"][0]
    assert granted(int(with_voice)) == LEAST | {"manage_channels", "connect"}


def test_each_permission_has_one_sentence_why() -> None:
    for permission in (*NEEDED, *FOR_VOICE):
        assert permission.why.endswith(".")
        assert ". " not in permission.why
        assert "|" not in permission.why


@pytest.mark.parametrize(
    ("token", "application"),
    [
        (FakeDiscord.token, "1000000000000000001"),
        ("MTA.a.b", "10"),
        ("MTA", None),  # no dot: a client secret
        ("not a token", None),
        ("!!!.a.b", None),
        ("", None),
        ("4pyT.a.b", None),
    ],
)
def test_the_application_is_read_from_the_token(token: str, application: str | None) -> None:
    assert client_id(token) == application


def test_what_is_missing_is_named_as_a_channels_settings_show_it() -> None:
    without = bits() & ~(1 << 36) & ~(1 << 15)
    assert [each.name for each in missing(without)] == ["Create Private Threads", "Attach Files"]
    assert missing(bits(voice=True)) == []
    assert [each.name for each in missing(bits(), FOR_VOICE)] == ["Manage Channels", "Connect"]


VIEW, SEND, FILES = 1 << 10, 1 << 11, 1 << 15


def in_it(*overwrites: tuple[str, int, int], server: int = VIEW | SEND | FILES) -> int:
    """What the bot "1", of the role "7", may do in a channel of the server "5" with these overwrites."""
    written = [{"id": id_, "allow": str(allow), "deny": str(deny)} for id_, allow, deny in overwrites]
    there = Server("5", "Lab", me="1", bot="kinkeeper", roles=["7"], granted=server)
    return in_channel({"permission_overwrites": written}, there)


def test_a_channels_rules_count_in_discords_order() -> None:
    assert in_it() == VIEW | SEND | FILES
    assert in_it(("5", 0, VIEW)) == SEND | FILES  # to see it is all that has to be granted
    assert in_it(("5", 0, VIEW), ("7", VIEW, 0)) == VIEW | SEND | FILES
    assert in_it(("7", VIEW, 0), ("1", 0, SEND)) == VIEW | FILES
    assert in_it(("8", 0, VIEW)) == VIEW | SEND | FILES  # another's role


def test_owners_and_administrators_may_do_everything_everywhere() -> None:
    roles = [{"id": "5", "permissions": "0"}, {"id": "7", "permissions": str(1 << 3)}]
    server = {"id": "5", "owner_id": "2", "roles": roles}
    everything = in_server(server, me="1", my_roles=["7"])
    assert missing(in_it(("5", 0, VIEW), server=everything), (*NEEDED, *FOR_VOICE)) == []
    assert missing(in_server(server, me="2", my_roles=[])) == []
    assert in_server(server, me="1", my_roles=[]) == 0
