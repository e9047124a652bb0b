"""`/presence forget`: deletes what identifies a member in one step, repairs what goes on, keeps the team's totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import (
    Account,
    Delivery,
    Enrolment,
    Match,
    MatchMember,
    Member,
    Ritual,
    Round,
    Team,
    Thanks,
    Workspace,
)
from bot.domain.commands import Typed
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Day, Given, Message, Say, Values
from bot.domain.states import Attention, DeliveryState, Outcome, RitualState, RoundState
from bot.rituals.introductions import introduction
from bot.runtime import Runtime
from bot.services import retention, settings
from bot.services.asking import Asker, number, say
from bot.services.checkins import offers
from bot.services.coffee import matches
from bot.services.gratitude import thanks_copies
from bot.services.membership import day_of
from bot.services.outbox import Owed, as_document, owe_members
from bot.services.presence import forgotten
from bot.services.presence.erasing import Leaving, erase
from bot.services.remembering import remember
from bot.services.sorry import Sorry
from bot.services.stages import step_back

FORGET = "forget"  # what the button does


async def ask(asker: Asker, _typed: Typed) -> Message:
    """What goes, what stays, and the button that does it."""
    button = Button(action(FORGET, asker.member.id), Say("forget.button"), "danger")
    return Message(
        (
            Say("forget.goes"),
            Say("forget.stays"),
            Say("forget.elsewhere"),
            Say("forget.first", {"export": Code("/presence export"), "leave": Code("/coffee leave")}),
            Buttons((button,)),
        )
    )


async def by_button(asker: Asker, about: Sequence[str]) -> Message:
    """The button: only the one whom it is about can press it, and only on themselves."""
    if number(about) != asker.member.id:
        raise Sorry("forget.not_yours", forget=Code("/presence forget"))
    await forget(asker.session, asker.team, asker.member, now=asker.now)
    for account, kept_for in list(asker.known.filled):
        if account == asker.address:
            asker.known.empty(account, kept_for)
    return say("forget.done")


async def forget(session: AsyncSession, team: Team, member: Member, *, now: datetime) -> None:
    """Forget a member, in the transaction at hand. Afterwards `Sessions.wipe` makes it for good on SQLite.

    A nameless member takes over what the team's totals are counted from; nothing leads from it to who it was.
    """
    await settings.lock_team(session, team.id)
    accounts = (
        await session.execute(
            select(Account, Workspace)
            .join(Workspace, Workspace.id == Account.workspace_id)
            .where(Account.member_id == member.id)
        )
    ).all()
    nameless = Member(
        team_id=team.id,
        name="",
        timezone=None,
        working_hours=None,
        quiet_hours=None,
        zone_asked_at=None,
        joined_at=now,
        left_at=now,
    )
    session.add(nameless)
    await session.flush()
    await _leave_rotations(session, team, member, now=now)
    await _leave_matches(session, team, member, now=now)
    waited_for = await thanks_copies.hold_all(session, member.id)
    known_as = {member.name, *(a.name for a, _ in accounts), *(a.handle for a, _ in accounts)}
    await erase(session, team.id, Leaving(member.id, nameless.id, sorted(known_as)))
    await forgotten.remember(session, team, [(workspace, account.handle) for account, workspace in accounts])
    await session.flush()
    session.expunge_all()  # rows were changed behind its back; what hangs on the member goes with them
    await session.execute(delete(Member).where(Member.id == member.id))
    for thanks in (await session.scalars(select(Thanks).where(Thanks.id.in_(waited_for)))).all():
        await thanks_copies.post_if_settled(session, thanks, now=now)


async def _leave_rotations(session: AsyncSession, team: Team, member: Member, *, now: datetime) -> None:
    """They take part in nothing any more; a turn that is theirs at this moment is handed on."""
    member.left_at = now
    await session.execute(
        delete(Enrolment)
        .where(Enrolment.member_id == member.id)
        .execution_options(synchronize_session="fetch")
    )
    await session.flush()
    rituals = await session.scalars(
        select(Ritual)
        .where(Ritual.team_id == team.id, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    for ritual in rituals.all():
        await step_back(session, ritual, team, member.id, until=None, now=now)
    await offers.asked_has_left(session, member.id, now=now)
    await session.flush()


async def _leave_matches(session: AsyncSession, team: Team, member: Member, *, now: datetime) -> None:
    """Their open matches: of two, the other is told; of more, the others meet without them."""
    open_ = (
        await session.execute(
            select(Match, Round, Ritual)
            .join(MatchMember, MatchMember.match_id == Match.id)
            .join(Round, Round.id == Match.round_id)
            .join(Ritual, Ritual.id == Round.ritual_id)
            .where(
                MatchMember.member_id == member.id,
                Round.state == RoundState.OPEN,
                Match.outcome.in_((Outcome.UNKNOWN, Outcome.RESCHEDULED)),
            )
            .order_by(Match.id)
        )
    ).all()
    members = await matches.members_of(session, [match.id for match, _, _ in open_])
    for match, round_, ritual in open_:
        others = [m for m in members[match.id] if m != member.id]
        if len(others) == 1:
            await _tell_partner(session, team, ritual, round_, match, others[0], now=now)
        elif match.introduced_at is None:
            await _introduce_the_others(session, team, ritual, match, member.id, others, now=now)


async def _tell_partner(
    session: AsyncSession,
    team: Team,
    ritual: Ritual,
    round_: Round,
    match: Match,
    partner: int,
    *,
    now: datetime,
) -> None:
    """Who was introduced to them, or just is, hears that it will not come about; others, that there is no match."""
    values: Values = {"ritual": Given(ritual.name)}
    on_its_way = exists().where(
        Delivery.match_id == match.id, Delivery.what == "introduction", Delivery.attempts > 0
    )
    if match.introduced_at is not None or await session.scalar(select(on_its_way)):
        said = Say("forget.partner_left", values)
    elif ritual.next_round_at is not None:
        day = day_of(ritual.next_round_at, settings.zone(ritual, team))
        said = Say("coffee.no_match", {**values, "next": Day(day)})
    else:
        said = Say("coffee.no_match_last", values)
    owed = Owed(
        what="notice",
        once=f"left:{match.id}:{partner}",
        message=Message((said,)),
        due_at=now,
        attention=Attention.PRIVATE,
        useful_until=round_.close_at,
        round_id=round_.id,
    )
    await owe_members(session, team.id, {partner: owed}, now=now)


async def _introduce_the_others(
    session: AsyncSession,
    team: Team,
    ritual: Ritual,
    match: Match,
    leaving: int,
    others: Sequence[int],
    *,
    now: datetime,
) -> None:
    """A group that has not been introduced yet is introduced without the one who leaves."""
    await session.execute(
        delete(MatchMember).where(MatchMember.match_id == match.id, MatchMember.member_id == leaving)
    )
    shown = matches.view(match, others, ritual, team, now=now)
    waiting = await session.scalars(
        select(Delivery)
        .where(
            Delivery.match_id == match.id,
            Delivery.what == "introduction",
            Delivery.state == DeliveryState.PENDING,
            Delivery.edits_id.is_(None),
        )
        .with_for_update(key_share=True)
    )
    for delivery in waiting.all():
        delivery.message = as_document(introduction(shown))
    await session.flush()


async def for_good(runtime: Runtime) -> None:
    """After the transaction: nothing of it is left in a file or in memory."""
    await retention.wipe(runtime)
    await remember(runtime)
