"""What the slash commands are called in a workspace, where other apps may have taken the plain names."""

from __future__ import annotations

import re

from bot.domain.commands import COMMANDS

_TYPED = re.compile(rf"(?<![\w/-])/({'|'.join(COMMANDS)})(?![\w-])")


def slash(command: str, prefix: str = "") -> str:
    """What is typed for a command ("/coffee", or "/kin-coffee" with the prefix "kin")."""
    return f"/{prefix}-{command}" if prefix else f"/{command}"


def as_typed_here(line: str, prefix: str = "") -> str:
    """What is to be typed, with every command in it called as in this workspace."""
    return _TYPED.sub(lambda found: slash(found[1], prefix), line)
