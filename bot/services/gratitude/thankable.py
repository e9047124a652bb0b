"""Whom somebody can thank, for which of the team's values, in which ritual; what does not fit is said at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.config.rituals import GratitudeConfig
from bot.db.models import Account, Enrolment, Member, Ritual, Thanks, ThanksRecipient
from bot.domain.cadence import resolve
from bot.domain.messages import Code, Given, Person, Say, Unknown
from bot.domain.states import RitualState
from bot.domain.thanks import LONGEST, MOST_A_DAY, MOST_PEOPLE, mentioned, with_names
from bot.rituals.thanks import TO, WHERE, WORDS
from bot.services import settings
from bot.services.asking import Asker, unknown_person
from bot.services.sorry import Wrong


@dataclass(frozen=True, slots=True)
class Place:
    """A ritual in which thanks are said, and its values."""

    ritual: Ritual
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom and what somebody means: what can be thanked with, and what is wrong by field of the form."""

    members: tuple[Member, ...]
    accounts: tuple[str, ...]  # of those who can be thanked
    words: str  # with names in place of ids
    errors: Mapping[str, Say]


async def places(asker: Asker) -> dict[int, Place]:
    """The gratitude rituals, by id, in the order of the config."""
    rows = await asker.session.scalars(
        select(Ritual)
        .where(
            Ritual.team_id == asker.team.id,
            Ritual.kind == GratitudeConfig.kind,
            Ritual.state != RitualState.ARCHIVED,
        )
        .order_by(Ritual.id)
    )
    return {row.id: Place(row, values_of(row)) for row in rows}


def values_of(ritual: Ritual) -> tuple[str, ...]:
    """The team's values that a ritual offers."""
    rules = settings.rules(ritual)
    return rules.values if isinstance(rules, GratitudeConfig) else ()


async def place_meant(
    asker: Asker, found: Mapping[int, Place], *, worth: str | None, privately: bool
) -> Ritual | None:
    """The ritual that a line is for; None where there is none.

    The only one, else the only one that has the value, else the only one whose channel they are in. Wrong if that
    leaves a choice; where it is private it makes no difference.
    """
    candidates = [p.ritual for p in found.values() if worth is None or worth in p.values]
    if len(candidates) > 1 and not privately:
        mine = set(
            await asker.session.scalars(
                select(Enrolment.ritual_id).where(
                    Enrolment.member_id == asker.member.id, Enrolment.in_channel.is_(True)
                )
            )
        )
        here = [ritual for ritual in candidates if ritual.id in mine]
        if len(here) != 1:
            raise Wrong({WHERE: which(found)})
        candidates = here
    return candidates[0] if candidates else None


def which(found: Mapping[int, Place]) -> Say:
    """The question for the channel."""
    names = ", ".join(place.ritual.name for place in found.values())
    return Say("gratitude.which_channel", {"rituals": Given(names)})


async def meant(asker: Asker, accounts: Sequence[str], misnamed: str | None, words: str) -> Meant:
    """Look up the people and the words, within all limits."""
    rows = await asker.session.execute(
        select(Account, Member)
        .join(Member, Member.id == Account.member_id)
        .where(
            Account.workspace_id == asker.account.workspace_id,
            Account.handle.in_({*accounts, *mentioned(words)}),
        )
    )
    known = {account.handle: (account, member) for account, member in rows}
    words = with_names(words, {handle: account.name for handle, (account, _) in known.items()}).strip()
    problem = None if misnamed is None else (await unknown_person(asker, misnamed)).say
    good: dict[int, tuple[Member, str]] = {}
    for handle in accounts:
        account, member = known.get(handle, (None, None))
        if account is None or member is None or account.is_bot:
            problem = problem or Say("gratitude.unknown", {"typed": Unknown(handle)})
        elif member.id == asker.member.id:
            problem = problem or Say("gratitude.yourself")
        elif not account.active or (member.left_at is not None and not account.is_guest):
            problem = problem or Say("gratitude.has_left", {"person": Person(member.id, account.name)})
        else:
            good[member.id] = member, handle
    members = tuple(member for member, _ in good.values())
    problem = problem or await _limit(asker, members)
    errors = {} if problem is None else {TO: problem}
    if wrong := words_problem(words):
        errors[WORDS] = wrong
    return Meant(members, tuple(handle for _, handle in good.values()), words, errors)


async def names_in(asker: Asker, words: str) -> dict[str, str]:
    """The names of the people who are mentioned in a text, by account."""
    rows = await asker.session.execute(
        select(Account.handle, Account.name).where(
            Account.workspace_id == asker.account.workspace_id, Account.handle.in_(mentioned(words))
        )
    )
    return {handle: name for handle, name in rows}


def words_problem(words: str) -> Say | None:
    """What is wrong with somebody's words, if anything."""
    if not words:
        return Say("gratitude.words_needed")
    if len(words) > LONGEST:
        return Say("gratitude.words_too_long", {"count": len(words), "most": LONGEST})
    return None


async def _limit(asker: Asker, members: Sequence[Member]) -> Say | None:
    """Nobody, too many at a time, or too often on the sender's local day."""
    if not members:
        return Say("gratitude.nobody_named", {"example": Code("/thanks @ana WORDS")})
    if len(members) > MOST_PEOPLE:
        return Say("gratitude.too_many_people", {"count": len(members), "most": MOST_PEOPLE})
    # two lines at once are counted one after the other
    await asker.session.execute(
        select(Member.id).where(Member.id == asker.member.id).with_for_update(key_share=True)
    )
    today = asker.now.astimezone(ZoneInfo(asker.zone)).date()
    thanked = await asker.session.scalars(
        select(ThanksRecipient.member_id)
        .join(Thanks, Thanks.id == ThanksRecipient.thanks_id)
        .where(
            Thanks.sender_id == asker.member.id,
            Thanks.said_at >= resolve(datetime.combine(today, time.min), asker.zone),
            ThanksRecipient.member_id.in_([m.id for m in members]),
        )
        .group_by(ThanksRecipient.member_id)
        .having(func.count() >= MOST_A_DAY)
        .order_by(ThanksRecipient.member_id)
    )
    full = thanked.first()
    if full is None:
        return None
    name = next(member.name for member in members if member.id == full)
    return Say("gratitude.enough_for_today", {"person": Person(full, name), "most": MOST_A_DAY})
