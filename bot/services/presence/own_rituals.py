"""The rituals that a member takes part in: what comes next in each, and whom they have met there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.db.models import Enrolment, Pause, Ritual
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Day, Given, Moment, People, Person, Say, Values
from bot.domain.states import RitualState
from bot.services import settings
from bot.services.asking import Asker
from bot.services.coffee.season_so_far import SeasonSoFar, seasons_so_far
from bot.services.membership import PAUSABLE, day_of
from bot.services.participants import takes_part

NAMED = 25  # of the people a sentence names; beyond, it says how many more there are
ROW = 5  # buttons


@dataclass(frozen=True, slots=True)
class Mine:
    """A ritual that somebody takes part in, and until when (UTC) they are on a break from it, if they are."""

    ritual: Ritual
    enrolment: Enrolment
    break_until: datetime | None

    @property
    def breaks_over_next(self) -> bool:
        """Whether the break lasts beyond the next round."""
        at = self.ritual.next_round_at
        return self.break_until is not None and at is not None and self.break_until > at


async def pauses_of(asker: Asker) -> Sequence[Pause]:
    """The asker's breaks that last, the first to end first."""
    rows = await asker.session.scalars(
        select(Pause)
        .where(Pause.member_id == asker.member.id, Pause.paused_until > asker.now)
        .order_by(Pause.paused_until)
    )
    return rows.all()


async def rituals_of(asker: Asker) -> tuple[list[Mine], list[Ritual]]:
    """The rituals that the asker takes part in, and those that they do not; in the order of the config."""
    pauses = await pauses_of(asker)
    enrolments = await asker.session.scalars(select(Enrolment).where(Enrolment.member_id == asker.member.id))
    stands = {row.ritual_id: row for row in enrolments}
    found = await asker.session.scalars(
        select(Ritual)
        .where(Ritual.team_id == asker.team.id, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    mine: list[Mine] = []
    others: list[Ritual] = []
    for ritual in found:
        row = stands.get(ritual.id)
        if row is None or not takes_part(row, settings.rules(ritual).members):
            others.append(ritual)
            continue
        until = [p.paused_until for p in pauses if p.ritual_id in (None, ritual.id)]
        mine.append(Mine(ritual, row, max(until, default=None)))
    return mine, others


def coming(mine: Mine, zone: str) -> Say:
    """What comes next, in one sentence."""
    ritual = mine.ritual
    named: Values = {"ritual": Given(ritual.name)}
    if ritual.state is RitualState.PAUSED:
        return Say("me.stopped", named)
    if ritual.next_round_at is None:
        return Say("me.none_planned", named)
    if mine.break_until is not None and mine.breaks_over_next:
        return Say("me.pauses", {**named, "day": Day(day_of(mine.break_until, zone))})
    key = "me.skips" if mine.enrolment.skips_next else "me.next"
    return Say(key, {**named, "when": Moment(ritual.next_round_at, zone)})


def on_a_break(mine: Mine, zone: str) -> Say | None:
    """The break that ends before the next round, which `coming` does not tell of; None if there is none."""
    if mine.break_until is None or mine.breaks_over_next:
        return None
    return Say("me.pause", {"ritual": Given(mine.ritual.name), "day": Day(day_of(mine.break_until, zone))})


def buttons(mine: Mine, *, named: bool) -> tuple[Button, ...]:
    """Skip and pause, or what takes them back; `named`: each says of which ritual, as it stands among others.

    Of a ritual that is paused for everybody there is nothing to skip.
    """
    ritual = mine.ritual
    going_on = ritual.state is RitualState.ACTIVE and ritual.next_round_at is not None
    if ritual.kind not in PAUSABLE or not going_on:
        return ()

    def button(verb: str) -> Button:
        if named:
            return Button(action(verb, ritual.id), Say(f"home.{verb}_named", {"ritual": Given(ritual.name)}))
        return Button(action(verb, ritual.id), Say(f"home.{verb}"))

    if mine.breaks_over_next:
        return (button("resume"),)
    skip = button("unskip" if mine.enrolment.skips_next else "skip")
    return (skip, button("pause" if mine.break_until is None else "resume"))


def rows(made: Sequence[Button]) -> list[Buttons]:
    """Buttons in as few rows as they need."""
    return [Buttons(tuple(made[at : at + ROW])) for at in range(0, len(made), ROW)]


async def met(asker: Asker, mine: Sequence[Mine]) -> Mapping[int, list[Say]]:
    """By coffee ritual: whom they have been introduced to this season, and whom not yet."""
    coffees = [each.ritual for each in mine if each.ritual.kind == "coffee"]
    seasons = await seasons_so_far(asker.session, coffees)
    return {r.id: _met(asker.member.id, seasons[r.id], Given(r.name)) for r in coffees}


def _met(member: int, season: SeasonSoFar, named: Given) -> list[Say]:
    """An avoidance is a *not yet* like any other."""
    if len(season.members) < 2:
        return [Say("me.alone", {"ritual": named})]
    known = season.met(member)
    others = [m for m in season.members if m != member]
    if len(known) == len(others):
        return [Say("me.met_everybody", {"ritual": named})]
    first = (
        Say("me.met", {"ritual": named, "people": people(known)})
        if known
        else Say("me.met_nobody", {"ritual": named})
    )
    return [first, Say("me.not_yet", {"people": people([m for m in others if m not in set(known)])})]


def people(members: Sequence[int]) -> People | Say:
    """Members in a sentence; of many, the first, and how many more."""
    named = People(tuple(Person(m) for m in members[:NAMED]))
    if len(members) <= NAMED:
        return named
    return Say("me.and_more", {"people": named, "more": len(members) - NAMED})
