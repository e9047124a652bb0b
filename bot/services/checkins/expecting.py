"""Who is expected to host the coming rounds: the same choice as when they are announced, played forward."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import islice
from random import Random

from sqlalchemy import select

from bot.db.models import Assignment, Ritual, Round
from bot.domain.cadence import later
from bot.domain.commands import Typed
from bot.domain.messages import Given, Line, Message, Moment, Part, Person, Say, Values
from bot.domain.rotation import next_hosts
from bot.domain.states import RitualState, RoundState
from bot.domain.turns import TurnKind
from bot.rituals import KINDS
from bot.services import rotations, settings
from bot.services.asking import Asker, ritual_meant
from bot.services.checkins.host_choice import care_to_come
from bot.services.checkins.played import HOST, plays, role
from bot.services.participants import participants, present
from bot.services.rotations import HELD, Taken

SHOWN = 4  # rounds ahead


async def hosts(asker: Asker, typed: Typed) -> Message:
    """`/checkin hosts`: who is announced, and who is expected for the next rounds if nobody passes or is away."""
    ritual = await ritual_meant(asker, typed.words, kind="checkin", plays=(HOST,))
    values: Values = {"ritual": Given(ritual.name), "role": Given(role(ritual))}
    parts: list[Part] = []
    announced = await _announced(asker, ritual)
    for at, host in announced:
        said: Values = {**values, "when": Moment(at, asker.zone)}
        if host is None:
            parts.append(Say("host.nobody", said))
        else:
            parts.append(Say("host.announced", {**said, "person": Person(host)}))
    expected = await _expected(asker, ritual, {at for at, _ in announced})
    if expected:
        parts.append(Say("host.expected", values))
    for at, host in expected:
        when: Values = {"when": Moment(at, asker.zone)}
        if host is None:
            parts.append(Line(Say("host.expected_nobody", when)))
        else:
            parts.append(Line(Say("host.expected_one", {**when, "person": Person(host)})))
    if not parts:
        parts.append(Say("host.none_planned", values))
    return Message(tuple(parts))


async def _announced(asker: Asker, ritual: Ritual) -> list[tuple[datetime, int | None]]:
    """The open rounds, with who hosts them."""
    rows = await asker.session.execute(
        select(Round, Assignment.member_id)
        .outerjoin(Assignment, (Assignment.round_id == Round.id) & Assignment.state.in_(HELD))
        .where(
            Round.ritual_id == ritual.id,
            Round.state == RoundState.OPEN,
        )
        .order_by(Round.scheduled_for)
    )
    return [(round_.scheduled_for, host) for round_, host in rows if plays(round_, ritual) == HOST]


async def _expected(
    asker: Asker, ritual: Ritual, announced: set[datetime]
) -> list[tuple[datetime, int | None]]:
    """The next rounds that are not announced yet, with who would host them; None: nobody would be there."""
    if ritual.next_round_at is None or ritual.state is not RitualState.ACTIVE:
        return []
    session, team = asker.session, asker.team
    zone = settings.zone(ritual, team)
    rules = settings.rules(ritual)
    before = KINDS[rules.plays].before(rules)
    following = settings.cadence(ritual, team).occurrences(after=ritual.next_round_at)
    rounds = [at for at in (ritual.next_round_at, *islice(following, SHOWN)) if at not in announced][:SHOWN]
    if not rounds:
        return []
    people = await participants(session, ritual, team, at=asker.now)
    ledger = await rotations.ledger(session, ritual, team, people)
    to_come = await care_to_come(session, team, until=rotations.week_of(team, rounds[-1])[1])
    found: list[tuple[datetime, int | None]] = []
    for at in rounds:
        opens_at = max(asker.now, later(at, -before, zone) if before else at)
        people = await participants(session, ritual, team, at=opens_at)
        here = [p.id for p in present(people)]
        if not here:
            found.append((at, None))
            continue
        begin, end = rotations.week_of(team, at)
        care = [turn for turn in to_come if turn.at <= opens_at.timestamp()]
        mine = [Taken(m, TurnKind.HOST, w.timestamp(), ritual.id) for w, m in found if m is not None]
        then = replace(ledger, turns=[*ledger.turns, *care, *mine])
        week = Counter(await rotations.turns_in_week(session, team, at))
        week.update(t.member for t in (*to_come, *mine) if begin.timestamp() <= t.at < end.timestamp())
        host = next_hosts(
            here,
            standing=then.standing(),
            this_week=week,
            last_turn=then.last(ritual.id, TurnKind.HOST),
            there=then.there,
            rng=Random(f"{team.seed} {ritual.name} {at.isoformat()}"),
        )[0]
        found.append((at, host))
    return found
