"""What comes from the environment: secrets, addresses, and where to listen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config.spelling import one_of, quoted

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,18}[a-z0-9])?")
"""What may stand before the names of Slack's commands, so that "/PREFIX-kinkeeper" has no more than 32 characters."""


class BadSetting(ValueError):
    """An environment variable holds what it cannot hold; the text is a sentence for whoever set it."""

    exit_status = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment's settings. Its `repr` shows no secret, so that a log may hold it."""

    config_path: Path
    database_url: str = field(repr=False)  # as it was given; it may hold a password
    host: str
    port: int  # 0: whichever is free
    log_level: str
    secret_key: str | None = field(default=None, repr=False)
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_url: str | None = field(default=None, repr=False)
    slack_command_prefix: str | None = None  # "kin": the commands are called /kin-coffee and so on
    discord_token: str | None = field(default=None, repr=False)
    discord_api_url: str | None = field(default=None, repr=False)
    discord_gateway_url: str | None = field(default=None, repr=False)
    discord_shard_ids: tuple[int, ...] | None = None  # those that this process connects; None: all
    discord_shard_count: int | None = None  # over all processes; None: as many as Discord asks for

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, wherever it turns up: tokens, and the password in the database's address."""
        password = re.search(r"://[^/@:]*:([^/]*)@", self.database_url)
        held = (
            self.secret_key,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.discord_token,
            password[1] if password else None,
        )
        return tuple(each for each in held if each)

    @property
    def platform_variables(self) -> Mapping[str, str]:
        """What is set of the variables of the chat platforms, by name."""
        held = {
            "SLACK_BOT_TOKEN": self.slack_bot_token,
            "SLACK_APP_TOKEN": self.slack_app_token,
            "SLACK_SIGNING_SECRET": self.slack_signing_secret,
            "SLACK_API_URL": self.slack_api_url,
            "SLACK_COMMAND_PREFIX": self.slack_command_prefix,
            "DISCORD_TOKEN": self.discord_token,
            "DISCORD_API_URL": self.discord_api_url,
            "DISCORD_GATEWAY_URL": self.discord_gateway_url,
            "DISCORD_SHARD_IDS": ",".join(map(str, self.discord_shard_ids or ())),
            "DISCORD_SHARD_COUNT": str(self.discord_shard_count or ""),
        }
        return {name: value for name, value in held.items() if value}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, config_path: Path | None = None) -> Settings:
        """The settings of an environment such as `os.environ`; an empty variable counts as not set.

        `config_path`, said elsewhere, goes before KINKEEPER_CONFIG. BadSetting on the first bad one.
        """
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        shard_ids, shard_count = _shards(given)
        path = config_path or Path(given.get("KINKEEPER_CONFIG", "kinkeeper.toml"))
        return cls(
            config_path=path,
            database_url=given.get("DATABASE_URL") or f"sqlite:///{path.parent / 'kinkeeper.db'}",
            host=given.get("HOST", "127.0.0.1"),
            port=_port(given.get("PORT", "8765")),
            log_level=_log_level(given.get("KINKEEPER_LOG", "info")),
            secret_key=given.get("KINKEEPER_SECRET_KEY"),
            slack_bot_token=given.get("SLACK_BOT_TOKEN"),
            slack_app_token=given.get("SLACK_APP_TOKEN"),
            slack_signing_secret=given.get("SLACK_SIGNING_SECRET"),
            slack_api_url=_address(given, "SLACK_API_URL", schemes=("http", "https")),
            slack_command_prefix=_prefix(given.get("SLACK_COMMAND_PREFIX")),
            discord_token=given.get("DISCORD_TOKEN"),
            discord_api_url=_address(given, "DISCORD_API_URL", schemes=("http", "https")),
            discord_gateway_url=_address(given, "DISCORD_GATEWAY_URL", schemes=("ws", "wss")),
            discord_shard_ids=shard_ids,
            discord_shard_count=shard_count,
        )


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise BadSetting(f"PORT is {quoted(text)}. Expected a number from 0 to 65535, such as 8765.")
    return int(text)


def _shards(given: Mapping[str, str]) -> tuple[tuple[int, ...] | None, int | None]:
    """Which of how many parts of Discord's servers this process connects to."""
    counted, listed = given.get("DISCORD_SHARD_COUNT"), given.get("DISCORD_SHARD_IDS")
    if counted is not None and not (re.fullmatch(r"[0-9]{1,5}", counted) and int(counted) > 0):
        raise BadSetting(
            f"DISCORD_SHARD_COUNT is {quoted(counted)}. Expected how many shards there are in all, such as 4."
        )
    count = None if counted is None else int(counted)
    if listed is None:
        return None, count
    if not re.fullmatch(r"[0-9]{1,5}(?:\s*,\s*[0-9]{1,5})*", listed):
        raise BadSetting(
            f"DISCORD_SHARD_IDS is {quoted(listed)}. Expected the numbers of this process's shards, such as 0,1."
        )
    ids = tuple(dict.fromkeys(int(each) for each in listed.split(",")))
    if count is None:
        raise BadSetting(
            "DISCORD_SHARD_IDS is set without DISCORD_SHARD_COUNT, which says how many there are in all."
        )
    if max(ids) >= count:
        raise BadSetting(
            f"DISCORD_SHARD_IDS is {quoted(listed)}. Of {count} shards the last is {count - 1}: they count from 0."
        )
    return ids, count


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise BadSetting(f"KINKEEPER_LOG is {quoted(text)}. Expected {one_of(LOG_LEVELS)}.")
    return text.lower()


def command_prefix(text: str, *, said: str) -> str:
    """A prefix for the names of commands; BadSetting, which says where it was `said`, for what no command can have."""
    prefix = text.strip().lower()
    if not PREFIX.fullmatch(prefix):
        raise BadSetting(
            f"{said} is {quoted(text)}. Expected at most 20 letters, digits, hyphens and underscores, such as "
            f"{quoted('kin')}: the commands are then called /kin-coffee and so on."
        )
    return prefix


def _prefix(text: str | None) -> str | None:
    return None if text is None else command_prefix(text, said="SLACK_COMMAND_PREFIX")


def _address(given: Mapping[str, str], name: str, *, schemes: tuple[str, ...]) -> str | None:
    address = given.get(name)
    if address is not None and not re.fullmatch(rf"(?:{'|'.join(schemes)})://[^\s/]+\S*", address):
        raise BadSetting(f"{name} is no address. Expected one that begins with {schemes[-1]}://.")
    return address
