"""The care ring: who checks in on whom this time. Only the carer is told; the words are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from bot.domain.cadence import later
from bot.domain.interactions import action
from bot.domain.messages import Asked, Button, Buttons, Code, Given, Message, Part, Person, Say
from bot.domain.ring import RingPlan, plan_ring
from bot.domain.states import Attention
from bot.domain.turns import TurnKind
from bot.rituals.examples import OTHER, example
from bot.rituals.kind import (
    Outlined,
    PlannedAssignment,
    PlannedTurn,
    RingPast,
    RoundPlan,
    Scene,
    Told,
)
from bot.rituals.welcomes import taking_part

CARER = "carer"
MOVED = "moved"  # what a round keeps besides its plan: [carer, receiver] where the receiver asked for somebody else
OPEN_FOR = timedelta(days=14)  # a round without another after it


class RingRules(Protocol):
    """What a ring reads of its table in the config."""

    @property
    def name(self) -> str: ...
    @property
    def members(self) -> str: ...
    @property
    def questions(self) -> Sequence[Any]: ...  # each with `ask`


class CareRing:
    """A directed cycle over everybody present: each cares for one, and is cared for by one."""

    name = "ring"

    def before(self, rules: RingRules) -> timedelta | None:
        return None

    def reason_not_to_open(self, scene: Scene) -> str | None:
        if not scene.everyone:
            return "skipped.nobody"
        if len(scene.everyone) == 1:
            return "skipped.one_person"
        return None if len(scene.people) > 1 else "skipped.everybody_away"

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        past: RingPast = scene.past
        ring = plan_ring(
            [p.id for p in scene.people],
            history=past.rings,
            before=RingPlan.from_document(past.kept) if past.kept else None,
            apart={(carer, receiver) for carer, receiver in (past.kept or {}).get(MOVED, ())},
            rng=rng,
        )
        close_at = scene.next_round_at or later(scene.scheduled_for, OPEN_FOR, scene.zone)
        gave_way = [rule.value for rule in ring.gave_way]
        return RoundPlan(
            turns=tuple(
                PlannedTurn(carer, TurnKind.CARER, {"why": "ring", "gave_way": gave_way})
                for carer in sorted(ring.cares_for)
            ),
            assignments=tuple(
                PlannedAssignment(carer, CARER, cared_for)
                for carer, cared_for in sorted(ring.cares_for.items())
            ),
            told=tuple(
                Told(
                    carer,
                    CARER,
                    turn_to_care(
                        scene.round_id,
                        Say("ring.carer", {"person": Person(cared_for)}),
                        question(scene.rules, scene.scheduled_for),
                        *_notes(carer, cared_for, len(ring.cares_for), past.rings),
                    ),
                    Attention.PRIVATE,
                )
                for carer, cared_for in sorted(ring.cares_for.items())
            ),
            kept=ring.plan.to_document(),
            close_at=close_at,
        )

    def welcome(self, ritual: str, ritual_id: int, rules: RingRules) -> Message:
        quietly = Say("ring.welcome_quietly", {"other": Code("/checkin someone-else")})
        said = (Say("ring.welcome", {"ritual": Given(ritual)}), quietly, Say("ring.known_to_three"))
        return Message(said) + taking_part("checkin", ritual_id, members=rules.members)

    def outline(self, rules: RingRules, *, zone: str, at: datetime) -> Iterator[Outlined]:
        told = turn_to_care(0, Say("ring.carer", {"person": Person(OTHER)}), question(rules, at))
        yield Outlined("carer", at, "each carer of {places}", example(told), private=True)


def question(rules: RingRules, scheduled_for: datetime) -> str | None:
    """What a carer may ask this time, if the config has questions: one after another, round by round."""
    if not rules.questions:
        return None
    asked: str = rules.questions[scheduled_for.toordinal() // 7 % len(rules.questions)].ask
    return asked


def turn_to_care(round_id: int, said: Say, asked: str | None, *notes: Say) -> Message:
    """What a carer is told, and they alone; `said` names whom they look after, `notes` why it is as it is."""
    parts: list[Part] = [said, *notes]
    if asked:
        parts += [Say("ring.may_ask"), Asked(asked)]
    buttons = (
        Button(action("done", round_id), Say("ring.done"), "primary"),
        Button(action("swap", round_id), Say("ring.swap")),
    )
    return Message((*parts, Buttons(buttons)))


def _notes(carer: int, cared_for: int, people: int, before: Sequence[Mapping[int, int]]) -> list[Say]:
    """Which rule gave way, where it concerns the carer: it names nobody but whom they look after."""
    if people == 2:
        return [Say("ring.carer_two")]
    recent = before[-(people - 3) :] if people > 3 else ()  # nobody twice within n − 2 rounds
    if any(ring.get(carer) == cared_for for ring in recent):
        return [Say("ring.carer_again", {"person": Person(cared_for)})]
    return []
