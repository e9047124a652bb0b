"""Finding secrets in a config file: they belong into the environment, and no message may repeat them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.config.positions import Path

ADVICE = (
    "Secrets come from the environment (such as SLACK_BOT_TOKEN or DISCORD_TOKEN), never from this file. "
    "Take it out; if others could read the file, make a new one on the platform."
)

_VALUES = re.compile(
    r"""\s*(?:
      xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{6,}        # Slack, bots and people
    | xapp-[A-Za-z0-9-]{6,}                           # Slack, Socket Mode
    | [A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}  # Discord
    | [a-z0-9+]+://[^\s/@:]*:[^\s/@]+@.*              # an address with a password
    )\s*""",
    re.VERBOSE | re.DOTALL,
)
_KEYS = re.compile(
    r"(?:^|[_-])(?:tokens?|secrets?|passwords?|passwd|api[_-]?key|private[_-]?key)(?:$|[_-])",
    re.IGNORECASE,
)


def looks_secret(value: object) -> bool:
    """Whether a value has the form of a token, or of an address with a password in it."""
    return isinstance(value, str) and _VALUES.fullmatch(value) is not None


def names_secret(key: str) -> bool:
    """Whether a key is named after a secret ("bot_token")."""
    return _KEYS.search(key) is not None


def secrets_in(document: object) -> Iterator[tuple[Path, str]]:
    """Every secret value in the document, with its path."""
    waiting: list[tuple[Path, object]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        match value:
            case dict():
                waiting.extend(((*path, key), inner) for key, inner in value.items())
            case list():
                waiting.extend(((*path, index), inner) for index, inner in enumerate(value))
            case str() if looks_secret(value):
                yield path, value
