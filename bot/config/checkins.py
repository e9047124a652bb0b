"""The table `[[checkin]]`: rotations of hosts, rings of carers, rounds of questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from bot.config import schedule
from bot.config.fields import SomeSpan, Table, Words
from bot.config.reading import span_text
from bot.config.rituals import RitualConfig, asks_each_round
from bot.config.schedule import Contradiction
from bot.config.spelling import one_of, quoted

CheckinKind = Literal["host", "ring", "questions"]


class Question(Table):
    """One question of a check-in."""

    ask: Annotated[Words, Field(max_length=300)] = Field(description="The question, as it is shown.")
    scale: Annotated[int, Field(ge=2, le=10)] | None = Field(
        default=None, description="Answered by a number from 1 to this (2 to 10); left out, in words."
    )


class CheckinConfig(RitualConfig):
    """A rotation of hosts, a ring of carers, or a round of questions."""

    kind = "checkin"
    stand_ins: ClassVar[Mapping[str, object]] = {**RitualConfig.stand_ins, "kind": "host"}
    belongs_to: ClassVar[Mapping[str, tuple[CheckinKind, ...]]] = {
        "role": ("host",),
        "announce_before": ("host",),
        "local_time": ("questions",),
        "window": ("questions",),
        "anonymous": ("questions",),
        "min_answers": ("questions",),
        "questions": ("questions", "ring"),
    }

    checkin_kind: CheckinKind = Field(
        alias="kind",
        description="A rotation of hosts, a ring of who cares for whom, or questions that all answer.",
    )
    role: Words = Field(
        default="host", description="Hosts: what the host does, such as facilitator or note-taker."
    )
    announce_before: SomeSpan = Field(
        default=timedelta(days=1), description="Hosts: how long before the round its host is announced."
    )
    local_time: bool = Field(
        default=False, description="Questions: asked at `at` in each member's own time zone, not all at once."
    )
    window: SomeSpan = Field(default=timedelta(hours=8), description="Questions: how long answers are taken.")
    anonymous: bool = Field(default=False, description="Questions: nothing links an answer to who gave it.")
    min_answers: Annotated[int, Field(ge=3, le=1000)] = Field(
        default=5,
        description="Questions: below so many answers nothing is shown of anonymous ones; at least 3.",
    )
    questions: Annotated[tuple[Question, ...], Field(strict=False, max_length=5)] = Field(
        default=(),
        description="Questions: one to five of them. Rings: what a carer may ask, offered with the turn.",
    )

    @property
    def plays(self) -> str:
        return self.checkin_kind

    def contradictions(self, *, wrong: frozenset[str], given: frozenset[str]) -> Iterator[Contradiction]:
        yield from super().contradictions(wrong=wrong, given=given)
        kind = self.checkin_kind
        for key, kinds in self.belongs_to.items():
            if key in given and kind not in kinds:
                sentence = (
                    f'"{key}" goes with kind = {one_of(kinds)}, and this is {quoted(kind)}. Take it out.'
                )
                yield Contradiction(key, sentence, ("kind",))
        if kind == "questions" and not self.questions:
            sentence = (
                'A check-in of questions needs one at least, such as questions = [{ ask = "How are you?" }].'
            )
            yield Contradiction("questions", sentence, ("kind", "questions"))
        if kind == "ring" and any(question.scale for question in self.questions):
            sentence = "A carer asks in person, so there is no scale here. Take it out."
            yield Contradiction("questions", sentence, ("kind", "questions"))
        if self.members == "each-round":
            yield asks_each_round("a rotation needs to know who is in it")
        if kind == "questions" and (interval := schedule.interval(self.every)) and self.window > interval:
            sentence = (
                f"Answers would be taken for {span_text(self.window)}, beyond the next round. "
                "Expected a window no longer than the time between two rounds."
            )
            yield Contradiction(
                "window" if "window" in given else "every", sentence, ("kind", "window", "every")
            )

    @model_serializer(mode="wrap")
    def _of_its_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Only the keys that this kind of check-in has, so that what is written can be read again."""
        written: dict[str, Any] = handler(self)
        kind = self.checkin_kind
        return {key: value for key, value in written.items() if kind in self.belongs_to.get(key, (kind,))}
