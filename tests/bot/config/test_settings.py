"""What comes from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.settings import BadSetting, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({"PORT": "  ", "SLACK_BOT_TOKEN": ""})
    assert settings.config_path == Path("kinkeeper.toml")
    assert settings.database_url == "sqlite+aiosqlite:///kinkeeper.db"
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8765, "info")
    assert settings.slack_bot_token is None


def test_the_database_is_beside_the_config() -> None:
    settings = Settings.from_environment({"KINKEEPER_CONFIG": "/srv/team/kinkeeper.toml"})
    assert settings.database_url == "sqlite+aiosqlite:////srv/team/kinkeeper.db"


def test_a_config_named_on_the_command_line_goes_before_the_environment() -> None:
    settings = Settings.from_environment({"KINKEEPER_CONFIG": "a.toml"}, config_path=Path("there/b.toml"))
    assert settings.config_path == Path("there/b.toml")
    assert settings.database_url == "sqlite+aiosqlite:///there/kinkeeper.db"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://ana:pw@db:5432/kin", "postgresql+psycopg://ana:pw@db:5432/kin"),
        ("postgresql://db/kin?sslmode=require", "postgresql+psycopg://db/kin?sslmode=require"),
        ("postgresql+psycopg://db/kin", "postgresql+psycopg://db/kin"),
        ("sqlite:////var/lib/kin.db", "sqlite+aiosqlite:////var/lib/kin.db"),
        ("sqlite+aiosqlite:///kin.db", "sqlite+aiosqlite:///kin.db"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ],
)
def test_database_addresses_become_those_of_the_asynchronous_drivers(given: str, used: str) -> None:
    assert Settings.from_environment({"DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORT", "abc", 'PORT is "abc". Expected a number from 0 to 65535'),
        ("PORT", "70000", "Expected a number from 0 to 65535"),
        ("PORT", "-1", "Expected a number from 0 to 65535"),
        ("PORT", "²", "Expected a number from 0 to 65535"),
        ("KINKEEPER_LOG", "loud", '"debug", "info"'),
        ("DATABASE_URL", "mysql://db/kin", "postgresql://"),
        ("DATABASE_URL", "kinkeeper.db", "sqlite:///kinkeeper.db"),
        ("DATABASE_URL", "sqlite://kinkeeper.db", "sqlite:///kinkeeper.db"),
        ("SLACK_API_URL", "slack.com/api", "SLACK_API_URL is no address"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", "begins with wss://"),
    ],
)
def test_a_bad_value_is_refused_with_what_was_expected(variable: str, value: str, says: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({variable: value})
    assert variable in str(refused.value)
    assert says in str(refused.value)


def test_no_secret_is_shown() -> None:
    names = (
        "KINKEEPER_SECRET_KEY",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DISCORD_TOKEN",
    )
    settings = Settings.from_environment(
        {name: f"hush-{name}" for name in names} | {"DATABASE_URL": "postgresql://ana:hush-pw@db/kin"}
    )
    assert settings.discord_token == "hush-DISCORD_TOKEN"
    assert settings.slack_signing_secret == "hush-SLACK_SIGNING_SECRET"
    assert settings.secret_key == "hush-KINKEEPER_SECRET_KEY"
    assert "hush" not in repr(settings) + str(settings) + f"{settings}"


def test_a_password_in_a_refused_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({"DATABASE_URL": "mysql://ana:hush@db/kin"})
    assert "hush" not in str(refused.value)
