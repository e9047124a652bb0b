"""Whom the operator means on the command line: an account, or a name that only one member has."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Member, Team, Workspace
from bot.domain.commands import nearest
from bot.domain.messages import Given
from bot.services.sorry import Sorry
from bot.services.teams import MAIN


async def the_team(session: AsyncSession) -> Team:
    """The team of the database, whatever its config says at the moment; Sorry if there is none yet."""
    team: Team | None = await session.scalar(select(Team).where(Team.key == MAIN))
    if team is None:
        raise Sorry("whose.no_team")
    return team


async def member_meant(session: AsyncSession, team: Team, typed: str) -> Member:
    """The member who has the account `platform:account` or alone has the name; Sorry with the nearest otherwise."""
    rows = (
        await session.execute(
            select(Member, Account, Workspace.platform)
            .join(Account, Account.member_id == Member.id)
            .join(Workspace, Workspace.id == Account.workspace_id)
            .where(Member.team_id == team.id)
            .order_by(Member.id, Account.id)
        )
    ).all()
    wanted = typed.strip().removeprefix("@").casefold()
    accounts = {f"{platform}:{account.handle}": member for member, account, platform in rows}
    if exact := [member for address, member in accounts.items() if address.casefold() == wanted]:
        return exact[0]
    named = {m.id: m for m, a, _ in rows if wanted in (m.name.casefold(), a.name.casefold())}
    if len(named) == 1:
        return next(iter(named.values()))
    if named:
        which = ", ".join(address for address, member in accounts.items() if member.id in named)
        raise Sorry("whose.several", typed=Given(typed), accounts=Given(which))
    guess = nearest(typed, [*accounts] if ":" in typed else [m.name for m, _, _ in rows])
    if guess:
        raise Sorry("whose.unknown_guess", typed=Given(typed), guess=Given(guess))
    raise Sorry("whose.unknown", typed=Given(typed))
