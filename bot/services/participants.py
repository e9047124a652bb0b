"""Who takes part in a ritual, and who is there for a round of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Avoidance, Enrolment, Member, Pause, Ritual, Round, SignUp, Team
from bot.domain.hours import Hours
from bot.domain.pairs import Pair, pair
from bot.domain.states import Choice
from bot.services import away, settings


@dataclass(frozen=True, slots=True)
class Participant:
    """A member who takes part in a ritual, and why they are not there this time (a key of the catalogue), if so."""

    member: Member
    enrolment: Enrolment
    account: Account | None
    hours: Hours
    absent: str | None

    @property
    def id(self) -> int:
        """The member's id."""
        return self.member.id


async def participants(
    session: AsyncSession, ritual: Ritual, team: Team, *, at: datetime, round_: Round | None = None
) -> list[Participant]:
    """Everybody who takes part, in the order they came, with who is away at `at` (UTC).

    For a ritual that asks before each round, only a yes to `round_` takes part.
    """
    rules = settings.rules(ritual)
    rows = await session.execute(
        select(Enrolment, Member)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Enrolment.ritual_id == ritual.id, Member.left_at.is_(None))
        .order_by(Member.id)
    )
    enrolled = [(e, m) for e, m in rows if takes_part(e, rules.members)]
    accounts: dict[int, Account] = {}
    for account in await session.scalars(
        select(Account).where(Account.team_id == team.id, Account.active.is_(True)).order_by(Account.id)
    ):
        accounts.setdefault(account.member_id, account)
    paused = set(
        await session.scalars(
            select(Pause.member_id).where(
                Pause.team_id == team.id,
                or_(Pause.ritual_id == ritual.id, Pause.ritual_id.is_(None)),
                Pause.started_at <= at,
                Pause.paused_until > at,
            )
        )
    )
    signed: dict[int, bool] = {}
    if rules.members == "each-round" and round_ is not None:
        said = await session.execute(
            select(SignUp.member_id, SignUp.takes_part).where(SignUp.round_id == round_.id)
        )
        signed = {member: takes for member, takes in said}
    asked = rules.members == "each-round" and round_ is not None
    counts = settings.team_rules(team).away

    def absence(enrolment: Enrolment, member: Member, account: Account | None, hours: Hours) -> str | None:
        if account is None:
            return "absence.gone"
        if member.id in paused:
            return "absence.paused"
        if enrolment.skips_next:
            return "absence.skips"
        if away.is_away(account, hours, at=at, counts=counts):
            return "absence.away"
        if asked and not signed.get(member.id, False):
            return "absence.said_no" if member.id in signed else "absence.not_signed_up"
        return None

    def participant(enrolment: Enrolment, member: Member) -> Participant:
        account = accounts.get(member.id)
        hours = settings.hours(member, account.timezone if account else None, team)
        return Participant(member, enrolment, account, hours, absence(enrolment, member, account, hours))

    return [participant(e, m) for e, m in enrolled]


def takes_part(enrolment: Enrolment, members: str) -> bool:
    """Whether a member takes part, by the ritual's `members` rule and their own word."""
    if enrolment.choice is not None:
        return enrolment.choice is Choice.JOINED
    return members != "opt-in" and enrolment.in_channel


async def avoided(session: AsyncSession, ritual: Ritual) -> frozenset[Pair]:
    """The pairs of a ritual of which one avoids the other. For matching alone: it is shown to nobody."""
    rows = await session.execute(
        select(Avoidance.member_id, Avoidance.other_id).where(Avoidance.ritual_id == ritual.id)
    )
    return frozenset(pair(a, b) for a, b in rows)


def present(people: Sequence[Participant]) -> list[Participant]:
    """Those who are there."""
    return [p for p in people if p.absent is None]
