"""Whom a batch of deliveries reaches, where, and when they want it: read in a few queries for the whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import (
    Account,
    Channel,
    Conversation,
    Delivery,
    MatchMember,
    Member,
    RitualChannel,
    Round,
    Team,
    Workspace,
)
from bot.domain.attention import WEEK, Recipient
from bot.domain.messages import Person
from bot.domain.states import Attention, DeliveryState
from bot.ports import ToChannel, ToChat
from bot.services import settings

COUNTED = (Attention.PRIVATE, Attention.OPENING)
ARRIVED = (DeliveryState.SENT, DeliveryState.POSSIBLY_TWICE)


@dataclass(frozen=True, slots=True)
class Direct:
    """A person to be reached by a rung of their platform's ladder, near a channel where a rung needs one."""

    account: str
    rung: int
    near: str | None


@dataclass(frozen=True, slots=True)
class OpenChat:
    """A group conversation that does not exist yet."""

    match_id: int
    people: tuple[str, ...]
    near: str
    somebody_left: bool  # one of the match has no account any more, in any workspace

    @property
    def key(self) -> str:
        """What the conversation is called when it is asked for a second time."""
        return f"kinkeeper-match-{self.match_id}"


Where = ToChannel | ToChat | Direct | OpenChat


@dataclass(frozen=True, slots=True)
class Context:
    """What a batch needs to know of people and places."""

    team: Team
    workspaces: dict[int, Workspace]
    channels: dict[int, Channel]
    conversations: dict[tuple[int, int], str]  # (match, workspace) -> the platform's id
    matched: dict[int, list[int]]  # match -> its members
    near: dict[int, dict[int, str]]  # round -> workspace -> a channel of its ritual
    members: dict[int, Member]
    accounts: dict[tuple[int, int], Account]  # (member, workspace) -> account
    reached: dict[int, list[datetime]] = field(default_factory=dict)

    def recipients(self, delivery: Delivery) -> list[Recipient]:
        """Everybody a private delivery would reach; nobody for a channel post."""
        return [self._recipient(i, delivery.workspace_id) for i in self._reaches(delivery)]

    def count(self, delivery: Delivery, *, now: datetime) -> None:
        """Remember that this one is under way, for the budget of those that are looked at after it."""
        for member_id in self._reaches(delivery):
            self.reached[member_id].append(now)

    def _reaches(self, delivery: Delivery) -> Sequence[int]:
        if delivery.member_id is not None:
            return [delivery.member_id]
        if delivery.match_id is not None and delivery.channel_id is None:
            return self.matched.get(delivery.match_id, [])
        return []

    def _recipient(self, member_id: int, workspace_id: int) -> Recipient:
        account = self.accounts.get((member_id, workspace_id))
        hours = settings.hours(self.members[member_id], account.timezone if account else None, self.team)
        return Recipient(hours, self.reached.get(member_id, []))

    def address(self, delivery: Delivery) -> Where:
        """Where it goes."""
        if delivery.channel_id is not None:
            return ToChannel(self.channels[delivery.channel_id].handle)
        near = self.near.get(delivery.round_id or 0, {}).get(delivery.workspace_id)
        if delivery.member_id is not None:
            account = self.accounts.get((delivery.member_id, delivery.workspace_id))
            return Direct(account.handle if account else "", delivery.rung, near)
        if delivery.match_id is None:
            raise ValueError(f"delivery {delivery.id} goes nowhere")
        known = self.conversations.get((delivery.match_id, delivery.workspace_id))
        if known is not None:
            return ToChat(known)
        matched = self.matched[delivery.match_id]
        accounts = [self.accounts.get((m, delivery.workspace_id)) for m in matched]
        here = {member_id for member_id, _ in self.accounts}
        return OpenChat(
            delivery.match_id,
            tuple(a.handle for a in accounts if a is not None),
            near or "",
            somebody_left=any(m not in here for m in matched),
        )

    def person(self, member_id: int, workspace_id: int) -> Person:
        """A member as they are named in a workspace."""
        account = self.accounts.get((member_id, workspace_id))
        member = self.members.get(member_id)
        name = account.name if account else member.name if member else ""
        return Person(member_id, name, account.handle if account else "")

    async def people(self, session: AsyncSession, workspace_id: int, ids: set[int]) -> dict[int, Person]:
        """Names and handles of members by id."""
        await _read_people(session, self, ids - self.members.keys())
        return {i: self.person(i, workspace_id) for i in ids}


async def read_context(
    session: AsyncSession, team: Team, due: Sequence[Delivery], *, now: datetime
) -> Context:
    """All that claiming and sending `due` needs, in a fixed number of queries."""
    matches = {d.match_id for d in due if d.match_id is not None}
    channels = {d.channel_id for d in due if d.channel_id is not None}
    private = {
        d.round_id for d in due if d.channel_id is None and d.edits_id is None and d.round_id is not None
    }
    workspaces = await session.scalars(
        select(Workspace).where(Workspace.id.in_({d.workspace_id for d in due}))
    )
    context = Context(
        team=team,
        workspaces={w.id: w for w in workspaces},
        channels={},
        conversations={},
        matched=defaultdict(list),
        near=defaultdict(dict),
        members={},
        accounts={},
        reached=defaultdict(list),
    )
    if channels:
        for channel in await session.scalars(select(Channel).where(Channel.id.in_(channels))):
            context.channels[channel.id] = channel
    if matches:
        await _read_matches(session, context, matches)
    if private:
        await _read_nearby(session, context, private)
    ids = {d.member_id for d in due if d.member_id} | {m for ms in context.matched.values() for m in ms}
    await _read_people(session, context, ids)
    if any(d.attention is Attention.PRIVATE for d in due):
        await _read_reached(session, context, ids, now=now)
    return context


async def _read_matches(session: AsyncSession, context: Context, matches: set[int]) -> None:
    for each in await session.scalars(select(Conversation).where(Conversation.match_id.in_(matches))):
        context.conversations[each.match_id, each.workspace_id] = each.handle
    rows = await session.execute(
        select(MatchMember.match_id, MatchMember.member_id)
        .where(MatchMember.match_id.in_(matches))
        .order_by(MatchMember.id)
    )
    for match_id, member_id in rows:
        context.matched[match_id].append(member_id)


async def _read_nearby(session: AsyncSession, context: Context, rounds: set[int]) -> None:
    """A channel of each round's ritual in each workspace: the oldest."""
    rows = await session.execute(
        select(Round.id, Channel.workspace_id, Channel.handle)
        .join(RitualChannel, RitualChannel.ritual_id == Round.ritual_id)
        .join(Channel, Channel.id == RitualChannel.channel_id)
        .where(Round.id.in_(rounds), RitualChannel.active.is_(True))
        .order_by(Channel.id.desc())
    )
    for round_id, workspace_id, handle in rows:
        context.near[round_id][workspace_id] = handle


async def _read_people(session: AsyncSession, context: Context, ids: set[int]) -> None:
    if not ids:
        return
    rows = await session.execute(
        select(Member, Account)
        .outerjoin(Account, (Account.member_id == Member.id) & Account.active.is_(True))
        .where(Member.id.in_(ids))
        .order_by(Account.id)
    )
    for member, account in rows:
        context.members[member.id] = member
        if account is not None:
            context.accounts.setdefault((member.id, account.workspace_id), account)


async def _read_reached(session: AsyncSession, context: Context, ids: set[int], *, now: datetime) -> None:
    """When the bot's own private messages of the last seven days reached each member, in whichever conversation."""
    rows = await session.execute(
        select(Delivery.sent_at, Delivery.member_id, MatchMember.member_id)
        .outerjoin(MatchMember, (MatchMember.match_id == Delivery.match_id) & Delivery.member_id.is_(None))
        .where(
            Delivery.team_id == context.team.id,
            Delivery.sent_at > now - WEEK,
            Delivery.state.in_(ARRIVED),
            Delivery.attention.in_(COUNTED),
            Delivery.edits_id.is_(None),
            or_(Delivery.member_id.in_(ids), MatchMember.member_id.in_(ids)),
        )
    )
    for sent_at, direct, in_chat in rows:
        if sent_at is None:
            continue
        context.reached[direct if direct is not None else in_chat].append(sent_at)


async def names_of(session: AsyncSession, members: Sequence[int]) -> list[str]:
    """The members' names, in their order."""
    rows = await session.execute(select(Member.id, Member.name).where(Member.id.in_(members)))
    names = {member_id: name for member_id, name in rows}
    return [names[m] for m in members if m in names]
