"""The page of one's own that a platform may have: what comes next, what waits for an answer, what can be changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, Team
from bot.domain.interactions import action
from bot.domain.messages import Button, Code, Given, Line, Message, Moment, Part, Person, Say, Values
from bot.domain.states import RitualState
from bot.services import settings
from bot.services.asking import Asker
from bot.services.membership import PAUSABLE
from bot.services.presence import settings_form
from bot.services.presence.mine import open_questions, open_turns
from bot.services.presence.own_matches import open_matches
from bot.services.presence.own_rituals import Mine, buttons, coming, met, on_a_break, rituals_of, rows
from bot.services.presence.own_settings import SETTINGS

SHOWN = 10  # rituals, and as many to join; of more, it says where the rest can be read
TURNS = 5  # open turns, and as many coffees and rounds of questions


async def page(asker: Asker) -> Message:
    """A member's page. It is only read, in so many queries whatever they take part in: it may be asked for often."""
    mine, others = await rituals_of(asker)
    parts: list[Part] = [Say("home.hello", {"person": Person(asker.member.id)})]
    parts += await _waiting(asker)
    if mine:
        parts += await _taking_part(asker, mine)
        parts += (await open_matches(asker))[:TURNS]
    else:
        parts += [Say("help.about"), Say("help.free")]
    parts += _to_join(others, asker.zone, first=not mine)
    parts += [
        Say("home.settings"),
        *settings_form.lines(asker, settings_form.coffees_of(mine)),
        *rows([SETTINGS]),
        _more(),
    ]
    return Message(tuple(parts))


async def page_of_nobody(session: AsyncSession, team: Team) -> Message:
    """The page of somebody who was never seen here: what this is, and how to join. They become no member by looking."""
    rituals = await session.scalars(
        select(Ritual)
        .where(Ritual.team_id == team.id, Ritual.state != RitualState.ARCHIVED)
        .order_by(Ritual.id)
    )
    joining = _to_join(rituals.all(), settings.team_rules(team).timezone, first=True)
    return Message((Say("help.about"), Say("help.free"), *joining, _more()))


async def _waiting(asker: Asker) -> list[Part]:
    """Turns and questions that are the member's to do now."""
    parts: list[Part] = []
    for turn in (await open_turns(asker))[:TURNS]:
        parts += [turn.said, *rows(turn.buttons)]
    for asked in (await open_questions(asker))[:TURNS]:
        answer = Button(action("answer", asked.round_id), Say("questions.answer"), "primary")
        parts += [Say("home.questions", asked.values), *rows([answer])]
    return parts


async def _taking_part(asker: Asker, mine: Sequence[Mine]) -> list[Part]:
    parts: list[Part] = [Say("me.coming")]
    acquainted = await met(asker, mine[:SHOWN])
    for each in mine[:SHOWN]:
        parts.append(coming(each, asker.zone))
        if (pause := on_a_break(each, asker.zone)) is not None:
            parts.append(pause)
        parts += [*acquainted.get(each.ritual.id, ()), *rows(_buttons(each))]
    if len(mine) > SHOWN:
        more: Values = {"count": len(mine) - SHOWN, "me": Code("/presence me")}
        parts.append(Say("home.more_rituals", more))
    return parts


def _buttons(mine: Mine) -> Sequence[Button]:
    if mine.ritual.kind == "gratitude":
        return [Button(action("thanks", mine.ritual.id), Say("gratitude.say_thanks"))]
    return buttons(mine, named=False)


def _to_join(rituals: Sequence[Ritual], zone: str, *, first: bool) -> list[Part]:
    """What can be joined, what it is, and a button each."""
    joinable = [r for r in rituals if r.kind in PAUSABLE][:SHOWN]
    if not joinable:
        return [Say("home.nothing_to_join")] if first else []
    parts: list[Part] = [Say("home.to_join" if first else "home.also_to_join")]
    parts += [Line(_about(ritual, zone)) for ritual in joinable]
    return parts + list(rows([_join(ritual) for ritual in joinable]))


def _about(ritual: Ritual, zone: str) -> Say:
    what = Say(f"home.what_{settings.rules(ritual).plays}")
    if ritual.next_round_at is None or ritual.state is not RitualState.ACTIVE:
        return Say("home.ritual", {"ritual": Given(ritual.name), "what": what})
    when = Moment(ritual.next_round_at, zone)
    return Say("home.ritual_next", {"ritual": Given(ritual.name), "what": what, "when": when})


def _join(ritual: Ritual) -> Button:
    label = Say("home.join", {"ritual": Given(ritual.name)})
    return Button(action("join", ritual.id), label)


def _more() -> Say:
    return Say("home.more", {"help": Code("/kinkeeper help"), "privacy": Code("/presence privacy")})
