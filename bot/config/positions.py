"""Where each key of a TOML document stands: a small scanner that knows lines and nothing about values."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (  # the longest opening first
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_SCALAR = re.compile(r"[^\n#,\[\]{}]*")


def lines_of(text: str) -> Mapping[Path, int]:
    """The 1-based line of every table, key and array item of a valid TOML document, by its path.

    The line of a key is where the key stands; of an array item, where its value begins; of a table, where
    it is first named. `()` is the document itself, line 1. Where a document is not valid, it ends there.
    """
    scanner = _Scanner(text)
    with suppress(_LostError, RecursionError):
        scanner.document()
    return scanner.lines


def line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a path, or of the innermost thing around it that has one."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


class _LostError(Exception):
    """The text is not the TOML it was taken for."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self.newlines = [i for i, c in enumerate(text) if c == "\n"]
        self.sizes: dict[Path, int] = {}  # how many items an array of tables has so far

    def document(self) -> None:
        table: Path = ()
        while True:
            self.take(_BLANK)
            if self.at >= len(self.text):
                return
            if self.skip("[["):
                table = self.header(array=True)
            elif self.skip("["):
                table = self.header(array=False)
            else:
                self.pair(table)

    def header(self, *, array: bool) -> Path:
        line = self.line()
        path: Path = ()
        keys = self.dotted()
        for position, key in enumerate(keys):
            path = (*path, key)
            self.note(path, line)
            if array and position == len(keys) - 1:
                self.sizes[path] = self.sizes.get(path, 0) + 1
            if path in self.sizes:
                path = (*path, self.sizes[path] - 1)
                self.note(path, line)
        self.need("]]" if array else "]")
        return path

    def pair(self, table: Path) -> None:
        line = self.line()
        path = table
        for key in self.dotted():
            path = (*path, key)
            self.note(path, line)
        self.need("=")
        self.take(_SPACE)
        self.value(path)

    def value(self, path: Path) -> None:
        if self.skip("["):
            self.array(path)
        elif self.skip("{"):
            self.inline_table(path)
        elif self.string() is None:
            self.take(_SCALAR)

    def array(self, path: Path) -> None:
        index = 0
        while True:
            self.take(_BLANK)
            if self.skip("]"):
                return
            before = self.at
            self.note((*path, index), self.line())
            self.value((*path, index))
            self.take(_BLANK)
            index += 1
            if not self.skip(",") and self.at == before:
                raise _LostError

    def inline_table(self, path: Path) -> None:
        while True:
            self.take(_BLANK)
            if self.skip("}"):
                return
            self.pair(path)
            self.take(_BLANK)
            self.skip(",")

    def dotted(self) -> list[str]:
        keys = []
        while True:
            self.take(_SPACE)
            literal = self.string()
            keys.append(_unquoted(literal) if literal is not None else self.bare_key())
            self.take(_SPACE)
            if not self.skip("."):
                return keys

    def bare_key(self) -> str:
        found = self.take(_BARE_KEY)
        if not found:
            raise _LostError
        return found

    def string(self) -> str | None:
        """The literal of the string that begins here, quotes and all; None if none does."""
        return next((found for kind in _STRINGS if (found := self.take(kind))), None)

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def skip(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) if found else 0
        return found

    def need(self, mark: str) -> None:
        if not self.skip(mark):
            raise _LostError

    def note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def line(self) -> int:
        return bisect_right(self.newlines, self.at - 1) + 1


def _unquoted(literal: str) -> str:
    try:
        return str(tomllib.loads(f"key = {literal}")["key"])
    except tomllib.TOMLDecodeError:
        raise _LostError from None
