"""The copies of thanks: first to those who are thanked, then in the channel; and all of them kept in step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Delivery, Thanks, ThanksRecipient
from bot.domain.messages import Message, Person, Say
from bot.domain.states import Attention, DeliveryState
from bot.rituals.thanks import ThanksView, for_recipient, in_channel, taken_back
from bot.services.outbox import Owed, as_document, owe_edits, owe_members, owe_ritual

COPY = "thanks"  # what somebody who is thanked gets
POST = "thanks_post"  # what stands in the channel
NOTHING = Message(())
LOCK = {"key_share": True}  # whoever changes thanks, or sends them on, does so one after the other


async def recipients_of(session: AsyncSession, thanks: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Who is thanked, by the thanks' ids, in the order they were named."""
    rows = await session.execute(
        select(ThanksRecipient.thanks_id, ThanksRecipient.member_id)
        .where(ThanksRecipient.thanks_id.in_(thanks))
        .order_by(ThanksRecipient.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for thanks_id, member_id in rows:
        found[thanks_id].append(member_id)
    return {thanks_id: tuple(members) for thanks_id, members in found.items()}


def view(thanks: Thanks, recipients: Sequence[int]) -> ThanksView:
    """Thanks as people read them."""
    public = thanks.in_channel and thanks.taken_out_at is None
    return ThanksView(
        thanks.id, thanks.sender_id, tuple(recipients), thanks.words, thanks.worth, goes_public=public
    )


async def owe(
    session: AsyncSession, thanks: Thanks, shown: ThanksView, *, near: int | None, now: datetime
) -> None:
    """Owe everybody who is thanked their copy; `near`: a round in whose channel they can be met."""
    owed = {
        member: Owed(
            what=COPY,
            once=f"{COPY}:{thanks.id}:{member}",
            message=for_recipient(shown, member),
            due_at=now,
            attention=Attention.WORDS,
            round_id=near,
            thanks_id=thanks.id,
        )
        for member in shown.recipients
    }
    await owe_members(session, thanks.team_id, owed, now=now)


async def settled(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """A copy arrived, or never will: once that is so for all of them, the channel may read it too."""
    thanks = await _thanks_of(session, delivery)
    if thanks is not None:
        await post_if_settled(session, thanks, now=now)


async def hold_all(session: AsyncSession, member_id: int) -> Sequence[int]:
    """Hold the thanks that a member said, and those that wait for their copy to arrive; the ids of the latter."""
    waits = (
        select(Delivery.thanks_id)
        .where(
            Delivery.member_id == member_id, Delivery.what == COPY, Delivery.state == DeliveryState.PENDING
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Thanks.id, Thanks.sender_id)
        .where(or_(Thanks.id.in_(waits), Thanks.sender_id == member_id))
        .order_by(Thanks.id)
        .with_for_update(key_share=True)
    )
    return [thanks_id for thanks_id, sender in rows if sender != member_id]


async def post_if_settled(session: AsyncSession, thanks: Thanks, *, now: datetime) -> None:
    """The channel reads thanks that are meant for it, once no copy of theirs is on its way any more."""
    if thanks.ritual_id is None or not thanks.in_channel:
        return
    if thanks.taken_out_at is not None or thanks.taken_back_at is not None:
        return
    waiting = await session.scalar(
        select(func.count()).where(
            Delivery.thanks_id == thanks.id,
            Delivery.what == COPY,
            Delivery.state == DeliveryState.PENDING,
        )
    )
    if waiting:
        return
    recipients = await recipients_of(session, [thanks.id])
    post = Owed(
        what=POST,
        once=f"{POST}:{thanks.id}",
        message=in_channel(view(thanks, recipients.get(thanks.id, ()))),
        due_at=now,
        attention=Attention.FREE,
        thanks_id=thanks.id,
    )
    await owe_ritual(session, thanks.team_id, thanks.ritual_id, post, now=now)


async def not_arrived(session: AsyncSession, delivery: Delivery, *, now: datetime) -> None:
    """Somebody could not be reached with their thanks: whoever said them is told, once."""
    thanks = await _thanks_of(session, delivery)
    if thanks is not None and thanks.taken_back_at is None and delivery.member_id is not None:
        lost = delivery.member_id
        told = Owed(
            what="notice",
            once=f"unreachable-thanks:{thanks.id}:{lost}",
            message=Message((Say("gratitude.could_not_reach", {"person": Person(lost)}),)),
            due_at=now,
            attention=Attention.ANSWER,
        )
        await owe_members(session, delivery.team_id, {thanks.sender_id: told}, now=now)
    await settled(session, delivery, now=now)


async def hold(session: AsyncSession, copy: Delivery) -> None:
    """The thanks are ours alone until the transaction ends.

    Whoever changes thanks locks them first and their deliveries after that, as here: so nobody waits for each other.
    """
    if copy.thanks_id is not None:
        await session.get(Thanks, copy.thanks_id, with_for_update=LOCK)


async def _thanks_of(session: AsyncSession, delivery: Delivery) -> Thanks | None:
    """The thanks, which `hold` has locked; None if they are past their limit."""
    return await session.get(Thanks, delivery.thanks_id) if delivery.thanks_id is not None else None


async def follow(session: AsyncSession, thanks: Thanks, recipients: Sequence[int], *, now: datetime) -> None:
    """Every copy says from now on what the thanks say now, or goes away."""
    shown = view(thanks, recipients)
    copies = await session.scalars(
        select(Delivery)
        .where(Delivery.thanks_id == thanks.id, Delivery.edits_id.is_(None), Delivery.what.in_((COPY, POST)))
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    )
    say: list[tuple[Delivery, Message]] = []
    for copy in copies.all():
        if copy.what == POST:
            gone = thanks.taken_back_at is not None or not shown.goes_public
            say.append((copy, NOTHING if gone else in_channel(shown)))
        elif thanks.taken_back_at is None:
            say.append((copy, for_recipient(shown, copy.member_id or 0)))
        else:
            never_sent = copy.state is DeliveryState.PENDING and copy.claimed_until is None
            say.append((copy, NOTHING if never_sent else taken_back(thanks.sender_id)))
    instead = taken_back(thanks.sender_id) if thanks.taken_back_at is not None else None
    await from_now_on(session, say, instead=instead, now=now)


async def from_now_on(
    session: AsyncSession, say: Sequence[tuple[Delivery, Message]], *, instead: Message | None, now: datetime
) -> None:
    """Owe what each delivery says from now on, in place of what was to be said before.

    `instead` is given where words are to be gone, from the outbox too: it stands for what is being sent at this moment.
    """
    if not say:
        return
    earlier = Delivery.edits_id.in_([original.id for original, _ in say])
    under_way = (Delivery.state == DeliveryState.PENDING) & Delivery.claimed_until.is_not(None)
    statements = [
        update(Delivery)
        .where(earlier, Delivery.state == DeliveryState.PENDING, Delivery.claimed_until.is_(None))
        .values(state=DeliveryState.EXPIRED),
        update(Delivery)
        .where(earlier, Delivery.state != DeliveryState.PENDING)
        .values(message=as_document(NOTHING), emptied=True),
    ]
    if instead is not None:
        statements.append(update(Delivery).where(earlier, under_way).values(message=as_document(instead)))
    for statement in statements:
        await session.execute(statement.execution_options(synchronize_session=False))
    for original, message in say:
        if not message.parts and original.state is DeliveryState.PENDING and original.claimed_until is None:
            original.state = DeliveryState.EXPIRED  # it was certainly not sent: there is nothing to take away
        await owe_edits(session, [original], message, now=now)
        if original.emptied:
            continue  # what it said is past its time, and stays out
        if message.parts or original.state is not DeliveryState.PENDING:
            original.message = as_document(message)
        elif instead is not None:
            original.message = as_document(instead)
