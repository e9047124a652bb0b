"""What comes from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.settings import BadSetting, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({"PORT": "  ", "SLACK_BOT_TOKEN": ""})
    assert settings.config_path == Path("kinkeeper.toml")
    assert settings.database_url == "sqlite:///kinkeeper.db"
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8765, "info")
    assert settings.slack_bot_token is None


def test_the_database_is_beside_the_config() -> None:
    settings = Settings.from_environment({"KINKEEPER_CONFIG": "/srv/team/kinkeeper.toml"})
    assert settings.database_url == "sqlite:////srv/team/kinkeeper.db"


def test_a_config_named_on_the_command_line_goes_before_the_environment() -> None:
    settings = Settings.from_environment({"KINKEEPER_CONFIG": "a.toml"}, config_path=Path("there/b.toml"))
    assert settings.config_path == Path("there/b.toml")
    assert settings.database_url == "sqlite:///there/kinkeeper.db"


def test_the_address_of_the_database_is_kept_as_it_was_given() -> None:
    assert (
        Settings.from_environment({"DATABASE_URL": "postgres://db/kin"}).database_url == "postgres://db/kin"
    )


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORT", "abc", 'PORT is "abc". Expected a number from 0 to 65535'),
        ("PORT", "70000", "Expected a number from 0 to 65535"),
        ("PORT", "-1", "Expected a number from 0 to 65535"),
        ("PORT", "²", "Expected a number from 0 to 65535"),
        ("KINKEEPER_LOG", "loud", '"debug", "info"'),
        ("SLACK_API_URL", "slack.com/api", "SLACK_API_URL is no address"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", "begins with wss://"),
        ("SLACK_COMMAND_PREFIX", "/kin", 'such as "kin": the commands are then called /kin-coffee'),
        ("SLACK_COMMAND_PREFIX", "kin-", "Expected at most 20 letters, digits, hyphens and underscores"),
        ("SLACK_COMMAND_PREFIX", "our team", "Expected at most 20 letters"),
        ("SLACK_COMMAND_PREFIX", "k" * 21, "Expected at most 20 letters"),
        ("DISCORD_SHARD_COUNT", "two", "Expected how many shards there are in all, such as 4."),
        ("DISCORD_SHARD_COUNT", "0", "Expected how many shards there are in all"),
        ("DISCORD_SHARD_IDS", "0-1", "Expected the numbers of this process's shards, such as 0,1."),
        ("DISCORD_SHARD_IDS", "0", "is set without DISCORD_SHARD_COUNT"),
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


def test_what_is_secret_is_known_so_that_a_log_can_leave_it_out() -> None:
    settings = Settings.from_environment(
        {"DISCORD_TOKEN": "hush-token", "DATABASE_URL": "postgresql://ana:hush-pw@db/kin"}
    )
    assert set(settings.secrets) == {"hush-token", "hush-pw"}
    assert Settings.from_environment({"DATABASE_URL": "sqlite:///a.db"}).secrets == ()


def test_the_longest_prefix_still_makes_a_command_that_slack_takes() -> None:
    longest = Settings.from_environment({"SLACK_COMMAND_PREFIX": "K" * 20}).slack_command_prefix
    assert longest == "k" * 20  # Slack's commands are in small letters
    assert len(f"/{longest}-kinkeeper") <= 32


def test_a_platform_gets_what_is_set_of_its_variables_and_nothing_else() -> None:
    settings = Settings.from_environment(
        {"SLACK_BOT_TOKEN": " xoxb-1 ", "SLACK_COMMAND_PREFIX": "kin", "SLACK_APP_TOKEN": "", "HOST": "::1"}
        | {"DISCORD_TOKEN": "d", "KINKEEPER_SECRET_KEY": "hush", "SLACK_SOMETHING": "else"}
    )
    assert settings.platform_variables == {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_COMMAND_PREFIX": "kin",
        "DISCORD_TOKEN": "d",
    }


def test_a_process_may_connect_to_some_of_discords_shards() -> None:
    settings = Settings.from_environment({"DISCORD_SHARD_IDS": "2, 3,3", "DISCORD_SHARD_COUNT": "4"})
    assert (settings.discord_shard_ids, settings.discord_shard_count) == ((2, 3), 4)
    assert settings.platform_variables == {"DISCORD_SHARD_IDS": "2,3", "DISCORD_SHARD_COUNT": "4"}
    with pytest.raises(BadSetting, match=r"Of 4 shards the last is 3: they count from 0\."):
        Settings.from_environment({"DISCORD_SHARD_IDS": "1,4", "DISCORD_SHARD_COUNT": "4"})
