"""What is kept of a member's words, of words that were meant for them, of messages to them, and of the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import exists, or_, select

from bot.db.models import Answer, Audit, Delivery, Round, Thanks, ThanksRecipient
from bot.domain.contents import with_people
from bot.domain.messages import Given, Line, People, Person, Quote, from_json
from bot.domain.own_data import Field, Kind, Row
from bot.domain.phrasing import plain_message
from bot.domain.states import DeliveryState
from bot.services.presence.own_standing import Whose, iso, line
from bot.services.reached import EXPORT


async def words(of: Whose) -> list[Kind]:
    """Thanks said and received, answers, messages, what was entered into the audit log."""
    to = await _recipients(of)
    return [
        await _thanks_said(of, to),
        await _thanks_received(of),
        await _answers(of),
        await _messages(of),
        await _changes(of),
        await _looks(of),
    ]


async def _recipients(of: Whose) -> Mapping[int, list[int]]:
    rows = await of.session.execute(
        select(ThanksRecipient.thanks_id, ThanksRecipient.member_id)
        .join(Thanks, Thanks.id == ThanksRecipient.thanks_id)
        .where(Thanks.sender_id == of.member.id)
        .order_by(ThanksRecipient.id)
    )
    to: dict[int, list[int]] = {}
    for thanks_id, member_id in rows:
        to.setdefault(thanks_id, []).append(member_id)
    return to


async def _thanks_said(of: Whose, to: Mapping[int, list[int]]) -> Kind:
    rows = await of.session.scalars(
        select(Thanks)
        .where(Thanks.sender_id == of.member.id)
        .order_by(Thanks.said_at.desc(), Thanks.id.desc())
    )
    found: list[Row] = []
    for thanks in rows:
        people = to.get(thanks.id, [])
        heading = line(
            "mydata.thanks_said_line",
            people=People(tuple(Person(m) for m in people)),
            day=of.day(thanks.said_at),
        )
        fields: dict[str, Field] = {
            "to": ", ".join(of.name(m) for m in people),
            "words": thanks.words,
            "value": thanks.worth,
            "in_channel": thanks.in_channel,
            "said_at": iso(thanks.said_at),
            "edited_at": iso(thanks.edited_at),
            "taken_out_at": iso(thanks.taken_out_at),
            "taken_back_at": iso(thanks.taken_back_at),
        }
        found.append(Row(_quoted(heading, thanks.words, by=of.member.id), fields))
    return Kind("thanks_said", found)


async def _thanks_received(of: Whose) -> Kind:
    """The words they were given, once they have reached them; how many there are is counted for nobody."""
    on_its_way = exists().where(
        Delivery.thanks_id == Thanks.id,
        Delivery.member_id == of.member.id,
        Delivery.edits_id.is_(None),
        Delivery.state == DeliveryState.PENDING,
    )
    rows = await of.session.scalars(
        select(Thanks)
        .join(ThanksRecipient, ThanksRecipient.thanks_id == Thanks.id)
        .where(ThanksRecipient.member_id == of.member.id, Thanks.taken_back_at.is_(None), ~on_its_way)
        .order_by(Thanks.said_at.desc(), Thanks.id.desc())
    )
    return Kind(
        "thanks_received",
        [
            Row(
                _quoted(
                    line("mydata.thanks_received_line", day=of.day(thanks.said_at)),
                    thanks.words,
                    by=thanks.sender_id,
                ),
                {
                    "from": of.name(thanks.sender_id),
                    "words": thanks.words,
                    "value": thanks.worth,
                    "in_channel": thanks.in_channel,
                    "said_at": iso(thanks.said_at),
                },
            )
            for thanks in rows
        ],
        counted=False,
    )


async def _answers(of: Whose) -> Kind:
    """Those under their name. Anonymous ones lead to nobody, so they are not found here either."""
    rows = await of.session.execute(
        select(Answer, Round.ritual_id, Round.scheduled_for, Round.kept)
        .join(Round, Round.id == Answer.round_id)
        .where(Answer.member_id == of.member.id)
        .order_by(Round.scheduled_for.desc(), Answer.question)
    )
    found: list[Row] = []
    for answer, ritual_id, at, kept in rows:
        asked = (kept or {}).get("questions", [])
        question = str(asked[answer.question]["ask"]) if answer.question < len(asked) else ""
        heading = line("mydata.answer", ritual=Given(of.ritual(ritual_id)), day=of.day(at))
        said = answer.words if answer.words is not None else str(answer.scale or "")
        fields: dict[str, Field] = {
            "ritual": of.ritual(ritual_id),
            "round": iso(at),
            "question": question,
            "words": answer.words,
            "scale": answer.scale,
            "answered_at": iso(answer.answered_at),
        }
        shown = _quoted(heading, said, by=of.member.id) if said else (heading,)
        found.append(Row(shown, fields))
    return Kind("answers", found)


async def _messages(of: Whose) -> Kind:
    """What the bot sent to them alone, or still owes them; what it said stands in an export once it has arrived."""
    rows = await of.session.scalars(
        select(Delivery)
        .where(Delivery.member_id == of.member.id, Delivery.what != EXPORT)
        .order_by(Delivery.owed_at.desc(), Delivery.id.desc())
    )
    people = {member_id: Person(member_id, name) for member_id, name in of.names.items()}
    return Kind(
        "messages",
        [
            Row(
                (
                    line(
                        "mydata.message_sent" if d.sent_at else "mydata.message_owed",
                        what=Given(d.what),
                        day=of.day(d.sent_at or d.owed_at),
                    ),
                ),
                {
                    "what": d.what,
                    "owed_at": iso(d.owed_at),
                    "sent_at": iso(d.sent_at),
                    "state": d.state.value,
                    "said": plain_message(with_people(from_json(d.message), people)) if d.sent_at else None,
                },
            )
            for d in rows
        ],
    )


async def _changes(of: Whose) -> Kind:
    """What they changed for the team, as the audit log has it."""
    rows = await of.session.scalars(
        select(Audit).where(Audit.member_id == of.member.id).order_by(Audit.at.desc(), Audit.id.desc())
    )
    return Kind(
        "changes",
        [
            Row(
                (line("mydata.change", what=Given(a.what), about=Given(a.about), day=of.day(a.at)),),
                {"what": a.what, "about": a.about, "at": iso(a.at)},
            )
            for a in rows
        ],
    )


async def _looks(of: Whose) -> Kind:
    """Who looked at their record; each look is logged for them."""
    rows = await of.session.scalars(
        select(Audit)
        .where(
            Audit.team_id == of.team.id,
            Audit.about == looked_at(of.member.id),
            or_(Audit.member_id.is_(None), Audit.member_id != of.member.id),
        )
        .order_by(Audit.at.desc(), Audit.id.desc())
    )
    found: list[Row] = []
    for a in rows:
        shown = (
            line("mydata.look_operator", what=Given(a.what), day=of.day(a.at))
            if a.member_id is None
            else line("mydata.look", person=Person(a.member_id), what=Given(a.what), day=of.day(a.at))
        )
        by = of.name(a.member_id) if a.member_id is not None else None
        found.append(Row((shown,), {"by": by, "what": a.what, "at": iso(a.at)}))
    return Kind("looks", found)


def looked_at(member_id: int) -> str:
    """What an entry of the audit log is about, if it is a look at somebody's record."""
    return f"member:{member_id}"


def _quoted(heading: Line, said: str, *, by: int) -> tuple[Line | Quote, ...]:
    return (heading, Quote(said, by=Person(by))) if said else (heading,)
