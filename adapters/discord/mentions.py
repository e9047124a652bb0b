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
            return f"@{(roles or {}).get(found['role'], found['role'])}"
        return found["command"]

    return _TOKEN.sub(meant, text)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with every mention of a person or channel in `names` (by id) shown as "@name" or "#name"."""
    return NAMED.sub(lambda found: found[1] + names[found[2]] if found[2] in names else found[0], text)


NAMED = re.compile(r"<([@#])!?([^<>|\s]+)>")
UNKNOWN = re.compile(r"@(\d{15,20})")
"""How the core names somebody whom it knows by their id alone."""


def named(text: str, names: Mapping[str, str]) -> str:
    """The text, or "@name" where all of it is the id of somebody in `names`."""
    found = UNKNOWN.fullmatch(text)
    return f"@{names[found[1]]}" if found and found[1] in names else text
