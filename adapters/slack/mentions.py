"""Text as Slack hands it over and takes it: `from_slack` reads it, `escape` writes it.

https://docs.slack.dev/messaging/formatting-message-text/
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([^<>]*)>")  # a typed "<" or ">" always comes as an entity
_ENTITY = re.compile("&(lt|gt|amp);")
_MEANT = {"lt": "<", "gt": ">", "amp": "&"}
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)


def escape(text: str) -> str:
    """The text with the three characters that Slack reads as its own syntax taken out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def from_slack(text: str) -> str:
    """The neutral text (`<@id>` for a person, `<#id>` for a channel) of what somebody wrote, else letter for letter."""
    made: list[str] = []
    for i, piece in enumerate(_TOKEN.split(text)):
        made.append(_meant_by(piece) if i % 2 else _unescape(piece))
    return "".join(made)


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: _MEANT[found[1]], text)


def _meant_by(token: str) -> str:
    """What somebody typed where Slack put a token."""
    target, _, label = token.partition("|")
    if target[:1] in {"@", "#"}:
        return f"<{target}>"
    target, label = _unescape(target), _unescape(label)
    if target.startswith("!subteam^"):
        return label or f"@{target.removeprefix('!subteam^')}"
    if target in {"!channel", "!here", "!everyone"}:
        return f"@{target[1:]}"
    if target.startswith("!"):
        return label or target[1:].partition("^")[0]
    if target.lower().startswith(("mailto:", "tel:")):
        return label or _SCHEME.sub("", target)
    typed_without_scheme = bool(label) and label.rstrip("/") == _SCHEME.sub("", target).rstrip("/")
    return label if typed_without_scheme else target
