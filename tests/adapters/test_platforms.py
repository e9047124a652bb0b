"""Platforms are found by name, and imported only then."""

from __future__ import annotations

import subprocess
import sys

import pytest

import adapters


def test_the_playground_is_there() -> None:
    assert adapters.load("playground").__name__ == "Playground"


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(LookupError, match=r"no platform 'irc'; there are: .*playground"):
        adapters.load("irc")


def test_nothing_is_imported_before_it_is_used() -> None:
    code = "import adapters, sys; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
