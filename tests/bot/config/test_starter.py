"""The first config that `kinkeeper init` writes."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.loading import load_text
from bot.config.starter import Answers, starter_config

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)
NAMES = st.text(
    st.characters(categories=["Ll", "Lu", "Nd"], include_characters="-_"), min_size=1, max_size=40
)
DAYS = ["monday", "Tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@settings(deadline=None)
@given(
    st.builds(
        Answers,
        team=WORDS,
        timezone=st.sampled_from(
            ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kathmandu"]
        ),
        platform=st.sampled_from(["slack", "discord", "playground"]),
        channel=NAMES | NAMES.map(lambda name: f"#{name}"),
        weekday=st.sampled_from(DAYS),
        at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        starts=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    )
)
def test_whatever_was_answered_the_config_is_right_and_holds_it(answers: Answers) -> None:
    loaded = load_text(starter_config(answers))
    assert loaded.problems == ()
    assert loaded.config is not None
    assert loaded.config.team.name == answers.team.strip()
    [coffee] = loaded.config.coffee
    assert (coffee.at, coffee.starts) == (answers.at, answers.starts)
    assert coffee.channel[0].platform == answers.platform
    assert coffee.channel[0].reference.removeprefix("#") == answers.channel.removeprefix("#")


@pytest.mark.parametrize(
    ("platform", "typed", "written"),
    [
        ("slack", "coffee", "slack:#coffee"),
        ("slack", "#coffee", "slack:#coffee"),
        ("slack", "C024BE91L", "slack:C024BE91L"),
        ("discord", "381870553235193857", "discord:381870553235193857"),
        ("playground", " general ", "playground:#general"),
    ],
)
def test_a_channel_is_a_name_unless_it_can_only_be_an_id(platform: str, typed: str, written: str) -> None:
    answers = Answers("Acme", "UTC", platform, typed, "monday", time(10), date(2026, 11, 30))
    config = load_text(starter_config(answers)).config
    assert config is not None
    assert str(config.coffee[0].channel[0]) == written


@pytest.mark.parametrize("platform", ["slack", "discord", "playground"])
def test_what_is_commented_out_can_be_used_as_it_is(platform: str) -> None:
    answers = Answers("Acme", "UTC", platform, "team", "monday", time(10), date(2026, 11, 30))
    written = starter_config(answers)
    lines = [
        line.removeprefix("# ")
        if line.startswith(("# [[", "# holidays", "# admins")) or (line.startswith("# ") and " = " in line)
        else line
        for line in written.splitlines()
    ]
    loaded = load_text("\n".join(lines))
    assert loaded.problems == ()
    assert loaded.config is not None
    assert [ritual.name for ritual in loaded.config.rituals] == ["coffee", "thanks", "meeting-host"]
    assert loaded.config.team.admins == "everyone"
    assert {r.members for r in loaded.config.rituals if r.kind != "gratitude"} == {
        loaded.config.coffee[0].members
    }
    [by_id] = re.findall(r"people by id: (.*)", written)
    by_their_ids = load_text(f'[team]\nname = "Acme"\ntimezone = "UTC"\nadmins = {by_id}\n')
    assert (by_their_ids.problems, by_id.startswith(f'["{platform}:')) == ((), True)


def test_on_discord_people_join_by_themselves_which_takes_no_privileged_intent() -> None:
    for platform, members in [("slack", "channel"), ("playground", "channel"), ("discord", "opt-in")]:
        answers = Answers("Acme", "UTC", platform, "coffee", "monday", time(10), date(2026, 11, 30))
        config = load_text(starter_config(answers)).config
        assert config is not None
        assert config.coffee[0].members == members
