"""Reading the config file: the config, or every problem in it with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import positions
from bot.config.checking import check
from bot.config.schema import Config
from bot.config.spelling import quoted

LARGEST = 1_000_000  # bytes; a config is a few thousand


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the file as it was named, the line (from 1), the key, what to do about it."""

    file: str
    line: int
    key: str  # "coffee[0].group_size", items counted from 0; "" for the file as a whole
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.key}: {self.message}" if self.key else f"{where}{self.message}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A config, or the problems because of which there is none."""

    config: Config | None
    problems: tuple[Problem, ...]


def load(path: Path) -> Loaded:
    """Read a file. Never raises, whatever is (not) there."""
    file = str(path)
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return _refused(file, "There is no such file. `kinkeeper init` writes one for you.")
    except IsADirectoryError:
        return _refused(file, "This is a folder. Expected a file such as kinkeeper.toml.")
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        return _refused(file, f"The file cannot be read: {reason}.")
    if len(content) > LARGEST:
        return _refused(file, "The file is larger than a megabyte, which no config is.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _refused(file, "This is not text in UTF-8. Save the file with that encoding.", line=line)
    return load_text(text, file=file)


def load_text(text: str, *, file: str = "kinkeeper.toml") -> Loaded:
    """Read the text of a config; `file` is what problems call it. Never raises, whatever the text is."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _refused(file, *_syntax(str(error), text))
    except RecursionError:
        return _refused(file, "Lists or tables are nested too deeply in this file, which no config needs.")
    except ValueError:  # a number of thousands of digits
        return _refused(file, "There is a number in this file that is far too large.")
    config, findings = check(document)
    if not findings:
        return Loaded(config, ())
    lines = positions.lines_of(text)
    problems = {
        Problem(file, positions.line_of(path, lines), key_path(path), sentence) for path, sentence in findings
    }
    return Loaded(None, tuple(sorted(problems, key=lambda p: (p.line, p.key, p.message))))


def key_path(path: Sequence[str | int]) -> str:
    """A path as it is shown: `coffee[0].group_size`; keys that need quotes in TOML have them."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            key = part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else quoted(part)
            shown += f".{key}" if shown else key
    return shown


def _refused(file: str, message: str, line: int = 1) -> Loaded:
    return Loaded(None, (Problem(file, line, "", message),))


_SYNTAX = (  # what the parser says, and what its reader can do about it
    ("Cannot overwrite a value", "This key is there twice in one table. Keep one of the two."),
    ("Cannot declare", "This table is there twice. Put its keys together under one header."),
    ("Cannot mutate immutable", "This table is written in two places. Put its keys together in one."),
    ("Cannot redefine namespace", "This table is written in two places. Put its keys together in one."),
    ("Expected '='", 'This line is no key with a value. Expected a line such as name = "Acme".'),
    ("Unterminated string", "A text is not closed: its last quote is missing."),
    ("Illegal character '\\n'", "A text is not closed on its line: its last quote is missing."),
    ("Illegal character", "There is an invisible character that no text may hold. Take it out."),
    ("Expected \"'", "A text is not closed: its last quote is missing."),
    ("Unclosed array", "A list is not closed: its ] is missing."),
    ("Unclosed inline table", "A table in braces is not closed: its } is missing."),
    ("Invalid initial character for a key part", "A key is missing or misspelt here."),
    (
        "Expected newline or end of document",
        "There is more after the value. Expected one key a line, and dates such as 2026-11-30.",
    ),
    (
        "Invalid value",
        'The value is missing, or a text without quotes. Expected a value such as "Acme", 3 or true.',
    ),
    ("Invalid date", "There is no such date. Expected one such as 2026-11-30."),
    ("Invalid hex value", "A backslash in a text is doubled, or the text stands in single quotes."),
    ("Unescaped '\\'", "A backslash in a text is doubled, or the text stands in single quotes."),
    ("Expected ']", "A table's header is not closed. Expected [team], or [[coffee]]."),
)


def _syntax(said: str, text: str) -> tuple[str, int]:
    """The sentence and the line for what the parser said."""
    said, _, where = said.rpartition(" (at ")
    place = re.match(r"line (\d+)", where)
    last = text.rstrip().count("\n") + 1
    line = int(place[1]) if place else last
    if said == "Invalid value" and place is None:
        return "The file ends in the middle: a value, or the ] of a list, is missing.", line
    advice = next((advice for start, advice in _SYNTAX if said.startswith(start)), None)
    return (advice or f"This is not valid TOML: {said[:200]}."), line
