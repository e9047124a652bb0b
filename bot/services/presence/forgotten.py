"""Who had themselves forgotten stays so: no roster brings them back; only they themselves do, by acting again."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Account, Forgotten, Team, Workspace
from bot.ports import Profile


def mark(team: Team, workspace: Workspace, account: str) -> str:
    """A keyed hash of an account: whoever has only the marks cannot tell whose they are."""
    address = f"{workspace.platform}:{workspace.handle}:{account}".encode("utf-8", "replace")
    return hmac.new(str(team.seed).encode(), address, sha256).hexdigest()


async def remember(session: AsyncSession, team: Team, accounts: Sequence[tuple[Workspace, str]]) -> None:
    """Mark accounts as those of somebody who had themselves forgotten."""
    for workspace, handle in accounts:
        row = {"team_id": team.id, "mark": mark(team, workspace, handle)}
        await session.execute(
            insert_into(session, Forgotten)
            .values(row)
            .on_conflict_do_nothing(index_elements=["team_id", "mark"])
        )


async def without(session: AsyncSession, workspace: Workspace, people: Sequence[Profile]) -> list[Profile]:
    """The people of a channel without those who had themselves forgotten."""
    marks = set(await session.scalars(select(Forgotten.mark).where(Forgotten.team_id == workspace.team_id)))
    if not marks:
        return list(people)
    team = await session.get_one(Team, workspace.team_id)
    known = set(await session.scalars(select(Account.handle).where(Account.workspace_id == workspace.id)))
    return [p for p in people if p.id in known or mark(team, workspace, p.id) not in marks]


async def lift(session: AsyncSession, workspace: Workspace, account: str) -> None:
    """Somebody acts again: they are known from now on, as somebody new."""
    team = await session.get_one(Team, workspace.team_id)
    await session.execute(
        delete(Forgotten).where(
            Forgotten.team_id == team.id, Forgotten.mark == mark(team, workspace, account)
        )
    )
