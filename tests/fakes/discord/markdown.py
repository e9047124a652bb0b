"""What people see of Discord's markdown: markup undone, escapes undone, names instead of ids.

https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

NameOf = Callable[[str], str]

_WHITE = r" \t\n\r\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # to JavaScript

_INLINE = re.compile(
    r"(?P<fence>```(?:[a-z]+\n)?(?P<fenced>.*?)```)"
    r"|(?P<code>(?P<ticks>`{1,2})(?P<coded>.+?)(?P=ticks)(?!`))"
    r"|\\(?P<escaped>[^\sA-Za-z0-9])"
    rf"|<(?P<hidden>https?://[^{_WHITE}>]+)>"
    rf"|(?P<url>https?://[^{_WHITE}<]+)"
    r"|<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|<#(?P<channel>\d+)>"
    r"|<t:(?P<time>-?\d+)(?::[tTdDfFR])?>"
    r"|<a?(?P<emoji>:\w+:)\d+>"
    r"|</(?P<command>[-\w ]+):\d+>"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\((?P<link>https?://[^\s)]+)\)"
    r"|(?P<strong>\*\*(?P<strong_>(?:\\.|[^\\])+?)\*\*(?!\*))"
    r"|(?P<under>__(?P<under_>(?:\\.|[^\\])+?)__(?!_))"
    r"|(?P<strike>~~(?P<strike_>(?:\\.|[^\\])+?)~~)"
    r"|(?P<spoiler>\|\|(?P<spoiler_>(?:\\.|[^\\])+?)\|\|)"
    r"|(?P<star>\*(?=\S)(?P<star_>(?:\\.|[^*\\])+?)(?<!\s)\*(?!\*))"
    r"|(?P<low>(?<!\w)_(?P<low_>(?:\\.|[^_\\])+?)_(?!\w))",
    re.DOTALL,
)
_ADDRESS = re.compile(rf"https?://[^{_WHITE}<>]+")
_LINE = re.compile(r"^(?:>>> |> |-# |#{1,3} )")
_ITEM = re.compile(r"^(\s*)[-*] ")


def as_seen(text: str, *, name_of: NameOf) -> str:
    """Text as it is read; times stand as `2026-11-30 09:00 UTC`, since each reader sees their own zone."""
    return "\n".join(_inline(_start(line), name_of) for line in _whole_fences(text))


def _whole_fences(text: str) -> list[str]:
    """Lines, but a block of code is one."""
    found: list[str] = []
    for line in text.split("\n"):
        if found and _ADDRESS.sub("", found[-1]).count("```") % 2:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def _start(line: str) -> str:
    while match := _LINE.match(line):
        line = line[match.end() :]
    return _ITEM.sub(r"\1• ", line)


def _inline(text: str, name_of: NameOf) -> str:
    def seen(match: re.Match[str]) -> str:
        part = match.groupdict()
        for name in ("fenced", "coded", "escaped", "url", "hidden", "emoji"):
            if part[name] is not None:
                return part[name]
        for name, mark in (("user", "@"), ("role", "@"), ("channel", "#")):
            if part[name] is not None:
                return mark + name_of(part[name])
        if part["time"] is not None:
            return f"{datetime.fromtimestamp(int(part['time']), UTC):%Y-%m-%d %H:%M UTC}"
        if part["command"] is not None:
            return f"/{part['command']}"
        inner = next(part[n] for n in ("label", *_MARKED) if part[n] is not None)
        return _inline(inner, name_of)

    return _INLINE.sub(seen, text)


_MARKED = ("strong_", "under_", "strike_", "spoiler_", "star_", "low_")
