"""How Slack writes down what people type, and what people see of what apps write."""

from __future__ import annotations

import re
from collections.abc import Callable

_ADDRESS = re.compile(
    r"(?:https?://|mailto:)[^\s<>|]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|dev|eu)(?:/[^\s<>|]*)?\b"
)
_TOKEN = re.compile(r"<([^<>]+)>")
_MARKS = "*_~"


def escape(text: str) -> str:
    """The three characters that Slack keeps for itself.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_sent(typed: str, *, name_of: Callable[[str], str], with_names: bool) -> str:
    """Typed text as an app gets it: `<@U2>`, `<#C1>` and addresses are tokens, everything else is escaped.

    A mention is one that the person picked from the list: written `<@U2>` here. Slash commands also carry names
    (`with_names`), as with `should_escape`; https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
    """
    pieces = re.split(r"(<[@#][A-Z0-9]+>)", typed)
    return "".join(
        (f"{piece[:-1]}|{name_of(piece[2:-1])}>" if with_names else piece) if i % 2 else _with_links(piece)
        for i, piece in enumerate(pieces)
    )


def _with_links(text: str) -> str:
    pieces, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?)'\"")
        shown = escape(address)
        whole = shown if re.match("https?://|mailto:", address) else f"http://{shown}|{shown}"
        pieces += [escape(text[at : found.start()]), f"<{whole}>"]
        at = found.start() + len(address)
    return "".join([*pieces, escape(text[at:])])


def as_seen(mrkdwn: str, *, name_of: Callable[[str], str]) -> str:
    """What is read of a text with Slack's markup: no marks, names for mentions, the fallback of a date.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    pieces: list[str] = []
    for i, piece in enumerate(re.split(r"(```.*?```|`[^`\n]+`)", mrkdwn, flags=re.DOTALL)):
        if i % 2:
            pieces.append(unescape(_named(piece.strip("`"), name_of)))
        else:
            pieces.append(unescape(_named(_without_marks(piece), name_of)))
    return "".join(pieces)


def _named(text: str, name_of: Callable[[str], str]) -> str:
    def shown(found: re.Match[str]) -> str:
        inside, _, label = found[1].partition("|")
        match inside[0]:
            case "@" | "#":
                return f"{inside[0]}{name_of(inside[1:])}"
            case "!" if inside.startswith("!date"):
                return label
            case "!":
                return label or f"@{inside[1:].split('^')[0]}"
        return label or inside

    return _TOKEN.sub(shown, text)


def _without_marks(text: str) -> str:
    """Bold, italic, struck through and quoted text without their marks, where Slack would take them as such."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\0{len(held) - 1}\0"

    text = _TOKEN.sub(hold, text)
    for mark in _MARKS:
        m = re.escape(mark)
        text = re.sub(rf"(?<![\w{m}]){m}(?=\S)([^{m}\n]*?\S){m}(?![\w{m}])", r"\1", text)
    text = re.sub(r"^(?:&gt;|>) ?", "", text, flags=re.MULTILINE)
    return re.sub("\0(\\d+)\0", lambda found: held[int(found[1])], text)


def called(mrkdwn: str) -> set[str]:
    """Whom a text with Slack's markup calls, by id; "everybody" for a whole channel."""
    found = set()
    for token in _TOKEN.findall(mrkdwn):
        inside = token.partition("|")[0]
        if inside.startswith("@"):
            found.add(inside[1:])
        elif inside in {"!channel", "!here", "!everyone"} or inside.startswith("!subteam"):
            found.add("everybody")
    return found
