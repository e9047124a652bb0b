"""Answers to a round's questions: the form they are written in, what was typed into it, and what the team reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.commands import storable
from bot.domain.interactions import action
from bot.domain.messages import (
    Asked,
    ChoiceField,
    Form,
    FormField,
    Given,
    Line,
    Message,
    Option,
    Part,
    Person,
    Quote,
    Say,
    TextField,
)

BEFORE = "before"  # what a form carries in front of the questions that it had answers to
LONGEST = 1500  # characters of one answer
DOTS = 20  # of the longest bar of a chart; below so many, one for each answer

Question = tuple[str, int | None]  # what is asked, and the greatest number of its scale; None: in words
Typed = Mapping[int, int | str]  # by the question's index: a number of the scale, or words


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a round of questions keeps from the moment it opens, whatever the config says meanwhile."""

    questions: tuple[Question, ...]
    anonymous: bool
    min_answers: int
    window: timedelta
    answered: int | None = None  # anonymous: how many people's answers were kept at the close, if enough

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Frozen | None:
        """Read back from the document; None if it is of another kind of round."""
        if not kept or "min_answers" not in kept:
            return None
        return cls(
            tuple((question["ask"], question["scale"]) for question in kept["questions"]),
            bool(kept["anonymous"]),
            int(kept["min_answers"]),
            timedelta(seconds=kept["window"]),
            kept.get("answered"),
        )

    def document(self) -> dict[str, Any]:
        """As the round keeps it."""
        return {
            "questions": [{"ask": ask, "scale": scale} for ask, scale in self.questions],
            "anonymous": self.anonymous,
            "min_answers": self.min_answers,
            "window": self.window.total_seconds(),
            "answered": self.answered,
        }


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to one question; `by` a member, or None where it is anonymous."""

    question: int
    words: str | None
    scale: int | None
    by: int | None = None


def form(
    round_id: int,
    ritual: str,
    questions: Sequence[Question],
    *,
    anonymous: bool,
    receipt: str | None = None,
    typed: Typed | None = None,
) -> Form:
    """A field a question, none of which has to be filled; what is stored is said before anything is typed.

    An anonymous one carries a `receipt`, made for this one form; `typed` is what stands in it to begin with. Which
    questions that are it carries too: so what was there and is empty when the form comes back was taken out.
    """
    before = typed or {}
    about: tuple[int | str, ...] = (round_id,)
    if receipt is not None or before:
        about = (round_id, receipt or BEFORE + "".join(map(str, sorted(before))))
    return Form(
        action("answer", *about),
        Say("questions.title", {"ritual": Given(ritual)}),
        Say("questions.send"),
        tuple(_field(i, question, str(before.get(i, ""))) for i, question in enumerate(questions)),
        intro=stored(anonymous=anonymous),
    )


def filled_before(about: Sequence[str]) -> frozenset[int] | None:
    """The questions that had an answer when a named form was shown, by what it carries; None: an anonymous one."""
    carried = about[1] if len(about) > 1 else BEFORE
    if not re.fullmatch(rf"{BEFORE}\d*", carried):
        return None
    return frozenset(map(int, carried.removeprefix(BEFORE)))


def stored(*, anonymous: bool) -> Say:
    """The one sentence on what is stored, which everybody reads before they answer."""
    return Say("questions.anonymous" if anonymous else "questions.with_names")


def _field(index: int, question: Question, value: str) -> FormField:
    ask, scale = question
    label = Say("questions.question", {"question": Given(ask)})
    if scale is None:
        return TextField(_name(index), label, value=value, long=True, required=False, max_length=LONGEST)
    options = tuple(Option(str(n), Say("questions.number", {"number": n})) for n in range(1, scale + 1))
    return ChoiceField(_name(index), label, options, value=value, required=False)


def _name(index: int) -> str:
    return f"question{index}"


def read(
    values: Mapping[str, str], questions: Sequence[Question]
) -> tuple[dict[int, int | str], dict[str, Say]]:
    """What was answered, by question, and what cannot be taken, by field. Words stay as they are, letter for letter."""
    typed: dict[int, int | str] = {}
    wrong: dict[str, Say] = {}
    for i, (_, scale) in enumerate(questions):
        value = storable(values.get(_name(i), ""))
        if not value.strip():
            continue
        if scale is not None:
            numbers = {str(n): n for n in range(1, scale + 1)}
            if value.strip() in numbers:
                typed[i] = numbers[value.strip()]
            else:
                wrong[_name(i)] = Say("questions.not_on_scale", {"most": scale})
        elif len(value) > LONGEST:
            wrong[_name(i)] = Say("questions.too_long", {"most": LONGEST, "count": len(value)})
        else:
            typed[i] = value
    if not typed and not wrong:
        wrong[_name(0)] = Say("questions.nothing_filled")
    return typed, wrong


def given_back(values: Mapping[str, str], questions: Sequence[Question]) -> tuple[Part, ...]:
    """What was typed, for the eyes of whoever typed it, where it cannot be taken."""
    parts: list[Part] = []
    for i, (ask, _) in enumerate(questions):
        value = storable(values.get(_name(i), ""))
        if value.strip():
            parts += [Asked(ask), Quote(value)]
    return (Say("questions.typed"), *parts) if parts else ()


def summary(ritual: str, questions: Sequence[Question], answers: Sequence[Said]) -> Message:
    """Each question with everybody's own words, in the order of `answers`; numbers as a chart, without names."""
    parts: list[Part] = [Say("questions.summary", {"ritual": Given(ritual)})]
    for i, (ask, scale) in enumerate(questions):
        here = [each for each in answers if each.question == i]
        parts.append(Asked(ask))
        if not here:
            parts.append(Say("questions.no_answers"))
        elif scale is not None:
            parts += _chart([each.scale for each in here if each.scale is not None], scale)
        else:
            parts += [
                Quote(each.words, by=Person(each.by) if each.by is not None else None)
                for each in here
                if each.words is not None
            ]
    return Message(tuple(parts))


def too_few(ritual: str) -> Message:
    """What the team reads where fewer answered than it takes; not even how many is told."""
    return Message((Say("questions.too_few", {"ritual": Given(ritual)}),))


def _chart(numbers: Sequence[int], scale: int) -> Iterator[Line]:
    """A line a number, the greatest first, with its bar: a dot an answer, fewer where there are many."""
    counts = Counter(numbers)
    most = max(counts.values())
    for number in range(scale, 0, -1):
        count = counts[number]
        dots = count if most <= DOTS else -(-count * DOTS // most)
        if count:
            dotted = Given("●" * dots)
            yield Line(Say("questions.chart", {"number": number, "dots": dotted, "count": count}))
        else:
            yield Line(Say("questions.chart_none", {"number": number}))
