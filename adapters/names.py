"""Neutral text (`<@id>` for a person, `<#id>` for a channel) as people read it: by name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.messages import Unknown
from bot.domain.phrasing import Plain

NAMED = re.compile(r"<([@#])([^<>|\s]+)>")


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with every mention of a person or channel in `names` (by id) shown as "@name" or "#name"."""
    return NAMED.sub(lambda found: found[1] + names[found[2]] if found[2] in names else found[0], text)


def name_of(somebody: Unknown, names: Mapping[str, str]) -> str:
    """How somebody whom the core does not know is called: "@name", or "@" and their id."""
    return f"@{names.get(somebody.account, somebody.account)}"


class Told(Plain):
    """A phrasing `Style` without any markup, in which whom people mention stands by name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def unknown(self, somebody: Unknown) -> str:
        return name_of(somebody, self._names)

    def given(self, text: str) -> str:
        return with_names(text, self._names)
