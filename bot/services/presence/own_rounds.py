"""What is kept of a member's rounds: whom they met, their turns, what they were asked, what they took part in."""

from __future__ import annotations

from sqlalchemy import String, cast, exists, or_, select

from bot.db.models import (
    Answered,
    Asked,
    Assignment,
    Match,
    MatchMember,
    Offer,
    Participation,
    Round,
    Turn,
)
from bot.domain.messages import Given, People, Person, Say
from bot.domain.own_data import Kind, Row
from bot.domain.phrasing import plain
from bot.rituals.ring import MOVED
from bot.services.presence.own_standing import Whose, iso, line


async def rounds(of: Whose) -> list[Kind]:
    """Matches, turns, assignments, offers to swap, absences, quiet wishes, questions, participation."""
    return [
        await _matches(of),
        await _turns(of),
        await _assignments(of),
        await _offers(of),
        await _absences(of),
        await _wishes(of),
        await _questions(of),
        await _participation(of),
    ]


async def _matches(of: Whose) -> Kind:
    """With whom, when, and what they themselves said of it; what the others pressed is theirs."""
    mine = (
        await of.session.execute(
            select(Match, MatchMember, Round.scheduled_for, Round.ritual_id)
            .join(MatchMember, MatchMember.match_id == Match.id)
            .join(Round, Round.id == Match.round_id)
            .where(MatchMember.member_id == of.member.id)
            .order_by(Round.scheduled_for.desc(), Match.id.desc())
        )
    ).all()
    others: dict[int, list[int]] = {}
    rows = await of.session.execute(
        select(MatchMember.match_id, MatchMember.member_id)
        .where(
            MatchMember.match_id.in_(
                select(MatchMember.match_id).where(MatchMember.member_id == of.member.id)
            ),
            MatchMember.member_id != of.member.id,
        )
        .order_by(MatchMember.id)
    )
    for match_id, member_id in rows:
        others.setdefault(match_id, []).append(member_id)
    return Kind(
        "matches",
        [
            Row(
                (
                    line(
                        "history.line",
                        people=People(tuple(Person(m) for m in others.get(match.id, []))),
                        day=of.day(at),
                        outcome=Say(f"history.{match.outcome.value}"),
                    ),
                ),
                {
                    "ritual": of.ritual(ritual_id),
                    "round": iso(at),
                    "with": ", ".join(of.name(m) for m in others.get(match.id, [])),
                    "starter": match.starter,
                    "introduced_at": iso(match.introduced_at),
                    "chosen_time": iso(match.chosen_time),
                    "outcome": match.outcome.value,
                    "you_said": row.said.value if row.said else None,
                    "could_not_reach_you": row.unreachable,
                    "why": str(row.reason.get("why", "")),
                },
            )
            for match, row, at, ritual_id in mine
        ],
    )


async def _turns(of: Whose) -> Kind:
    rows = await of.session.scalars(
        select(Turn).where(Turn.member_id == of.member.id).order_by(Turn.at.desc(), Turn.id.desc())
    )
    return Kind(
        "turns",
        [
            Row(
                (
                    line(
                        "mydata.turn",
                        kind=Say(f"turn_kind.{turn.kind.value}"),
                        ritual=Given(of.ritual(turn.ritual_id)),
                        day=of.day(turn.at),
                    ),
                ),
                {
                    "kind": turn.kind.value,
                    "ritual": of.ritual(turn.ritual_id),
                    "at": iso(turn.at),
                    "why": str(turn.reason.get("why", "")),
                },
            )
            for turn in rows
        ],
    )


async def _assignments(of: Whose) -> Kind:
    """Whose turn it was: theirs. Whom they care for is theirs to see; who cares for them is not."""
    rows = await of.session.execute(
        select(Assignment, Round.scheduled_for, Round.ritual_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.member_id == of.member.id)
        .order_by(Round.scheduled_for.desc(), Assignment.id.desc())
    )
    return Kind(
        "assignments",
        [
            Row(
                (
                    line(
                        "mydata.carer",
                        ritual=Given(of.ritual(ritual_id)),
                        person=Person(turn.cares_for_id),
                        day=of.day(at),
                    )
                    if turn.cares_for_id is not None
                    else line(
                        "mydata.host",
                        ritual=Given(of.ritual(ritual_id)),
                        role=Given(turn.role),
                        day=of.day(at),
                    ),
                ),
                {
                    "ritual": of.ritual(ritual_id),
                    "round": iso(at),
                    "role": turn.role,
                    "cares_for": of.name(turn.cares_for_id) if turn.cares_for_id is not None else None,
                    "state": turn.state.value,
                    "at": iso(turn.at),
                },
            )
            for turn, at, ritual_id in rows
        ],
    )


async def _offers(of: Whose) -> Kind:
    """Swaps they asked for, and those that others asked them for."""
    rows = await of.session.execute(
        select(Offer, Assignment.member_id, Round.ritual_id)
        .join(Assignment, Assignment.id == Offer.assignment_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(or_(Offer.to_id == of.member.id, Assignment.member_id == of.member.id))
        .order_by(Offer.offered_at.desc(), Offer.id.desc())
    )
    found: list[Row] = []
    for offer, by, ritual_id in rows:
        mine = by == of.member.id
        other = offer.to_id if mine else by
        shown = line(
            "mydata.offered" if mine else "mydata.was_offered",
            person=Person(other),
            ritual=Given(of.ritual(ritual_id)),
            day=of.day(offer.offered_at),
        )
        fields = {
            "ritual": of.ritual(ritual_id),
            "from": of.name(by),
            "to": of.name(offer.to_id),
            "state": offer.state.value,
            "at": iso(offer.offered_at),
        }
        found.append(Row((shown,), fields))
    return Kind("offers", found)


async def _absences(of: Whose) -> Kind:
    """Rounds that opened without them, and why: what `/coffee why` tells them."""
    me = str(of.member.id)
    rows = await of.session.execute(
        select(Round.ritual_id, Round.scheduled_for, Round.absent)
        .where(Round.team_id == of.team.id, cast(Round.absent, String).contains(f'"{me}"'))
        .order_by(Round.scheduled_for.desc(), Round.id.desc())
    )
    return Kind(
        "absences",
        [
            Row(
                (
                    line(
                        "mydata.absence",
                        ritual=Given(of.ritual(ritual_id)),
                        day=of.day(at),
                        reason=Say(absent[me]),
                    ),
                ),
                {"ritual": of.ritual(ritual_id), "round": iso(at), "why": plain(Say(absent[me]))},
            )
            for ritual_id, at, absent in rows
        ],
    )


async def _wishes(of: Whose) -> Kind:
    """That they asked for somebody else to look after them; who did until then only the carer is told."""
    rows = await of.session.execute(
        select(Round.ritual_id, Round.scheduled_for, Round.kept)
        .where(Round.team_id == of.team.id, cast(Round.kept, String).like(f'%"{MOVED}"%'))
        .order_by(Round.scheduled_for.desc(), Round.id.desc())
    )
    return Kind(
        "wishes",
        [
            Row(
                (line("mydata.wish", ritual=Given(of.ritual(ritual_id)), day=of.day(at)),),
                {"ritual": of.ritual(ritual_id), "round": iso(at), "asked_for": "somebody else"},
            )
            for ritual_id, at, kept in rows
            for _carer, receiver in (kept or {}).get(MOVED, ())
            if receiver == of.member.id
        ],
    )


async def _questions(of: Whose) -> Kind:
    """That they were asked, and whether they answered; what they said under their name is among the answers."""
    has_answered = exists().where(Answered.round_id == Round.id, Answered.member_id == of.member.id)
    rows = await of.session.execute(
        select(Round.ritual_id, Round.scheduled_for, Asked.asked_at, Asked.reminded, has_answered)
        .outerjoin(Asked, (Asked.round_id == Round.id) & (Asked.member_id == of.member.id))
        .where(Round.team_id == of.team.id, or_(Asked.id.is_not(None), has_answered))
        .order_by(Round.scheduled_for.desc(), Round.id.desc())
    )
    return Kind(
        "questions",
        [
            Row(
                (
                    line(
                        "mydata.asked_answered" if answered else "mydata.asked",
                        ritual=Given(of.ritual(ritual_id)),
                        day=of.day(at),
                    ),
                ),
                {
                    "ritual": of.ritual(ritual_id),
                    "round": iso(at),
                    "asked_at": iso(asked_at),
                    "reminded": reminded,
                    "answered": answered,
                },
            )
            for ritual_id, at, asked_at, reminded, answered in rows
        ],
    )


async def _participation(of: Whose) -> Kind:
    rows = await of.session.scalars(
        select(Participation)
        .where(Participation.member_id == of.member.id)
        .order_by(Participation.at.desc(), Participation.id.desc())
    )
    return Kind(
        "participation",
        [
            Row(
                (
                    line(
                        "mydata.did",
                        what=Say(f"mydata.did_{p.what.value}"),
                        ritual=Given(of.ritual(p.ritual_id)),
                        day=of.day(p.at),
                    ),
                ),
                {"what": p.what.value, "ritual": of.ritual(p.ritual_id) or None, "at": iso(p.at)},
            )
            for p in rows
        ],
    )
