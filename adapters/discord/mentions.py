"""Text as Discord hands it over, turned into neutral text.

https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<(?:@!(?P<person>\d+)|@&(?P<role>\d+)|(?P<command>/[^<>:]+):\d+)>")


def from_discord(text: str, *, roles: Mapping[str, str] | None = None) -> str:
    """The neutral text (`<@id>` for a person, `<#id>` for a channel) of what somebody wrote, else letter for letter.

    `roles` has the names of the roles mentioned, by id: a role is no person, so it is what it reads as.
    """

    def meant(found: re.Match[str]) -> str:
        if found["person"]:
            return f"<@{found['person']}>"
        if found["role"]:
            name = (roles or {}).get(found["role"], found["role"])
            return "@" + re.sub("[<>]", "", name)  # a name is no place to hide a mention in
        return found["command"]

    return _TOKEN.sub(meant, text)
