"""Coffee: who meets whom in a round, when, with which starter; and all that is said about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Literal, Protocol

from bot import wording
from bot.domain import matching, pairs, season
from bot.domain.bag import draw
from bot.domain.cadence import later
from bot.domain.hours import Hours
from bot.domain.interactions import action
from bot.domain.meeting_times import suggest
from bot.domain.messages import (
    Asked,
    Button,
    Buttons,
    Code,
    Day,
    Given,
    Message,
    Moment,
    Part,
    People,
    Person,
    Say,
)
from bot.domain.states import Attention, Outcome
from bot.domain.turns import TurnKind
from bot.rituals.kind import (
    MatchView,
    PersonHere,
    PlannedMatch,
    PlannedTurn,
    Reason,
    RoundPlan,
    Scene,
    Told,
    TurnsSoFar,
)

SUGGEST_WITHIN = timedelta(days=14)
COMPARE_HOURS_UP_TO = 60  # people; beyond, comparing everybody's hours costs more than it gives


class CoffeeRules(Protocol):
    """What coffee reads of its table in the config."""

    @property
    def members(self) -> str: ...
    @property
    def group_size(self) -> int: ...
    @property
    def odd(self) -> Literal["trio", "bye"]: ...
    @property
    def mix(self) -> str | None: ...
    @property
    def meeting_minutes(self) -> int: ...
    @property
    def suggest_times(self) -> int: ...
    @property
    def nudge_after(self) -> timedelta: ...
    @property
    def close_after(self) -> timedelta: ...
    @property
    def starters(self) -> Sequence[str]: ...


class Coffee:
    """Pairs, or groups of up to eight, introduced to each other round by round."""

    name = "coffee"

    def reason_not_to_open(self, scene: Scene) -> str | None:
        if not scene.everyone:
            return "skipped.nobody"
        if not scene.people:
            return "skipped.everybody_away"
        return "skipped.one_person" if len(scene.people) == 1 else None

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        rules: CoffeeRules = scene.rules
        now_season = (
            season.current(
                scene.season,
                scene.everyone,
                history=scene.history,
                avoid=scene.avoid,
                odd=rules.odd,
                rng=rng,
            )
            if rules.group_size == 2
            else None
        )
        plan = matching.plan_round(
            [_participant(p, scene, mix=rules.mix is not None) for p in scene.people],
            history=scene.history,
            avoid=scene.avoid,
            group_size=rules.group_size,
            odd=rules.odd,
            season=now_season,
            overlap=_overlaps(scene.people, scene.scheduled_for),
            rng=rng,
        )
        starters = draw(rules.starters or _own_starters(), scene.bag, len(plan.groups), rng=rng)
        hours = {p.id: p.hours for p in scene.people}
        close_at = later(scene.scheduled_for, rules.close_after, scene.zone)
        return RoundPlan(
            season=now_season,
            matches=tuple(
                PlannedMatch(
                    members=group.members,
                    reasons={m: _document(r) for m, r in group.reasons.items()},
                    starter=starters[i] if starters else None,
                    times=_times([hours[m] for m in group.members], rules, now=scene.now, until=close_at),
                )
                for i, group in enumerate(plan.groups)
            ),
            turns=tuple(_turns(plan)),
            told=tuple(_told(bye, scene) for bye in plan.byes),
            drawn=tuple(starters),
            nudge_at=later(scene.scheduled_for, rules.nudge_after, scene.zone),
            close_at=close_at,
        )

    def welcome(self, ritual: str, rules: CoffeeRules) -> Message:
        about: dict[str, Code | Given] = {
            "ritual": Given(ritual),
            "join": Code("/coffee join"),
            "leave": Code("/coffee leave"),
            "pause": Code("/coffee pause"),
        }
        rule = {"channel": "welcome_channel", "opt-in": "welcome_opt_in"}.get(
            rules.members, "welcome_each_round"
        )
        return Message(
            (
                Say("coffee.welcome", {"ritual": Given(ritual)}),
                Say(f"coffee.{rule}", about),
                Say("coffee.welcome_more", {"help": Code("/kinkeeper help")}),
            )
        )

    def sign_up(self, ritual: str, round_id: int, scheduled_for: datetime, zone: str) -> Message:
        return Message(
            (
                Say("coffee.sign_up", {"ritual": Given(ritual), "when": Moment(scheduled_for, zone)}),
                Buttons(
                    (
                        Button(action("in", round_id), Say("coffee.sign_up_in"), "primary"),
                        Button(action("out", round_id), Say("coffee.sign_up_out")),
                    )
                ),
            )
        )

    def introduction(self, match: MatchView) -> Message:
        parts: list[Part] = [
            Say(
                "coffee.introduction",
                {
                    "people": people(match.members),
                    "ritual": Given(match.ritual),
                    "count": 1 if len(match.members) == 2 else len(match.members),
                },
            )
        ]
        if match.starter:
            parts += [Say("coffee.starter"), Asked(match.starter)]
        if match.chosen_time is not None:
            parts.append(Say("coffee.chosen", {"when": Moment(match.chosen_time, match.zone)}))
        elif match.times and match.outcome is Outcome.UNKNOWN:
            parts += [Say("coffee.times"), _time_buttons(match)]
        if match.meeting_url:
            parts.append(Say("coffee.meeting_place", {"url": Given(match.meeting_url)}))
        return Message((*parts, *_outcome_parts(match, asked=Say("coffee.afterwards"))))

    def nudge(self, match: MatchView) -> Message:
        parts: list[Part] = [Say("coffee.nudge", {"people": people(match.members)})]
        if match.times:
            parts.append(_time_buttons(match))
        return Message(tuple(parts))

    def question(self, match: MatchView) -> Message:
        asked = Say("coffee.question", {"people": people(match.members)})
        return Message(tuple(_outcome_parts(match, asked=asked)))


def people(ids: Sequence[int]) -> People:
    """Members by id, as a value of a sentence."""
    return People(tuple(Person(i) for i in ids))


def _outcome_parts(match: MatchView, *, asked: Say) -> list[Part]:
    """The question with its three buttons; once answered, the answer first. It never says who answered."""
    buttons = Buttons(
        (
            Button(action("met", match.id), Say("coffee.met"), "primary"),
            Button(action("rescheduled", match.id), Say("coffee.rescheduled")),
            Button(action("not", match.id), Say("coffee.not_this_time")),
        )
    )
    if match.outcome is Outcome.UNKNOWN:
        return [asked, buttons]
    return [Say(f"coffee.outcome_{match.outcome.value}"), Say("coffee.correct"), buttons]


def _time_buttons(match: MatchView) -> Buttons:
    return Buttons(
        tuple(
            Button(
                action("time", match.id, index),
                Say("coffee.time", {"when": Moment(at, match.zone)}),
            )
            for index, at in enumerate(match.times)
        )
    )


def _times(
    everyone: Sequence[Hours], rules: CoffeeRules, *, now: datetime, until: datetime
) -> tuple[datetime, ...]:
    if not rules.suggest_times:
        return ()
    return tuple(
        suggest(
            everyone,
            after=now,
            until=min(until, now + SUGGEST_WITHIN),
            minutes=rules.meeting_minutes,
            count=rules.suggest_times,
        )
    )


def _participant(person: PersonHere, scene: Scene, *, mix: bool) -> pairs.Participant:
    byes = scene.turns.get(TurnKind.BYE, TurnsSoFar())
    trios = scene.turns.get(TurnKind.TRIO, TurnsSoFar())
    prefers: pairs.Prefers = "either"
    if person.prefers in ("trio", "bye"):
        prefers = "trio" if person.prefers == "trio" else "bye"
    return pairs.Participant(
        id=person.id,
        prefers=prefers,
        groups=person.groups if mix else frozenset(),
        byes=byes.counts.get(person.id, 0.0),
        trios=trios.counts.get(person.id, 0.0),
        last_bye=_as_round(byes.last.get(person.id)),
        last_trio=_as_round(trios.last.get(person.id)),
    )


def _as_round(last: float | None) -> int | None:
    return None if last is None else int(last)


def _overlaps(here: Sequence[PersonHere], at: datetime) -> Callable[[int, int], float] | None:
    """The share of working hours that each two have in common in the week from `at`; None if all keep the same."""
    if len(here) > COMPARE_HOURS_UP_TO or len({(p.hours.zone, p.hours.working) for p in here}) <= 1:
        return None
    week = {p.id: list(p.hours.working_between(at, at + timedelta(days=7))) for p in here}
    table: dict[pairs.Pair, float] = {}
    for a, b in combinations(sorted(week), 2):
        shared = sum(
            max(0.0, (min(s[1], t[1]) - max(s[0], t[0])).total_seconds()) for s in week[a] for t in week[b]
        )
        least = min(sum((e - s).total_seconds() for s, e in week[x]) for x in (a, b))
        table[pairs.pair(a, b)] = shared / least if least else 0.0
    return lambda a, b: table.get(pairs.pair(a, b), 1.0)


def _own_starters() -> tuple[str, ...]:
    """The catalogue's own starters, for a config that has none."""
    return tuple(wording.template(key) for key in wording.catalogue("en") if key.startswith("starters."))


def _turns(plan: pairs.Plan) -> list[PlannedTurn]:
    """A bye is a turn; so is being one of three where groups are of two, because the number was odd."""
    turns = [PlannedTurn(bye.member, TurnKind.BYE, _document(bye.reason)) for bye in plan.byes]
    for group in plan.groups:
        for member in group.members:
            reason = group.reasons[member]
            if reason.why is pairs.Why.TRIO_BECAUSE_ODD:
                turns.append(PlannedTurn(member, TurnKind.TRIO, _document(reason)))
    return turns


def _told(bye: pairs.Bye, scene: Scene) -> Told:
    """The one who sits out is told so, kindly, and when the next round is."""
    key = "bye" if bye.kind == "turn" else "no_match"
    values: dict[str, Given | Day] = {"ritual": Given(scene.ritual)}
    if scene.next_round_at is not None:
        values["next"] = local_day(scene.next_round_at, scene.zone)
    return Told(
        bye.member,
        key,
        Message((Say(f"coffee.{key}" if "next" in values else f"coffee.{key}_last", values),)),
        Attention.PRIVATE,
    )


def local_day(at: datetime, zone: str) -> Day:
    """The calendar day of an instant in a zone."""
    from zoneinfo import ZoneInfo

    return Day(at.astimezone(ZoneInfo(zone)).date())


def _document(reason: pairs.Reason) -> Reason:
    """The reason as it is kept with the match, and explained by `/coffee why`."""
    return {
        "why": reason.why.value,
        "partners": [{"member": p.member, "why": p.why.value, "last": p.last} for p in reason.partners],
        "gave_way": [rule.value for rule in reason.gave_way],
    }
