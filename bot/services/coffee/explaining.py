"""What a member can ask about their coffees: why this match, whom so far, and what comes next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.db.models import Delivery, Match, MatchMember, Ritual, Round, Turn
from bot.domain.commands import Typed
from bot.domain.messages import Code, Day, Given, Line, Message, Moment, Part, Say, Values
from bot.domain.states import DeliveryState, Outcome, RitualState, RoundState
from bot.rituals.introductions import introduction, people
from bot.rituals.why import bye_reason, match_reason
from bot.services import settings
from bot.services.asking import Asker, enrolment, next_round, ritual_meant, say
from bot.services.coffee import matches
from bot.services.coffee.pasts import past
from bot.services.coffee.prospects import prospect
from bot.services.coffee.season_so_far import season_so_far
from bot.services.membership import day_of, pause_of
from bot.services.participants import takes_part

HAPPENED = (RoundState.OPEN, RoundState.CLOSED, RoundState.SKIPPED)
SHOWN = 15  # matches of the history, newest first


async def why(asker: Asker, typed: Typed) -> Message:
    """Why this match in the latest round, or why none. An avoidance reads like an absence."""
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    round_ = await asker.session.scalar(
        select(Round)
        .where(Round.ritual_id == ritual.id, Round.state.in_(HAPPENED))
        .order_by(Round.scheduled_for.desc())
        .limit(1)
    )
    soon = next_round(ritual, asker)
    after: tuple[Part, ...] = (Say("why.next_on", {"when": soon["next"]}),) if soon else ()
    if round_ is None:
        return Message((Say("why.nothing_yet", {"ritual": Given(ritual.name)}), *after))
    day = Day(day_of(round_.scheduled_for, settings.zone(ritual, asker.team)))
    if round_.state is RoundState.SKIPPED:
        return Message(
            (Say("why.not_opened", {"day": day, "reason": Say(round_.reason or "skipped.missed")}), *after)
        )
    mine = await asker.session.scalar(
        select(MatchMember)
        .join(Match, Match.id == MatchMember.match_id)
        .where(Match.round_id == round_.id, MatchMember.member_id == asker.member.id)
    )
    if mine is not None:
        rows = await asker.session.scalars(
            select(MatchMember.member_id)
            .where(MatchMember.match_id == mine.match_id, MatchMember.member_id != asker.member.id)
            .order_by(MatchMember.id)
        )
        number = (await past(asker.session, ritual)).number_of(round_.id)
        parts: list[Part] = [Say("why.with_them", {"people": people(rows.all())})]
        parts += match_reason(mine.reason, round_number=number)
        unread = await _what_did_not_reach(asker, mine.match_id, ritual)
        return Message((*parts, *unread, *after))
    turn = await asker.session.scalar(
        select(Turn).where(Turn.round_id == round_.id, Turn.member_id == asker.member.id)
    )
    if turn is not None:
        return Message((bye_reason(turn.reason, day), *after))
    reason = (round_.absent or {}).get(str(asker.member.id))
    row = await enrolment(asker, ritual)
    if reason is None and not takes_part(row, settings.rules(ritual).members):
        return Message((_not_in(ritual), *after))
    if reason is None and row.enrolled_at > round_.scheduled_for:
        return Message((Say("why.joined_later", {"day": day}), *after))
    return Message((Say("why.absent", {"day": day, "reason": Say(reason or "absence.unknown")}), *after))


async def _what_did_not_reach(asker: Asker, match_id: int, ritual: Ritual) -> tuple[Part, ...]:
    """The introduction itself, for somebody whom the bot cannot write to."""
    lost = await asker.session.scalar(
        select(Delivery.id).where(
            Delivery.match_id == match_id,
            Delivery.member_id == asker.member.id,
            Delivery.what == "introduction",
            Delivery.edits_id.is_(None),
            Delivery.sent_as.is_(None),
            Delivery.state.in_((DeliveryState.SENT, DeliveryState.UNREACHABLE)),
        )
    )
    if lost is None:
        return ()
    match = await asker.session.get_one(Match, match_id)
    members = (await matches.members_of(asker.session, [match_id]))[match_id]
    shown = matches.view(match, members, ritual, asker.team, now=asker.now)
    return introduction(shown).parts


async def history(asker: Asker, typed: Typed) -> Message:
    """Whom the member was introduced to, newest first, and what became of it.

    As in the plan, a match counts from when its round opened; only where the introduction never came it does not.
    """
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    mine = select(MatchMember.match_id).where(MatchMember.member_id == asker.member.id)
    rows = await asker.session.execute(
        select(Match, Round.scheduled_for, MatchMember.member_id)
        .join(Round, Round.id == Match.round_id)
        .join(MatchMember, MatchMember.match_id == Match.id)
        .where(
            Round.ritual_id == ritual.id,
            Match.id.in_(mine),
            Match.introduced_at.is_not(None) | (Round.state != RoundState.CLOSED),
            MatchMember.member_id != asker.member.id,
        )
        .order_by(Round.scheduled_for.desc(), MatchMember.id)
    )
    found: dict[int, tuple[Say, datetime, list[int]]] = {}
    for match, at, member_id in rows:
        found.setdefault(match.id, (_became(match), at, []))[2].append(member_id)
    if not found:
        soon = next_round(ritual, asker)
        key = "history.none" if soon else "history.none_yet"
        return say(key, ritual=Given(ritual.name), **soon)
    others = {m for _, _, members in found.values() for m in members}
    lines: list[Part] = [Say("history.title", {"count": len(others), "ritual": Given(ritual.name)})]
    zone = asker.zone
    for became, at, members in list(found.values())[:SHOWN]:
        values: Values = {"people": people(members), "day": Day(day_of(at, zone)), "outcome": became}
        lines.append(Line(Say("history.line", values)))
    if len(found) > SHOWN:
        lines.append(Say("history.more", {"count": len(found) - SHOWN}))
    return Message(tuple(lines))


def _became(match: Match) -> Say:
    if match.introduced_at is None and match.outcome is Outcome.UNKNOWN:
        return Say("history.not_arrived")
    return Say(f"history.{match.outcome.value}")


async def plan(asker: Asker, typed: Typed) -> Message:
    """What comes next for the member, and by when they will have met everybody."""
    ritual = await ritual_meant(asker, typed.words, kind="coffee")
    parts: list[Part] = [_next(ritual, asker)]
    row = await enrolment(asker, ritual)
    if not takes_part(row, settings.rules(ritual).members):
        return Message((*parts, _not_in(ritual)))
    if settings.rules(ritual).members == "each-round":
        parts.append(Say("plan.asks_first"))
    if row.skips_next:
        parts.append(Say("plan.you_skip"))
    if pause := await pause_of(asker, ritual):
        parts.append(Say("plan.you_pause", {"day": Day(day_of(pause.paused_until, asker.zone))}))
    parts += await _bound(asker, ritual)
    return Message(tuple(parts))


def _not_in(ritual: Ritual) -> Say:
    return Say("plan.not_in", {"ritual": Given(ritual.name), "join": Code("/coffee join")})


def _next(ritual: Ritual, asker: Asker) -> Say:
    named = {"ritual": Given(ritual.name)}
    if ritual.state is RitualState.PAUSED:
        if ritual.paused_until is None:
            return Say("plan.paused_ritual", named)
        return Say("plan.paused_ritual_until", {**named, "day": Day(day_of(ritual.paused_until, asker.zone))})
    if ritual.next_round_at is None:
        return Say("plan.ended", named)
    return Say("plan.next", {**named, "when": Moment(ritual.next_round_at, asker.zone)})


async def _bound(asker: Asker, ritual: Ritual) -> list[Part]:
    """How many the member has met this season, and the date by which they can have met all.

    Whom they avoid, or who avoids them, counts like anybody else: the sentence is the same with and without.
    """
    season = await season_so_far(asker.session, ritual)
    others = len(season.members) - 1
    if asker.member.id not in season.members or others < 1:
        return [Say("plan.alone")]
    met = len(season.met(asker.member.id))
    parts: list[Part] = [Say("plan.met_so_far", {"met": met, "count": others})]
    if met == others:
        return [*parts, Say("plan.all_met")]
    found = await prospect(asker.session, ritual, asker.team, season)
    if found is None:
        return parts
    key = "plan.bound" if found.as_planned else "plan.bound_earliest"
    parts.append(Say(key, {"count": others, "day": Day(day_of(found.at, asker.zone))}))
    parts += [Say(f"plan.moved_{what}", {"count": count}) for what, count in found.moved.items() if count]
    return parts
