"""What `docs/install-discord.md` says is so: it names every permission, and what `kinkeeper doctor` says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence

import pytest

from adapters.discord import checkup, lacking
from adapters.discord.permissions import FOR_VOICE, NEEDED, Permission
from tests.chaos.processes import REPOSITORY

GUIDE = (REPOSITORY / "docs/install-discord.md").read_text()


def between(mark: str) -> str:
    """What stands in the guide between two marks that nobody sees."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)\s*<!-- /{mark} -->", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def table(permissions: Sequence[Permission]) -> str:
    """The table as the guide has it; to be pasted there when a permission changes."""
    rows = [f"| *{each.name}* | {each.why} |" for each in permissions]
    return "\n".join(["| permission | why |", "|---|---|", *rows])


@pytest.mark.parametrize(("mark", "permissions"), [("permissions", NEEDED), ("voice", FOR_VOICE)])
def test_every_permission_is_there_with_the_reason_for_it(
    mark: str, permissions: Sequence[Permission]
) -> None:
    assert between(mark) == table(permissions)


def test_what_the_doctor_is_said_to_say_it_says() -> None:
    said = re.findall(r"^\| `(The bot|The Server|There|In|Discord)([^`]*)`", GUIDE, re.MULTILINE)
    assert len(said) >= 6
    code = inspect.getsource(checkup) + inspect.getsource(lacking)
    for beginning, rest in said:
        for piece in re.split(r"…|#\w+", beginning + rest):
            assert piece.strip() in code, piece


def test_each_heading_that_other_pages_lead_to_is_there() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
        for h in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    for page in [*REPOSITORY.glob("docs/*.md"), REPOSITORY / "README.md"]:
        for anchor in re.findall(r"install-discord\.md#([\w-]+)", page.read_text()):
            assert anchor in anchors, f"{page.name} leads to {anchor}"
    for anchor in re.findall(r"\]\(#([\w-]+)\)", GUIDE):
        assert anchor in anchors
