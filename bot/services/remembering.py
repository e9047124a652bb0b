"""Brings up to date what is kept in memory, for whatever must be answered without waiting for the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.rituals import GratitudeConfig
from bot.db.models import Account, Answer, Answered, Member, Ritual, Round, Workspace
from bot.domain import receipts
from bot.domain.interactions import Actor, Command, Interaction, Submit, action, read_action
from bot.domain.messages import Form
from bot.domain.states import RitualState, RoundState
from bot.rituals import answers
from bot.rituals.answers import Frozen
from bot.runtime import Known, OpenQuestions, Runtime, Thankable
from bot.services import settings
from bot.services.asking import number
from bot.services.checkins.answering import CHANCE


async def remember(runtime: Runtime) -> None:
    """Names of rituals and people, the team's zone, the values that thanks may be for, the questions that are open."""
    async with runtime.sessions.read() as session:
        rituals = (
            await session.scalars(
                select(Ritual)
                .where(Ritual.team_id == runtime.team_id, Ritual.state != RitualState.ARCHIVED)
                .order_by(Ritual.id)
            )
        ).all()
        people = await session.scalars(
            select(Member.name)
            .where(Member.team_id == runtime.team_id, Member.left_at.is_(None))
            .order_by(Member.name)
        )
        by_kind: dict[str, list[str]] = {}
        gratitude: dict[int, Thankable] = {}
        for ritual in rituals:
            by_kind.setdefault(ritual.kind, []).append(ritual.name)
            rules = settings.rules(ritual)
            if isinstance(rules, GratitudeConfig):
                gratitude[ritual.id] = Thankable(ritual.name, rules.values)
        known = runtime.known
        known.rituals, known.people, known.gratitude = by_kind, list(people), gratitude
        known.zone = settings.team_rules(await settings.team_row(session, runtime.team_id)).timezone
        known.names = {ritual.id: ritual.name for ritual in rituals}
        known.questions = await open_questions(session, runtime.team_id)
        known.answered = await _answered(session, known.questions)
        known.filled = {
            **{key: form for key, form in known.filled.items() if read_action(key[1])[0] != "answer"},
            **await _filled(session, known.questions),
        }


async def open_questions(session: AsyncSession, team_id: int) -> dict[int, OpenQuestions]:
    """The rounds of questions that can be answered now, by their ids, with the questions as they were asked."""
    rows = await session.execute(
        select(Round.id, Round.kept, Ritual.name)
        .join(Ritual, Ritual.id == Round.ritual_id)
        .where(
            Round.team_id == team_id,
            Round.state == RoundState.OPEN,
            Ritual.kind == "checkin",
            Ritual.state != RitualState.ARCHIVED,
        )
        .order_by(Round.id)
    )
    return {
        round_id: OpenQuestions(ritual, frozen.questions, frozen.anonymous)
        for round_id, kept, ritual in rows
        if (frozen := Frozen.of(kept)) is not None
    }


async def note_answers(runtime: Runtime, happened: Interaction) -> None:
    """What somebody has just answered under their name stands in the form when they open it again.

    Who has answered without it gets no second form, until they have deleted what they answered.
    """
    known = runtime.known
    rounds: dict[int, OpenQuestions] = {}
    match happened:
        case Submit(action=sent):
            verb, about = read_action(sent)
            round_id = number(about) if verb == "answer" else None
            rounds = {each: asked for each, asked in known.questions.items() if each == round_id}
        case Command(text=text) if "delete" in text.lower():
            rounds = {each: known.questions[each] for each, _ in known.answered if each in known.questions}
        case _:
            pass
    if rounds:
        async with runtime.sessions.read() as session:
            known.filled |= await _filled(session, rounds, account=happened.actor.account)
            known.answered = await _answered(session, known.questions)


def answer_form(known: Known, about: Sequence[int | str], actor: Actor) -> Form | None:
    """The form of an open round from memory, with what they answered before, or with a receipt of its own."""
    round_id = number([str(each) for each in about])
    asked = known.questions.get(round_id) if round_id is not None else None
    if round_id is None or asked is None:
        return None
    filled = known.filled.get((_key(actor.platform, actor.account), action("answer", round_id)))
    if filled is not None:
        return filled
    if (round_id, _key(actor.platform, actor.account)) in known.answered:
        return None  # they are told so, instead of typing in vain
    receipt = receipts.fresh(CHANCE) if asked.anonymous else None
    return answers.form(round_id, asked.ritual, asked.questions, anonymous=asked.anonymous, receipt=receipt)


def answer_form_of(known: Known, words: Sequence[str], actor: Actor) -> Form | None:
    """The form of the one open round, or of the one of the ritual that is named; None if there is none, or several."""
    found = [round_id for round_id, asked in known.questions.items() if not words or asked.ritual in words]
    return answer_form(known, found, actor) if len(found) == 1 else None


async def _filled(
    session: AsyncSession, rounds: Mapping[int, OpenQuestions], *, account: str | None = None
) -> dict[tuple[str, str], Form]:
    """The forms of named rounds with what was answered so far, by account and action; of one account if it is given."""
    named = [round_id for round_id, asked in rounds.items() if not asked.anonymous]
    if not named:
        return {}
    query = (
        select(
            Workspace.platform, Account.handle, Answer.round_id, Answer.question, Answer.words, Answer.scale
        )
        .join(Account, Account.member_id == Answer.member_id)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(Answer.round_id.in_(named))
    )
    if account is not None:
        query = query.where(Account.handle == account)
    typed: dict[tuple[str, int], dict[int, int | str]] = {}
    for platform, handle, round_id, question, words, scale in await session.execute(query):
        before = typed.setdefault((_key(platform, handle), round_id), {})
        before[question] = scale if scale is not None else words or ""
    return {
        (key, action("answer", round_id)): answers.form(
            round_id, rounds[round_id].ritual, rounds[round_id].questions, anonymous=False, typed=each
        )
        for (key, round_id), each in typed.items()
    }


async def _answered(session: AsyncSession, rounds: Mapping[int, OpenQuestions]) -> set[tuple[int, str]]:
    """Who has the mark of having answered an anonymous round, by round and account."""
    anonymous = [round_id for round_id, asked in rounds.items() if asked.anonymous]
    if not anonymous:
        return set()
    rows = await session.execute(
        select(Answered.round_id, Workspace.platform, Account.handle)
        .join(Account, Account.member_id == Answered.member_id)
        .join(Workspace, Workspace.id == Account.workspace_id)
        .where(Answered.round_id.in_(anonymous))
    )
    return {(round_id, _key(platform, handle)) for round_id, platform, handle in rows}


def _key(platform: str, account: str) -> str:
    return f"{platform}:{account}"
