"""What `docs/install-slack.md` says is so: it names every permission, and every status that counts as away."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from adapters.slack.manifest import HISTORY_SCOPES, SCOPES
from adapters.slack.people import AWAY_EMOJI, AWAY_WORDS
from tests.chaos.processes import REPOSITORY

GUIDE = (REPOSITORY / "docs/install-slack.md").read_text()


def between(mark: str) -> str:
    """What stands in the guide between two marks that nobody sees."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)\s*<!-- /{mark} -->", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def table(scopes: Mapping[str, str]) -> str:
    """The table as the guide has it; to be pasted there when a permission changes."""
    rows = [f"| `{scope}` | {why} |" for scope, why in scopes.items()]
    return "\n".join(["| permission | why |", "|---|---|", *rows])


@pytest.mark.parametrize(("mark", "scopes"), [("scopes", SCOPES), ("history", HISTORY_SCOPES)])
def test_every_permission_is_there_with_the_reason_for_it(mark: str, scopes: Mapping[str, str]) -> None:
    assert between(mark) == table(scopes)


def test_every_emoji_that_says_away_is_there() -> None:
    assert set(re.findall(r"`:(\w+):`", between("emoji"))) == AWAY_EMOJI


def test_the_words_that_are_said_to_count_as_away_do() -> None:
    said = re.search(r"in words such as (.*?)\(", GUIDE, re.DOTALL)
    assert said is not None
    words = re.findall(r"\*(.+?)\*", said[1])
    assert len(words) >= 8
    assert [word for word in words if not AWAY_WORDS.search(f"{word} until Monday")] == []
    assert not AWAY_WORDS.search("in a meeting")


def test_each_heading_that_other_pages_lead_to_is_there() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
        for h in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    for page in [*REPOSITORY.glob("docs/*.md"), REPOSITORY / "README.md"]:
        for anchor in re.findall(r"install-slack\.md#([\w-]+)", page.read_text()):
            assert anchor in anchors, f"{page.name} leads to {anchor}"
    for anchor in re.findall(r"\]\(#([\w-]+)\)", GUIDE):
        assert anchor in anchors
