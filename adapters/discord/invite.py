"""The address at which somebody who manages a server lets the bot in, with the permissions it needs and no others.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from urllib.parse import quote, urlencode

from adapters.discord.permissions import bits

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = "bot applications.commands"


def address(client_id: str, *, voice: bool = False) -> str:
    """Where the application is added to a server; `voice`: also for rituals with `voice = true`."""
    asked = {"client_id": client_id, "scope": SCOPES, "permissions": bits(voice=voice)}
    return f"{AUTHORIZE}?{urlencode(asked, quote_via=quote)}"


def client_id(token: str) -> str | None:
    """The application that a bot's token belongs to, by the token's first part; None if it is no such token."""
    first, dot, _ = token.partition(".")
    try:
        read = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return read if dot and read.isdecimal() else None
