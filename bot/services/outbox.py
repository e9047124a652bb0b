"""What we owe people: a message is owed in the transaction that causes it, then claimed, sent, and settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.inserting import insert_into
from bot.db.models import Account, Channel, Delivery, MatchMember, RitualChannel
from bot.domain.messages import Message, from_json, to_json
from bot.domain.states import Attention, DeliveryState

COPIED = (DeliveryState.SPLIT, DeliveryState.FAILED)
"""A group message in one of these states went to each person instead, if it was to a group at all."""

_OWES = "owes"


@dataclass(frozen=True, slots=True)
class Owed:
    """One message that is owed. `once` is what it is for: the same `once` again is the same message."""

    what: str
    once: str
    message: Message
    due_at: datetime
    attention: Attention
    useful_until: datetime | None = None
    round_id: int | None = None
    match_id: int | None = None  # the match it is about
    thanks_id: int | None = None  # the thanks it brings
    asked_for: bool = False  # an answer to what they have just asked: it queues behind nothing that waits


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a delivery goes, and which earlier ones it belongs to."""

    workspace_id: int
    lane: str
    channel_id: int | None = None
    member_id: int | None = None
    edits_id: int | None = None
    part_of_id: int | None = None


async def owe_members(
    session: AsyncSession,
    team_id: int,
    owed: Mapping[int, Owed],
    *,
    avoid: Collection[int] = (),
    now: datetime,
) -> None:
    """Owe direct messages, by member. A member without an account any more is owed nothing.

    It goes to their oldest account; to one in a workspace to `avoid` (an id) only where they have no other.
    """
    rows = await session.execute(
        select(Account.member_id, Account.workspace_id)
        .where(Account.member_id.in_(owed), Account.active.is_(True))
        .order_by(Account.workspace_id.not_in(avoid), Account.id.desc())  # the last one counts
    )
    places = {
        member_id: _Place(
            workspace_id, _lane_of(member_id, workspace_id, owed[member_id]), member_id=member_id
        )
        for member_id, workspace_id in rows
    }
    await _write(session, team_id, [(owed[m], place) for m, place in sorted(places.items())], now=now)


async def owe_channel(
    session: AsyncSession, team_id: int, channel_id: int, owed: Owed, *, now: datetime
) -> None:
    """Owe a channel post."""
    channel = await session.get_one(Channel, channel_id)
    place = _Place(channel.workspace_id, f"channel:{channel_id}", channel_id=channel_id)
    await _write(session, team_id, [(owed, place)], now=now)


async def owe_ritual(
    session: AsyncSession, team_id: int, ritual_id: int, owed: Owed, *, now: datetime
) -> None:
    """Owe a post in every channel of a ritual."""
    channels = await session.scalars(
        select(RitualChannel.channel_id)
        .where(RitualChannel.ritual_id == ritual_id, RitualChannel.active.is_(True))
        .order_by(RitualChannel.channel_id)
    )
    for channel_id in channels.all():
        await owe_channel(
            session, team_id, channel_id, replace(owed, once=f"{owed.once}:{channel_id}"), now=now
        )


async def owe_chats(
    session: AsyncSession,
    team_id: int,
    owed: Mapping[int, Owed],
    *,
    only: int | None = None,
    now: datetime,
) -> None:
    """Owe messages to matches' group conversations, by match; one in every workspace its members are in.

    With `only`, the id of a workspace, in no other.
    """
    rows = await session.execute(
        select(MatchMember.match_id, Account.workspace_id)
        .join(Account, Account.member_id == MatchMember.member_id)
        .where(MatchMember.match_id.in_(owed), Account.active.is_(True))
        .distinct()
        .order_by(MatchMember.match_id, Account.workspace_id)
    )
    placed = [
        (
            replace(owed[match_id], once=f"{owed[match_id].once}:{workspace_id}", match_id=match_id),
            _Place(workspace_id, f"match:{match_id}:{workspace_id}"),
        )
        for match_id, workspace_id in rows
        if only in (None, workspace_id)
    ]
    await _write(session, team_id, placed, now=now)


async def owe_copies(session: AsyncSession, original: Delivery, *, now: datetime) -> None:
    """Owe each person of a match their own copy of a message that could not go to all of them together."""
    members = await session.scalars(
        select(MatchMember.member_id)
        .where(MatchMember.match_id == original.match_id)
        .order_by(MatchMember.id)
    )
    copy = Owed(
        what=original.what,
        once="",
        message=from_json(original.message),
        due_at=now,
        attention=original.attention,
        useful_until=original.useful_until,
        round_id=original.round_id,
        match_id=original.match_id,
    )
    placed = [
        (
            replace(copy, once=f"{original.once}:member:{member_id}"),
            _Place(
                original.workspace_id,
                _lane_of(member_id, original.workspace_id, copy),
                member_id=member_id,
                part_of_id=original.id,
            ),
        )
        for member_id in members.all()
    ]
    await _write(session, original.team_id, placed, now=now)


async def owe_edits(
    session: AsyncSession, originals: Iterable[Delivery], message: Message, *, now: datetime
) -> None:
    """Owe that messages which went out (or are about to) say `message` from now on; the newest version wins.

    A message without parts takes them away: what went out is removed, what has not is not sent at all.
    """
    for original in originals:
        if original.state in COPIED:
            copies = await session.scalars(
                select(Delivery)
                .where(Delivery.part_of_id == original.id, Delivery.edits_id.is_(None))
                .order_by(Delivery.id)
                .with_for_update(key_share=True)
            )
            await owe_edits(session, copies.all(), message, now=now)
        elif original.state is DeliveryState.PENDING and not original.attempts:
            original.message = as_document(message)
            if not message.parts:
                original.state, original.problem = DeliveryState.EXPIRED, None
        elif original.state is DeliveryState.SENT and original.sent_as is None:
            continue  # they were mentioned without content, so there is nothing to change
        elif original.state in (DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.POSSIBLY_TWICE):
            versions = await session.scalar(select(func.count()).where(Delivery.edits_id == original.id))
            edit = Owed(
                what="edit",
                once=f"edit:{original.id}:{versions}",
                message=message,
                due_at=now,
                attention=Attention.FREE,
                round_id=original.round_id,
                match_id=original.match_id,
                thanks_id=original.thanks_id,
            )
            place = _Place(
                original.workspace_id,
                original.lane,
                channel_id=original.channel_id,
                member_id=original.member_id,
                edits_id=original.id,
            )
            await _write(session, original.team_id, [(edit, place)], now=now)


async def withdraw(session: AsyncSession, match_id: int, whats: Sequence[str]) -> None:
    """What is owed about a match and was not tried yet is of no use any more: somebody has spoken."""
    await session.execute(
        update(Delivery)
        .where(
            Delivery.match_id == match_id,
            Delivery.what.in_(whats),
            Delivery.edits_id.is_(None),
            Delivery.state == DeliveryState.PENDING,
            Delivery.attempts == 0,
        )
        .values(state=DeliveryState.EXPIRED, problem=None)
        .execution_options(synchronize_session=False)
    )


async def said_so_far(session: AsyncSession, match_id: int, what: str) -> int:
    """How many messages of a kind were owed about a match."""
    return (
        await session.scalar(select(func.count()).where(Delivery.match_id == match_id, Delivery.what == what))
        or 0
    )


async def _write(
    session: AsyncSession, team_id: int, placed: Sequence[tuple[Owed, _Place]], *, now: datetime
) -> None:
    """Write deliveries down, but for those whose `once` is there already: the database says so."""
    if not placed:
        return
    rows = [
        {
            "team_id": team_id,
            "workspace_id": place.workspace_id,
            "round_id": owed.round_id,
            "channel_id": place.channel_id,
            "member_id": place.member_id,
            "match_id": owed.match_id,
            "thanks_id": owed.thanks_id,
            "edits_id": place.edits_id,
            "part_of_id": place.part_of_id,
            "what": owed.what,
            "once": owed.once,
            "lane": place.lane,
            "attention": owed.attention,
            "message": as_document(owed.message),
            "owed_at": now,
            "due_at": owed.due_at,
            "useful_until": owed.useful_until,
            "state": DeliveryState.PENDING,
            "attempts": 0,
            "rung": 0,
            "emptied": False,
        }
        for owed, place in placed
    ]
    statement = insert_into(session, Delivery).on_conflict_do_nothing(index_elements=["team_id", "once"])
    connection = await session.connection()
    await connection.execute(statement, rows)
    session.info[_OWES] = True


def owes(session: AsyncSession) -> bool:
    """Whether something was owed in this session, so that it is worth looking for what is to be sent."""
    return _OWES in session.info


def _lane_of(member_id: int, workspace_id: int, owed: Owed) -> str:
    """People's own words do not queue behind the bot's, which may wait for a quiet week; nor does an answer.

    What is said to somebody in another workspace does not either: that one may be shut.
    """
    if owed.asked_for or owed.attention is Attention.ANSWER:
        return f"member:{member_id}:{workspace_id}:asked"
    return f"member:{member_id}:{workspace_id}:{'words' if owed.attention is Attention.WORDS else 'bot'}"


def as_document(message: Message) -> dict[str, object]:
    """A message as the outbox keeps it."""
    document = to_json(message)
    if not isinstance(document, dict):
        raise TypeError("a message is a JSON object")
    return document
