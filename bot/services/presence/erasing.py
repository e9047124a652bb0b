"""Takes somebody's id, names and words out of every row and document, where their rows do not go with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.db.models import (
    Answer,
    Answered,
    Asked,
    Assignment,
    Audit,
    Avoidance,
    Delivery,
    Enrolment,
    MatchMember,
    Offer,
    Participation,
    Pause,
    Round,
    Season,
    SignUp,
    Thanks,
    ThanksRecipient,
    Turn,
)
from bot.domain.states import DeliveryState
from bot.rituals.ring import MOVED
from bot.services.presence.own_words import looked_at

TAKEN_OVER: tuple[InstrumentedAttribute[Any], ...] = (
    MatchMember.member_id,
    Turn.member_id,
    Participation.member_id,
    ThanksRecipient.member_id,
    Assignment.member_id,
    Assignment.cares_for_id,
    Asked.member_id,
    Answered.member_id,
)
"""What the team's totals are counted from: the nameless member takes it over."""

ONCE = re.compile(r"^(unreachable:\d+|unreachable-thanks:\d+|thanks_nudge:\d+):(\d+)(?=:|$)")
"""The names of messages to others that say, by their id, whom they are about."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who is to be forgotten, and the nameless member that stands in their place."""

    old: int
    new: int
    known_as: Sequence[str]  # their names and handles

    def names_them(self, text: str) -> bool:
        """Whether one of their names or handles stands in a text as a word."""
        return any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text) for each in self.known_as if each)


async def erase(session: AsyncSession, team_id: int, who: Leaving) -> None:
    """All of it, in the transaction at hand; the member's own row, with what hangs on it, is deleted after this."""
    await _erase_messages(session, team_id, who)
    await _delete_rows(session, who)
    for column in TAKEN_OVER:
        await session.execute(
            update(column.class_)
            .where(column == who.old)
            .values({column: who.new})
            .execution_options(synchronize_session=False)
        )
    await _erase_reasons(session, team_id, who)
    await _erase_from_rounds(session, team_id, who)
    await _erase_from_audit(session, team_id, who)


async def _delete_rows(session: AsyncSession, who: Leaving) -> None:
    """Their settings, their confidences in both directions, their words."""
    theirs = select(Assignment.id).where(Assignment.member_id == who.old)
    for statement in (
        delete(Enrolment).where(Enrolment.member_id == who.old),
        delete(Pause).where(Pause.member_id == who.old),
        delete(Avoidance).where(or_(Avoidance.member_id == who.old, Avoidance.other_id == who.old)),
        delete(SignUp).where(SignUp.member_id == who.old),
        delete(Offer).where(or_(Offer.to_id == who.old, Offer.assignment_id.in_(theirs))),
        delete(Answer).where(Answer.member_id == who.old),
        delete(Thanks).where(Thanks.sender_id == who.old),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def _erase_messages(session: AsyncSession, team_id: int, who: Leaving) -> None:
    """Messages to them go; those that name them, bring their words or a calendar entry with their name are emptied.

    What of these was still to be sent is not sent any more.
    """
    await session.execute(
        delete(Delivery).where(Delivery.member_id == who.old).execution_options(synchronize_session=False)
    )
    matches = select(MatchMember.match_id).where(MatchMember.member_id == who.old)
    said = select(Thanks.id).where(Thanks.sender_id == who.old)
    document = cast(Delivery.message, String)
    suspects = await session.execute(
        select(Delivery, Delivery.thanks_id.in_(said), Delivery.match_id.in_(matches)).where(
            Delivery.team_id == team_id,
            Delivery.emptied.is_(False),
            or_(
                document.like(f'%"member": {who.old}%'),  # what only begins so is sorted out below
                Delivery.thanks_id.in_(said),
                Delivery.match_id.in_(matches) & document.like('%"file"%'),
            ),
        )
    )
    about: list[int] = []
    for delivery, their_thanks, their_match in suspects.all():
        brings_file = their_match and bool(_parts(delivery, "file"))
        if not (their_thanks or brings_file or mentions(delivery.message, who.old)):
            continue
        if not brings_file and _goes_on(delivery, who, their_thanks=their_thanks):
            delivery.message = replaced(delivery.message, who)
        else:
            about.append(delivery.id)
    await session.flush()
    for some in _in_batches(about):
        await session.execute(
            update(Delivery)
            .where(Delivery.id.in_(some), Delivery.state == DeliveryState.PENDING)
            .values(state=DeliveryState.EXPIRED)
            .execution_options(synchronize_session=False)
        )
        await session.execute(
            update(Delivery)
            .where(Delivery.id.in_(some))
            .values(message={"parts": []}, emptied=True)
            .execution_options(synchronize_session=False)
        )
    rows = await session.execute(
        select(Delivery.id, Delivery.once, Delivery.problem).where(
            Delivery.team_id == team_id,
            or_(Delivery.once.contains(f":{who.old}"), Delivery.problem.is_not(None)),
        )
    )
    for id_, once, problem in rows.all():
        changed: dict[str, str | None] = {}
        if (found := ONCE.match(once)) and int(found[2]) == who.old:
            changed["once"] = f"{found[1]}:{who.new}{once[found.end() :]}"
        if problem is not None and who.names_them(problem):
            changed["problem"] = None
        if changed:
            await session.execute(
                update(Delivery)
                .where(Delivery.id == id_)
                .values(changed)
                .execution_options(synchronize_session=False)
            )


async def _erase_reasons(session: AsyncSession, team_id: int, who: Leaving) -> None:
    """Why others were matched as they were names the nameless one; why they themselves were is nobody's any more."""
    for table in (MatchMember, Turn):
        await session.execute(
            update(table)
            .where(table.member_id == who.new)
            .values({"reason": {}} | ({"said": None} if table is MatchMember else {}))
            .execution_options(synchronize_session=False)
        )
        rows = await session.execute(
            select(table.id, table.reason).where(
                table.team_id == team_id, cast(table.reason, String).like(f'%"member": {who.old}%')
            )
        )
        for id_, reason in rows.all():
            if mentions(reason, who.old):
                await session.execute(
                    update(table)
                    .where(table.id == id_)
                    .values(reason=replaced(reason, who))
                    .execution_options(synchronize_session=False)
                )


async def _erase_from_rounds(session: AsyncSession, team_id: int, who: Leaving) -> None:
    """Who was away, a ring's order, a season's members: the place stays, so that plans go on as they were made."""
    rounds = await session.execute(
        select(Round.id, Round.absent, Round.kept).where(
            Round.team_id == team_id,
            or_(
                cast(Round.absent, String).contains(f'"{who.old}"'),
                cast(Round.kept, String).contains(f"{who.old}"),
            ),
        )
    )
    for id_, absent, kept in rounds.all():
        await session.execute(
            update(Round)
            .where(Round.id == id_)
            .values(
                absent={key: why for key, why in absent.items() if key != str(who.old)} if absent else absent,
                kept=_order_replaced(kept, who) if kept else kept,
            )
            .execution_options(synchronize_session=False)
        )
    for season in await session.scalars(select(Season).where(Season.team_id == team_id)):
        if who.old in season.members:
            season.members = [who.new if m == who.old else m for m in season.members]
    await session.flush()


def _order_replaced(kept: dict[str, Any], who: Leaving) -> dict[str, Any]:
    """What a ring keeps of its plan, with another id at the same place, and without who asked for somebody else.

    What rounds of other kinds keep has no ids in it.
    """
    if "order" not in kept:
        return kept
    changed = {**kept, "order": [who.new if m == who.old else m for m in kept["order"]]}
    if MOVED in kept:
        changed[MOVED] = [arc for arc in kept[MOVED] if who.old not in arc]
    return changed


async def _erase_from_audit(session: AsyncSession, team_id: int, who: Leaving) -> None:
    """What an admin changed stays; who it was, and whose record was looked at, does not."""
    await session.execute(
        update(Audit)
        .where(Audit.member_id == who.old)
        .values(member_id=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(Audit)
        .where(Audit.team_id == team_id, Audit.about == looked_at(who.old))
        .execution_options(synchronize_session=False)
    )
    rows = await session.execute(select(Audit.id, Audit.about).where(Audit.team_id == team_id))
    for id_, about in rows.all():
        if who.names_them(about):
            await session.execute(
                update(Audit)
                .where(Audit.id == id_)
                .values(about="")
                .execution_options(synchronize_session=False)
            )


def _goes_on(delivery: Delivery, who: Leaving, *, their_thanks: bool) -> bool:
    """Whether it is still to be sent without their name: what others thank each other for, or what changes a message.

    Not if it brings words of theirs.
    """
    if delivery.state is not DeliveryState.PENDING or mentions(_parts(delivery, "quote"), who.old):
        return False
    return delivery.edits_id is not None or (delivery.thanks_id is not None and not their_thanks)


def _parts(delivery: Delivery, kind: str) -> list[dict[str, Any]]:
    return [part for part in delivery.message.get("parts", []) if part.get("type") == kind]


def mentions(document: object, member: int) -> bool:
    """Whether a member is named, by their id, anywhere in a JSON document."""
    if isinstance(document, dict):
        return document.get("member") == member or any(mentions(v, member) for v in document.values())
    return isinstance(document, list) and any(mentions(v, member) for v in document)


def replaced(document: Any, who: Leaving) -> Any:
    """The document with the nameless member in their place."""
    if isinstance(document, dict):
        return {
            key: who.new if key == "member" and value == who.old else replaced(value, who)
            for key, value in document.items()
        }
    if isinstance(document, list):
        return [replaced(each, who) for each in document]
    return document


def _in_batches(ids: Sequence[int], *, size: int = 500) -> Iterable[Sequence[int]]:
    """Some at a time: no database takes a list of any length."""
    return (ids[at : at + size] for at in range(0, len(ids), size))
