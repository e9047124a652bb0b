"""What a config means once it is read, and that it can be written and read again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from bot.config.checkins import CheckinConfig, Question
from bot.config.fields import Table
from bot.config.json_schema import json_schema
from bot.config.loading import load
from bot.config.references import ChannelRef, PersonRef
from bot.config.rituals import CoffeeConfig, GratitudeConfig
from bot.config.schema import RITUALS, Config
from bot.config.team import RetentionConfig, TeamConfig, TurnWeights
from bot.domain.hours import DailySpan

EXAMPLE = Path("kinkeeper.example.toml")
WEEKLY = {"name": "a", "channel": "slack:#a", "every": "week", "on": "monday", "at": "10:00"}


@pytest.fixture(scope="module")
def config() -> Config:
    loaded = load(EXAMPLE)
    assert loaded.problems == ()
    assert loaded.config is not None
    return loaded.config


def test_the_example_says_what_it_says(config: Config) -> None:
    assert config.team.grace == timedelta(hours=12)
    assert config.team.working_hours == DailySpan(9 * 60, 17 * 60 + 30)
    assert config.team.admins == (PersonRef("slack", "U024BE7LH"),)
    assert config.team.groups["platform"] == (PersonRef(None, "@ben"), PersonRef(None, "@chloe"))
    assert [ritual.name for ritual in config.rituals] == [
        "monday-coffee",
        "friday-thanks",
        "retro-host",
        "care-ring",
        "weekly-pulse",
    ]
    assert [ritual.kind for ritual in config.rituals] == [
        "coffee",
        "gratitude",
        "checkin",
        "checkin",
        "checkin",
    ]
    [coffee] = config.coffee
    assert coffee.channel == (ChannelRef("slack", "#coffee"),)
    assert (coffee.at, coffee.starts, coffee.close_after) == (
        time(10),
        date(2026, 11, 30),
        timedelta(days=10),
    )
    assert [checkin.checkin_kind for checkin in config.checkin] == ["host", "ring", "questions"]
    assert config.checkin[2].questions[0] == Question(ask="How is your energy this week?", scale=5)


def test_the_example_recurs_as_it_says(config: Config) -> None:
    november = datetime(2026, 11, 1, tzinfo=UTC)
    first = {ritual.name: ritual.cadence(config.team).next_after(november) for ritual in config.rituals}
    assert first == {
        "monday-coffee": datetime(2026, 11, 30, 9, tzinfo=UTC),
        "friday-thanks": datetime(2026, 11, 6, 14, tzinfo=UTC),
        "retro-host": datetime(2026, 11, 5, 13, tzinfo=UTC),
        "care-ring": datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        "weekly-pulse": datetime(2026, 11, 4, 8, 30, tzinfo=UTC),
    }


def test_a_ritual_goes_by_its_own_zone_then_the_teams_or_by_that_of_a_member() -> None:
    team = TeamConfig(name="Acme", timezone="Europe/Berlin")
    there = CoffeeConfig.model_validate(WEEKLY | {"timezone": "Asia/Tokyo"})
    assert there.cadence(team).zone == "Asia/Tokyo"
    assert CoffeeConfig.model_validate(WEEKLY).cadence(team).zone == "Europe/Berlin"
    assert there.cadence(team, zone="America/Lima").zone == "America/Lima"


def test_every_table_of_the_example_can_be_written_and_read_again(config: Config) -> None:
    for table in (config, config.team, config.retention, *config.rituals):
        written = table.model_dump(mode="json")
        assert type(table).model_validate(json.loads(json.dumps(written))) == table
        assert type(table).model_validate_json(table.model_dump_json()) == table


@pytest.mark.parametrize(
    "given",
    [
        {"on": ["monday", "thursday"], "starts": date(2026, 11, 30), "every": "3 weeks"},
        {"on": 31, "every": "month"},
        {"at": time(9, 5), "nudge_after": "90 minutes", "close_after": "36 hours"},
        {"channel": ["slack:#a", "discord:381870553235193857"], "was": "b"},
        {"every": None, "on": None, "at": None, "cron": "0 15 * * fri"},
    ],
)
def test_a_coffee_of_any_form_can_be_written_and_read_again(given: dict[str, Any]) -> None:
    coffee = CoffeeConfig.model_validate(WEEKLY | given)
    assert CoffeeConfig.model_validate(json.loads(coffee.model_dump_json())) == coffee


@pytest.mark.parametrize("kind", ["host", "ring", "questions"])
def test_a_written_checkin_has_the_keys_of_its_kind_alone(kind: str) -> None:
    checkin = CheckinConfig.model_validate(
        WEEKLY | {"kind": kind, "questions": [{"ask": "How are you?"}]}
        if kind != "host"
        else WEEKLY | {"kind": kind}
    )
    written = checkin.model_dump(mode="json")
    assert {key for key in CheckinConfig.belongs_to if key in written} == {
        key for key, kinds in CheckinConfig.belongs_to.items() if kind in kinds
    }
    assert CheckinConfig.model_validate(written) == checkin


def test_lengths_of_time_are_written_as_they_are_said() -> None:
    coffee = CoffeeConfig.model_validate(WEEKLY | {"nudge_after": "1 day", "close_after": "2 weeks"})
    written = coffee.model_dump(mode="json")
    assert (written["nudge_after"], written["close_after"]) == ("1 day", "14 days")


def test_a_flat_team_has_everyone_as_admin() -> None:
    team = TeamConfig.model_validate({"name": "Acme", "admins": "everyone"})
    assert team.admins == "everyone"
    assert TeamConfig.model_validate(team.model_dump(mode="json")) == team


def test_the_calendar_has_the_teams_days_and_holidays() -> None:
    team = TeamConfig.model_validate(
        {"name": "Acme", "working_days": ["sunday", "mon"], "holidays": ["de-be"]}
    )
    assert team.calendar.working_days == frozenset({6, 0})
    assert team.calendar.countries == ("DE-BE",)
    assert not team.calendar.is_working_day(
        date(2027, 3, 8)
    )  # International Women's Day, a Monday; Berlin's own


def test_a_config_cannot_be_changed_once_it_is_read(config: Config) -> None:
    with pytest.raises(ValidationError):
        config.team.name = "Other"  # type: ignore[misc]


def test_contradictions_are_refused_without_a_file_as_well() -> None:
    with pytest.raises(ValidationError, match="Expected a nudge before the close"):
        CoffeeConfig.model_validate(WEEKLY | {"nudge_after": "20 days"})


# The JSON Schema


def instance() -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(tomllib.loads(EXAMPLE.read_text("utf-8")), default=str))
    return written


def test_the_example_passes_its_json_schema() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(instance(), schema)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("team", "colour", "red"),
        ("team", "admins", "nobody"),
        ("team", "working_days", ["tusday"]),
        ("coffee", "group_size", "two"),
        ("coffee", "group_size", 9),
        ("coffee", "mix", None),
        ("coffee", "at", "25:00"),
        ("coffee", "name", "Monday Coffee"),
        ("gratitude", "prompts", []),
        ("checkin", "kind", "rng"),
    ],
)
def test_the_json_schema_refuses_what_the_loader_refuses(table: str, key: str, value: object) -> None:
    written = instance()
    (written[table] if table == "team" else written[table][0])[key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, json_schema())


def test_every_key_of_the_json_schema_has_a_description() -> None:
    schema = json_schema()
    for name, table in {"": schema, **schema["$defs"]}.items():
        for key, described in table["properties"].items():
            referred = schema["$defs"].get(described.get("$ref", "").rpartition("/")[2], {})
            assert described.get("description") or referred.get("description"), f"{name}.{key}"


# docs/config.md

TABLES: dict[str, type[Table]] = {
    "[team]": TeamConfig,
    "turn_weights": TurnWeights,
    "[retention]": RetentionConfig,
    "[[coffee]]": CoffeeConfig,
    "[[gratitude]]": GratitudeConfig,
    "[[checkin]]": CheckinConfig,
    "questions": Question,
}


def documented() -> Iterator[tuple[str, frozenset[str]]]:
    """The headings of docs/config.md, each with the keys in the first column of its table."""
    for section in re.split(r"^#+ ", Path("docs/config.md").read_text("utf-8"), flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        yield heading.strip("` "), frozenset(re.findall(r"^\| `(\w+)` ", body, re.MULTILINE))


def test_the_reference_names_every_key_and_no_other() -> None:
    sections = dict(documented())
    common = sections["Every ritual"]
    for heading, model in TABLES.items():
        ritual = model in RITUALS.values()
        assert sections[heading] | (common if ritual else frozenset()) == frozenset(model.keys()), heading


def test_the_reference_names_every_environment_variable() -> None:
    source = Path("bot/config/settings.py").read_text("utf-8")
    read = frozenset(re.findall(r'given(?:\.get\(|, )"([A-Z_]+)"', source))
    assert dict(documented())["Environment"] == read
    assert len(read) == 16


def test_a_check_starts_quickly_and_loads_no_more_than_it_needs() -> None:
    program = (
        "import sys; from pathlib import Path; from bot.config.loading import load;"
        "assert load(Path('kinkeeper.example.toml')).config;"
        "heavy = {'sqlalchemy', 'rapidfuzz', 'babel', 'asyncio', 'pydantic_settings'};"
        "print(*sorted(heavy.intersection(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.split() == []
