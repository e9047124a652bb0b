"""Somebody asks for something: who they are, which ritual they mean, and whom they name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Account, Enrolment, Member, Ritual, Team
from bot.domain.commands import Typed, nearest
from bot.domain.messages import Code, Day, Given, Message, Moment, People, Person, Place, Say, Span, Unknown
from bot.domain.states import Choice, RitualState
from bot.domain.until import AlreadyPast, NotADay, parse_day
from bot.runtime import Known
from bot.services import settings
from bot.services.enrolments import new_enrolment
from bot.services.sorry import Sorry

FURTHEST_PAUSE_DAYS = 731
LONGEST_NUMBER = 9  # digits: what fits a row's id on every database


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in one transaction with one reading of the clock."""

    session: AsyncSession
    team: Team
    member: Member
    account: Account
    platform: str
    now: datetime
    config_path: Path
    known: Known = field(default_factory=Known)  # where a form filled with what they typed is kept

    @property
    def address(self) -> str:
        """Their account, as forms in memory are kept for it."""
        return f"{self.platform}:{self.account.handle}"

    @property
    def zone(self) -> str:
        """Their time zone."""
        return settings.member_zone(self.member, self.account.timezone, self.team)

    def is_admin(self) -> bool:
        """By the platform's rules or by the config's `admins`."""
        admins = settings.team_rules(self.team).admins
        if admins == "everyone" or self.account.is_admin:
            return True
        return any(ref.platform == self.platform and ref.reference == self.account.handle for ref in admins)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An answer that takes a while, and nothing of the database: it is finished once the transaction is over."""

    finish: Callable[[], Awaitable[Message]]


async def ritual_meant(
    asker: Asker, words: Sequence[str], *, kind: str, plays: Collection[str] = ()
) -> Ritual:
    """The ritual that is named among `words`, or the only one of its kind; Sorry with the choices otherwise.

    `plays`: of a kind that is played in several ways (check-ins), only these are meant.
    """
    rows = await asker.session.scalars(
        select(Ritual)
        .where(Ritual.team_id == asker.team.id, Ritual.kind == kind, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    rituals = {r.name: r for r in rows if not plays or settings.rules(r).plays in plays}
    if not rituals:
        raise Sorry(f"error.no_{next(iter(plays), kind)}" if plays else f"error.no_{kind}")
    named = [w for w in words if w.lower() in rituals]
    if named:
        return rituals[named[0].lower()]
    if words:
        raise unknown_ritual(words[0], list(rituals))
    if len(rituals) == 1:
        return next(iter(rituals.values()))
    return await _one_they_are_in(asker, list(rituals.values()))


async def _one_they_are_in(asker: Asker, rituals: Sequence[Ritual]) -> Ritual:
    mine = set(
        await asker.session.scalars(
            select(Enrolment.ritual_id).where(
                Enrolment.member_id == asker.member.id,
                or_(Enrolment.in_channel.is_(True), Enrolment.choice == Choice.JOINED),
            )
        )
    )
    candidates = [r for r in rituals if r.id in mine]
    if len(candidates) == 1:
        return candidates[0]
    names = ", ".join(r.name for r in rituals)
    raise Sorry("error.which_ritual", rituals=Given(names), example=Code(rituals[0].name))


async def is_near_a_ritual(asker: Asker, word: str) -> bool:
    """Whether a word names a ritual, or nearly does."""
    names = await asker.session.scalars(select(Ritual.name).where(Ritual.team_id == asker.team.id))
    return nearest(word, list(names)) is not None


def unknown_ritual(typed: str, names: Sequence[str]) -> Sorry:
    """The sentence for a ritual that does not exist, with the nearest spelling."""
    guess = nearest(typed, names)
    if guess:
        return Sorry("error.unknown_ritual_guess", typed=Given(typed), guess=Code(guess))
    return Sorry("error.unknown_ritual", typed=Given(typed), rituals=Given(", ".join(names)))


async def enrolment(asker: Asker, ritual: Ritual) -> Enrolment:
    """How the asker stands to the ritual; made if they never had to do with it."""
    row = await asker.session.scalar(
        select(Enrolment).where(Enrolment.ritual_id == ritual.id, Enrolment.member_id == asker.member.id)
    )
    if row is None:
        row = new_enrolment(asker.team.id, ritual.id, asker.member.id, in_channel=False, now=asker.now)
        asker.session.add(row)
        await asker.session.flush()
    return row


async def person_meant(asker: Asker, typed: Typed) -> tuple[Member | None, list[str]]:
    """The one person that is named, and the words that are left; Sorry for several, or for somebody unknown."""
    if len(typed.people) > 1:
        raise Sorry("error.one_person")
    if typed.people:
        found = await asker.session.scalar(
            select(Account).where(
                Account.workspace_id == asker.account.workspace_id,
                Account.handle == typed.people[0],
                Account.active.is_(True),
            )
        )
        if found is None:
            raise Sorry("error.unknown_person", typed=Unknown(typed.people[0]))
        return await asker.session.get_one(Member, found.member_id), list(typed.words)
    names = [w for w in typed.words if w.startswith("@")]
    if names:
        raise await unknown_person(asker, names[0])
    return None, list(typed.words)


async def unknown_person(asker: Asker, typed: str) -> Sorry:
    """The sentence for somebody nobody here is called, with the nearest name."""
    rows = await asker.session.scalars(
        select(Account.name).where(
            Account.workspace_id == asker.account.workspace_id, Account.active.is_(True)
        )
    )
    guess = nearest(typed.removeprefix("@"), list(rows))
    if guess:
        return Sorry("error.unknown_person_guess", typed=Given(typed), guess=Given(guess))
    return Sorry("error.unknown_person", typed=Given(typed))


def day_meant(asker: Asker, text: str, *, example: str) -> date:
    """The day that was typed; from tomorrow to two years ahead. Sorry otherwise."""
    if not text.strip():
        raise Sorry("error.day_needed", example=Code(example))
    try:
        day = parse_day(text, now=asker.now, zone=asker.zone)
    except AlreadyPast as past:
        raise Sorry("error.day_past", day=Day(past.day)) from past
    except NotADay as unreadable:
        raise Sorry("error.not_a_day", typed=Given(text)) from unreadable
    if (day - asker.now.date()).days > FURTHEST_PAUSE_DAYS:
        raise Sorry("error.day_too_far", leave=Code("/coffee leave"))
    return day


def number(words: Sequence[str]) -> int | None:
    """The number that the first of `words` is; None if it is none, or is greater than any row's id."""
    digits = words[0] if words else ""
    if not digits.isascii() or not digits.isdigit() or len(digits) > LONGEST_NUMBER:
        return None
    return int(digits)


def say(
    key: str, **values: Person | People | Given | Code | Day | Moment | Span | Place | Say | int
) -> Message:
    """A message of one sentence."""
    return Message((Say(key, values),))


def next_round(ritual: Ritual, asker: Asker) -> dict[str, Moment]:
    """The value `next` of a sentence, where there is a next round."""
    if ritual.next_round_at is None or ritual.state is not RitualState.ACTIVE:
        return {}
    return {"next": Moment(ritual.next_round_at, asker.zone)}
