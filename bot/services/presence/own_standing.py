"""What is kept about who a member is and how they stand to the rituals: their own rows, as shown and exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Avoidance, Enrolment, Member, Pause, Ritual, Round, SignUp, Team, Workspace
from bot.domain.messages import Code, Day, Given, Line, Person, Say, Value
from bot.domain.own_data import Kind, Row
from bot.services import away, settings
from bot.services.membership import day_of

NAMELESS = "somebody who left"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose rows are read, and what it takes to show them."""

    session: AsyncSession
    team: Team
    member: Member
    zone: str
    names: Mapping[int, str]  # of everybody, by member id
    rituals: Mapping[int, str]

    def day(self, at: datetime) -> Day:
        """The day in their zone."""
        return Day(day_of(at, self.zone))

    def name(self, member_id: int) -> str:
        """What a member is called in an export."""
        return self.names.get(member_id) or NAMELESS

    def ritual(self, ritual_id: int | None) -> str:
        """What a ritual is called; "" for none in particular."""
        return self.rituals.get(ritual_id or 0, "")


async def whose(session: AsyncSession, team: Team, member: Member) -> Whose:
    """Read what is needed to show somebody's rows."""
    names = await session.execute(select(Member.id, Member.name).where(Member.team_id == team.id))
    rituals = await session.execute(select(Ritual.id, Ritual.name).where(Ritual.team_id == team.id))
    zone = await session.scalar(
        select(Account.timezone)
        .where(Account.member_id == member.id, Account.active.is_(True))
        .order_by(Account.id)
        .limit(1)
    )
    return Whose(
        session,
        team,
        member,
        settings.member_zone(member, zone, team),
        {member_id: name for member_id, name in names},
        {ritual_id: name for ritual_id, name in rituals},
    )


def line(key: str, **values: Value | Say) -> Line:
    """One line of `mydata`."""
    return Line(Say(key, values))


def iso(at: datetime | None) -> str | None:
    """An instant in an export: ISO 8601 with offset."""
    return at.isoformat() if at is not None else None


async def standing(of: Whose) -> list[Kind]:
    """Name, accounts, rituals, breaks, whom they avoid, what they signed up for."""
    return [
        Kind("you", [_you(of.member)]),
        await _accounts(of),
        await _enrolments(of),
        await _pauses(of),
        await _avoidances(of),
        await _sign_ups(of),
    ]


def _you(member: Member) -> Row:
    unset = Say("mydata.not_set")
    shown = line(
        "mydata.you_line",
        name=Given(member.name),
        timezone=Code(member.timezone) if member.timezone else unset,
        quiet=Code(member.quiet_hours) if member.quiet_hours else unset,
    )
    fields = {
        "name": member.name,
        "timezone": member.timezone,
        "working_hours": member.working_hours,
        "quiet_hours": member.quiet_hours,
        "zone_asked_at": iso(member.zone_asked_at),
        "joined_at": iso(member.joined_at),
        "left_at": iso(member.left_at),
    }
    return Row((shown,), fields)


async def _accounts(of: Whose) -> Kind:
    rows = await of.session.execute(
        select(Account, Workspace)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(Account.member_id == of.member.id)
        .order_by(Account.id.desc())
    )
    return Kind(
        "accounts",
        [
            Row(
                (line("mydata.account", name=Given(a.name), account=Code(f"{w.platform}:{a.handle}")),),
                {
                    "platform": w.platform,
                    "workspace": w.handle,
                    "account": a.handle,
                    "name": a.name,
                    "timezone": a.timezone,
                    "locale": a.locale,
                    "is_guest": a.is_guest,
                    "is_admin": a.is_admin,
                    "away": away.written(a),
                    "active": a.active,
                },
            )
            for a, w in rows
        ],
    )


async def _enrolments(of: Whose) -> Kind:
    rows = await of.session.scalars(
        select(Enrolment)
        .where(Enrolment.member_id == of.member.id)
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )
    return Kind(
        "rituals",
        [
            Row(
                (line("mydata.ritual", ritual=Given(of.ritual(e.ritual_id)), day=of.day(e.enrolled_at)),),
                {
                    "ritual": of.ritual(e.ritual_id),
                    "since": iso(e.enrolled_at),
                    "in_channel": e.in_channel,
                    "said": e.choice.value if e.choice else None,
                    "skips_next": e.skips_next,
                    "prefers": e.prefers,
                },
            )
            for e in rows
        ],
    )


async def _pauses(of: Whose) -> Kind:
    rows = await of.session.scalars(
        select(Pause).where(Pause.member_id == of.member.id).order_by(Pause.paused_until.desc())
    )
    return Kind(
        "pauses",
        [
            Row(
                (
                    line("me.pause_all", day=of.day(p.paused_until))
                    if p.ritual_id is None
                    else line("me.pause", ritual=Given(of.ritual(p.ritual_id)), day=of.day(p.paused_until)),
                ),
                {
                    "ritual": of.ritual(p.ritual_id) or None,
                    "since": iso(p.started_at),
                    "until": iso(p.paused_until),
                },
            )
            for p in rows
        ],
    )


async def _avoidances(of: Whose) -> Kind:
    """Whom they avoid; who avoids them is somebody else's row."""
    rows = await of.session.scalars(
        select(Avoidance).where(Avoidance.member_id == of.member.id).order_by(Avoidance.id.desc())
    )
    return Kind(
        "avoidances",
        [
            Row(
                (
                    line(
                        "mydata.avoidance",
                        person=Person(a.other_id),
                        ritual=Given(of.ritual(a.ritual_id)),
                    ),
                ),
                {"person": of.name(a.other_id), "ritual": of.ritual(a.ritual_id)},
            )
            for a in rows
        ],
    )


async def _sign_ups(of: Whose) -> Kind:
    rows = await of.session.execute(
        select(SignUp.takes_part, Round.scheduled_for, Round.ritual_id)
        .join(Round, Round.id == SignUp.round_id)
        .where(SignUp.member_id == of.member.id)
        .order_by(Round.scheduled_for.desc())
    )
    return Kind(
        "sign_ups",
        [
            Row(
                (
                    line(
                        "mydata.signed_in" if takes_part else "mydata.signed_out",
                        ritual=Given(of.ritual(ritual_id)),
                        day=of.day(at),
                    ),
                ),
                {"ritual": of.ritual(ritual_id), "round": iso(at), "takes_part": takes_part},
            )
            for takes_part, at, ritual_id in rows
        ],
    )
