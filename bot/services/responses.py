"""What a pressed button means: what became of a match, which time suits, who is in this time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.db.models import Match, MatchMember, Ritual, Round, SignUp
from bot.domain.invitation import calendar_entry
from bot.domain.messages import File, Given, Message, Moment, Say
from bot.domain.phrasing import plain
from bot.domain.states import Attention, Outcome, RoundState
from bot.services import membership
from bot.services.asking import Asker, number, say
from bot.services.coffee import matches, rooms
from bot.services.outbox import owe_chats, said_so_far, withdraw
from bot.services.recipients import names_of
from bot.services.sorry import Sorry

LOCK = {"key_share": True}  # two who answer at once are heard one after the other


@dataclass(frozen=True, slots=True)
class _Mine:
    """A match of the asker's, with all that hangs on it."""

    match: Match
    rows: Sequence[MatchMember]
    ritual: Ritual
    round: Round

    @property
    def members(self) -> list[int]:
        return [row.member_id for row in self.rows]


async def met(asker: Asker, about: Sequence[str]) -> Message:
    return await _outcome(asker, about, Outcome.MET)


async def rescheduled(asker: Asker, about: Sequence[str]) -> Message:
    return await _outcome(asker, about, Outcome.RESCHEDULED)


async def not_this_time(asker: Asker, about: Sequence[str]) -> Message:
    return await _outcome(asker, about, Outcome.NOT_THIS_TIME)


async def _outcome(asker: Asker, about: Sequence[str], said: Outcome) -> Message:
    """We met / Rescheduled / Not this time; at any time, and pressing again corrects it.

    One *We met* is enough; otherwise the latest word of any of them counts.
    """
    mine = await _match_of(asker, about[:1])
    row = next(r for r in mine.rows if r.member_id == asker.member.id)
    row.said = said
    words = {r.said for r in mine.rows if r.said is not None}
    became = Outcome.MET if Outcome.MET in words else said
    await withdraw(asker.session, mine.match.id, ("nudge", "question"))
    if said in (Outcome.RESCHEDULED, Outcome.NOT_THIS_TIME) and became is said:
        await rooms.give_up(asker.session, mine.match.id, now=asker.now)
    if mine.match.outcome is not became:
        mine.match.outcome, mine.match.outcome_at = became, asker.now
        await matches.say_again(
            asker.session, mine.match, mine.members, mine.ritual, asker.team, now=asker.now
        )
    return say(f"coffee.thanks_{said.value}" if became is said else "coffee.thanks_met_stands")


async def time(asker: Asker, about: Sequence[str]) -> Message:
    """One of the suggested times is taken: everybody is told, with a calendar entry."""
    mine = await _match_of(asker, about[:1])
    times = [datetime.fromisoformat(t) for t in mine.match.suggested_times]
    index = number(about[1:])
    if index is None or index >= len(times):
        raise Sorry("error.gone")
    chosen = times[index]
    when = Moment(chosen, asker.zone)
    if mine.match.chosen_time == chosen:
        await rooms.plan(asker.session, mine.match, mine.ritual, now=asker.now)
        return say("coffee.time_again", when=when)
    if chosen <= asker.now:
        raise Sorry("coffee.time_past")
    mine.match.chosen_time = chosen
    await rooms.plan(asker.session, mine.match, mine.ritual, now=asker.now)
    shown = matches.view(mine.match, mine.members, mine.ritual, asker.team, now=asker.now)
    names = await names_of(asker.session, mine.members)
    title = plain(
        Say("coffee.calendar_title", {"ritual": Given(mine.ritual.name), "people": Given(" + ".join(names))})
    )
    entry = calendar_entry(
        uid=f"match-{mine.match.id}-{asker.team.seed:x}@kinkeeper",
        title=title,
        start=chosen,
        minutes=shown.minutes,
        url=shown.meeting_url,
        now=asker.now,
    )
    settled = {"when": Moment(chosen, shown.zone)}
    confirmation = matches.about(
        mine.match,
        "confirmation",
        Message(
            (
                Say("coffee.confirmed", settled),
                File("coffee.ics", "text/calendar", entry, Say("coffee.confirmed_alt", settled)),
            )
        ),
        attention=Attention.FREE,
        due_at=asker.now,
        useful_until=chosen,
        version=await said_so_far(asker.session, mine.match.id, "confirmation"),
    )
    await withdraw(asker.session, mine.match.id, ("nudge",))
    await owe_chats(asker.session, asker.team.id, {mine.match.id: confirmation}, now=asker.now)
    await matches.say_again(asker.session, mine.match, mine.members, mine.ritual, asker.team, now=asker.now)
    return say("coffee.time_taken", when=when)


async def signed_in(asker: Asker, about: Sequence[str]) -> Message:
    return await _sign_up(asker, about, takes_part=True)


async def signed_out(asker: Asker, about: Sequence[str]) -> Message:
    return await _sign_up(asker, about, takes_part=False)


async def _sign_up(asker: Asker, about: Sequence[str], *, takes_part: bool) -> Message:
    """In or out of the round that is asked about; the last word before it opens counts."""
    round_ = await asker.session.get(Round, number(about) or 0)
    if round_ is None or round_.team_id != asker.team.id:
        raise Sorry("error.gone")
    ritual = await asker.session.get_one(Ritual, round_.ritual_id)
    if round_.state is not RoundState.ASKING or round_.scheduled_for != ritual.next_round_at:
        raise Sorry("coffee.sign_up_over", ritual=Given(ritual.name))
    row = await asker.session.scalar(
        select(SignUp).where(SignUp.round_id == round_.id, SignUp.member_id == asker.member.id)
    )
    if row is None:
        row = SignUp(
            team_id=asker.team.id, round_id=round_.id, member_id=asker.member.id, takes_part=takes_part
        )
        asker.session.add(row)
    row.takes_part = takes_part
    if not takes_part:
        return say("coffee.signed_out")
    await membership.come_in(asker, ritual)
    return say("coffee.signed_in", ritual=Given(ritual.name), when=Moment(round_.scheduled_for, asker.zone))


async def _match_of(asker: Asker, about: Sequence[str]) -> _Mine:
    match = await asker.session.get(Match, number(about) or 0, with_for_update=LOCK)
    if match is None or match.team_id != asker.team.id:
        raise Sorry("error.gone")
    rows = (
        await asker.session.scalars(
            select(MatchMember).where(MatchMember.match_id == match.id).order_by(MatchMember.id)
        )
    ).all()
    if all(r.member_id != asker.member.id for r in rows):
        raise Sorry("coffee.not_yours")
    round_ = await asker.session.get_one(Round, match.round_id)
    ritual = await asker.session.get_one(Ritual, round_.ritual_id)
    return _Mine(match, rows, ritual, round_)
