"""Who did something on Discord, and in which of the team's servers."""

from __future__ import annotations

from typing import Protocol

import structlog

from adapters.discord import people
from adapters.discord.once import FAILURES
from adapters.discord.places import Places
from adapters.discord.responding import Interaction
from bot.domain.interactions import Actor
from bot.ports import NeedsAdmin

log = structlog.get_logger(__name__)


class Here(Protocol):
    """What it takes of the platform to know that."""

    name: str
    places: Places


class Who:
    """Knows people as those who act."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def provisional(self, interaction: Interaction) -> Actor:
        """Who acted, as far as can be said without asking anybody."""
        user = interaction.user
        return Actor(self._here.name, str(interaction.guild_id or ""), str(user.id), user.display_name)

    def is_elsewhere(self, interaction: Interaction) -> bool:
        """Whether it happened in a server that is not the team's."""
        served = self._here.places.served
        return bool(interaction.guild_id and served and str(interaction.guild_id) not in served)

    async def acted(self, interaction: Interaction) -> Actor | None:
        """Who acted, in a server of the team's; in a direct conversation, in one that they share with the bot."""
        locale = str(interaction.locale)
        if interaction.guild_id is None:
            return await self.somebody(str(interaction.user.id), locale=locale)
        if self.is_elsewhere(interaction):
            return None
        may = interaction.permissions
        return Actor(
            self._here.name,
            str(interaction.guild_id),
            str(interaction.user.id),
            interaction.user.display_name,
            may.administrator or may.manage_guild,
            locale=locale,
        )

    async def somebody(self, account: str, *, locale: str = "") -> Actor | None:
        """Somebody in a direct conversation, as the first server that knows them does; None where none does.

        One of the port's failures where a server could not be asked, and no other knows them.
        """
        problem: Exception | None = None
        for workspace in self._here.places.shared():
            try:
                found = await people.profile(self._here.places.guild(workspace), account)
            except NeedsAdmin:
                continue  # the bot is not in it any more
            except FAILURES as failure:
                problem = failure
                continue
            if found is not None:
                return Actor(self._here.name, workspace, account, found.name, found.is_admin, locale=locale)
        if problem is not None:
            raise problem
        log.info("not_of_a_served_server")
        return None
