"""Which turn somebody means: their own, the one a button is about, or the coming one of a ritual."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from bot.db.models import Assignment, Ritual, Round
from bot.domain.messages import Code, Given, Moment
from bot.domain.states import RitualState, RoundState
from bot.services import settings
from bot.services.asking import Asker, number, ritual_meant
from bot.services.checkins.played import HOST, RING
from bot.services.checkins.played import plays as played
from bot.services.rotations import HELD
from bot.services.sorry import Sorry

TURNS = (HOST, RING)
LOCK = {"key_share": True}  # two who take or give a turn at once do it one after the other


@dataclass(frozen=True, slots=True)
class Turns:
    """An open round of a rotation, ours alone until the transaction ends, with everybody's turns in it."""

    round: Round
    ritual: Ritual
    assignments: Sequence[Assignment]

    @property
    def plays(self) -> str:
        return played(self.round, self.ritual)

    def of(self, member_id: int) -> Assignment | None:
        """The turn that a member has in the round, if any."""
        return next((a for a in self.assignments if a.member_id == member_id and a.state in HELD), None)


@dataclass(frozen=True, slots=True)
class _Open:
    ritual_id: int
    round_id: int
    at: datetime
    mine: bool


async def by_button(asker: Asker, about: Sequence[str], *, plays: Collection[str] = TURNS) -> Turns:
    """The open round that a button carries; Sorry if it is none, or is over."""
    round_ = await asker.session.get(Round, number(about) or 0)
    if round_ is None or round_.team_id != asker.team.id:
        raise Sorry("error.gone")
    ritual = await asker.session.get_one(Ritual, round_.ritual_id)
    if ritual.state is RitualState.ARCHIVED or played(round_, ritual) not in plays:
        raise Sorry("error.gone")
    return await locked(asker, round_.id)


async def by_command(
    asker: Asker,
    words: Sequence[str],
    *,
    plays: Collection[str] = TURNS,
    own: bool = True,
    begun: bool = False,
) -> Turns:
    """The open round in which it is the asker's turn, or the coming one; Sorry where that is not clear, or none is.

    A ritual that is named counts; else, of several, the only one in which it is the asker's turn. Without `own` it
    makes no difference whose turn it is: then it is the only one with an open round. With `begun` a round whose time
    has come is meant rather than one that is still ahead.
    """
    there = {r.id: r for r in await _rituals(asker)}
    rounds = await _open(asker, there, plays)
    under_way = {each.ritual_id for each in rounds}
    rituals = {id_: r for id_, r in there.items() if id_ in under_way or settings.rules(r).plays in plays}
    if not rituals:
        raise Sorry(f"error.no_{next(iter(plays))}" if len(plays) == 1 else "error.no_checkin")
    if words:
        named = await ritual_meant(asker, words, kind="checkin", plays=plays)
        rituals = {named.id: named}
        rounds = [each for each in rounds if each.ritual_id == named.id]
    mine = [each for each in rounds if each.mine and own]
    among = {each.ritual_id for each in (mine or (rounds if not own else ()))} or set(rituals)
    if len(among) > 1:
        names = [rituals[each].name for each in sorted(among)]
        if own and not mine:
            raise Sorry("checkin.not_your_turn", hosts=Code("/checkin hosts"))
        raise Sorry("error.which_ritual", rituals=Given(", ".join(names)), example=Code(names[0]))
    candidates = mine or rounds
    if not candidates:
        raise _none_open(asker, rituals[among.pop()])
    ahead = [each for each in candidates if each.at >= asker.now]
    behind = [each for each in candidates if each.at < asker.now]
    meant = behind[-1] if behind and (begun or not ahead) else ahead[0]
    return await locked(asker, meant.round_id)


async def locked(asker: Asker, round_id: int) -> Turns:
    """The round with its turns, ours alone; Sorry if it is over."""
    round_ = await asker.session.get_one(Round, round_id, with_for_update=LOCK, populate_existing=True)
    ritual = await asker.session.get_one(Ritual, round_.ritual_id)
    if round_.state is not RoundState.OPEN:
        raise Sorry("checkin.over", ritual=Given(ritual.name))
    return Turns(round_, ritual, await assignments(asker, round_id))


async def assignments(asker: Asker, round_id: int) -> Sequence[Assignment]:
    """All turns of a round as they stand now."""
    return (
        await asker.session.scalars(
            select(Assignment)
            .where(Assignment.round_id == round_id)
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
    ).all()


async def _rituals(asker: Asker) -> Sequence[Ritual]:
    rows = await asker.session.scalars(
        select(Ritual)
        .where(
            Ritual.team_id == asker.team.id, Ritual.kind == "checkin", Ritual.state != RitualState.ARCHIVED
        )
        .order_by(Ritual.id)
    )
    return rows.all()


async def _open(asker: Asker, rituals: Mapping[int, Ritual], plays: Collection[str]) -> list[_Open]:
    """The open rounds that are played so, the earliest first, and whether the asker has a turn in them."""
    mine = exists().where(
        Assignment.round_id == Round.id,
        Assignment.member_id == asker.member.id,
        Assignment.state.in_(HELD),
    )
    rows = await asker.session.execute(
        select(Round, mine)
        .where(Round.ritual_id.in_(rituals), Round.state == RoundState.OPEN)
        .order_by(Round.scheduled_for, Round.id)
    )
    return [
        _Open(round_.ritual_id, round_.id, round_.scheduled_for, is_mine)
        for round_, is_mine in rows
        if played(round_, rituals[round_.ritual_id]) in plays
    ]


def _none_open(asker: Asker, ritual: Ritual) -> Sorry:
    soon = ritual.next_ask_at or ritual.next_round_at
    if soon is None or ritual.state is not RitualState.ACTIVE:
        return Sorry("checkin.none_open", ritual=Given(ritual.name))
    return Sorry("checkin.none_open_until", ritual=Given(ritual.name), when=Moment(soon, asker.zone))
