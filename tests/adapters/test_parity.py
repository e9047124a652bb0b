"""The page of what works on which platform is what the tests show, and its check sees what would make it untrue."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.parity import (
    ANEW,
    CONTRACT,
    PAGE,
    PLATFORMS,
    REPOSITORY,
    Contract,
    Feature,
    Limit,
    collected,
    contract,
    held_to_contract,
    page,
    problems,
    rows,
)

FEATURES, LIMITS = rows()
WHY = Feature(
    where="coffee",
    what="why this partner",
    contract=["a_command_reaches_the_inbox"],
    slack=["why_plan_and_history_are_told_to_whoever_asks_alone"],
)
HELD = '''
class TestPlatform(ChatPlatformContract):
    """Passes what every platform passes."""
'''
HUDDLES = Limit("slack", "no huddles", "https://docs.slack.dev/apis/web-api/using-the-calls-api")


def told(feature: Feature, limits: dict[str, Limit] | None = None) -> list[str]:
    """What is wrong with this one row, in a table that is true otherwise."""
    return problems([*FEATURES, feature], {**LIMITS, **(limits or {})})


def test_everything_that_is_named_is_there_and_no_cell_is_empty() -> None:
    assert problems(FEATURES, LIMITS) == []


def test_the_page_says_what_the_rows_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(FEATURES, LIMITS), f"write it anew with: {ANEW}"


def test_each_link_of_the_page_leads_to_a_file() -> None:
    linked = set(re.findall(r"\]\(\.\./([^ )]+)", page(FEATURES, LIMITS)))
    assert len(linked) > 20
    assert [path for path in linked if not (REPOSITORY / path).is_file()] == []


def test_a_row_that_is_true_is_taken() -> None:
    assert told(WHY) == []


def test_a_test_that_is_not_there_is_missed() -> None:
    assert told(replace(WHY, slack=["nobody_wrote_this"])) == [
        "why this partner: 0 tests are called 'nobody_wrote_this'"
    ]
    assert told(replace(WHY, discord=WHY.slack)) == [
        "why this partner: 0 tests are called 'why_plan_and_history_are_told_to_whoever_asks_alone'"
    ]
    assert told(replace(WHY, contract=["nobody_wrote_this"]))[0] == (
        "why this partner: the contract has no test 'nobody_wrote_this'"
    )


def test_an_empty_cell_needs_a_limit_of_that_very_platform() -> None:
    empty = replace(WHY, contract=[], discord=[], playground=[])
    missing = [f"why this partner: nothing shows it on {platform}" for platform in ("discord", "playground")]
    assert told(empty) == missing
    assert told(replace(empty, limits=["slack_voice"])) == missing
    assert told(replace(empty, limits=["discord_home", "playground_home"])) == []


def test_where_the_contract_lets_a_platform_say_it_cannot_that_shows_nothing() -> None:
    voice = "a_room_to_talk_in_is_the_same_for_its_key_until_it_is_closed_however_often"
    assert told(replace(WHY, contract=[voice], slack=[])) == [
        f"why this partner: nothing shows it on {platform}" for platform in PLATFORMS
    ]


def test_a_limit_is_documented_where_the_platform_documents_itself() -> None:
    with_limit = replace(WHY, limits=["huddles"])
    assert told(with_limit, {"huddles": HUDDLES}) == []
    hearsay = replace(HUDDLES, address="https://example.org/huddles")
    assert told(with_limit, {"huddles": hearsay}) == [
        "huddles: https://example.org/huddles is no page of slack"
    ]
    assert told(with_limit) == ["there is no limit 'huddles'"]
    assert told(WHY, {"huddles": HUDDLES}) == ["no feature names the limit 'huddles'"]


def test_a_command_without_a_row_and_a_row_without_its_command_are_missed() -> None:
    no_coffee = [replace(each, verbs=[v for v in each.verbs if v != "coffee why"]) for each in FEATURES]
    assert problems(no_coffee, LIMITS) == ["no feature names /coffee why"]
    assert told(replace(WHY, verbs=["coffee dance"])) == ["why this partner: /coffee dance is no command"]
    assert told(Feature(where="coffee", what="dancing", verbs=["coffee skip"], nowhere=True)) == [
        "dancing: /coffee skip is there"
    ]


def test_a_test_of_the_contract_without_a_row_is_missed() -> None:
    name = "a_double_click_carries_one_event_id"
    without = [replace(each, contract=[c for c in each.contract if c != name]) for each in FEATURES]
    assert problems(without, LIMITS) == [f"no feature names the contract's {name!r}"]


def test_every_platform_runs_the_contract_as_it_stands() -> None:
    wanted = contract()
    assert len(wanted.tests) > 30
    assert 0 < len(wanted.lenient) < len(wanted.tests) / 4
    assert {p: held_to_contract(p, wanted) for p in PLATFORMS} == dict.fromkeys(
        PLATFORMS, frozenset(wanted.tests)
    )


@pytest.mark.parametrize(
    ("text", "run"),
    [
        (HELD, {"finds", "sends"}),
        (HELD + "    async def test_finds(self): ...\n", {"sends"}),
        (HELD + HELD.replace("TestPlatform", "TestElsewhere") + "    def test_sends(self): ...\n", {"finds"}),
        ("@pytest.mark.skip" + HELD, set()),
        ("pytestmark = pytest.mark.skipif(True, reason='not today')" + HELD, set()),
        (HELD + "    __test__ = False\n", set()),
        (HELD + "    @pytest.fixture\n    def bench(self): pytest.skip('not today')\n", set()),
        (HELD.replace("TestPlatform", "Platform"), set()),
        (HELD.replace("ChatPlatformContract", "object"), set()),
    ],
)
def test_a_class_that_replaces_or_skips_tests_of_the_contract_is_seen(
    tmp_path: Path, text: str, run: set[str]
) -> None:
    there = tmp_path / "tests" / "adapters" / "slack"
    there.mkdir(parents=True)
    (there / "test_slack_contract.py").write_text(text)
    wanted = Contract(dict.fromkeys(["finds", "sends"], Path(CONTRACT[0])), frozenset())
    assert held_to_contract("slack", wanted, within=tmp_path) == run


@pytest.mark.parametrize("mark", ["pytest.mark.skip", "pytest.mark.xfail(reason='not today')"])
def test_a_story_that_is_skipped_is_seen(tmp_path: Path, mark: str) -> None:
    (tmp_path / "test_story.py").write_text(f"@{mark}\ndef test_told(): ...\ndef test_heard(): ...\n")
    (tmp_path / "test_all.py").write_text(
        f"pytestmark = {mark}\ndef test_told(): ...\ndef test_heard(): ...\n"
    )
    assert collected("test_story.py", within=tmp_path).skipped == {"told"}
    assert collected("test_all.py", within=tmp_path).skipped == {"told", "heard"}
