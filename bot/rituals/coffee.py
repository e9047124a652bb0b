"""Coffee: who meets whom in a round, when, with which starter; and all that is said about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal, Protocol

from bot import wording
from bot.domain import matching, pairs, season
from bot.domain.attention import OPENING_WITHIN, everybody_welcomes
from bot.domain.bag import draw
from bot.domain.cadence import later
from bot.domain.hours import Hours
from bot.domain.meeting_times import suggest
from bot.domain.messages import Code, Day, Given, Message, Say
from bot.domain.states import Attention, Outcome
from bot.domain.turns import TurnKind
from bot.rituals.examples import ONE, OTHER, example
from bot.rituals.introductions import MatchView, introduction, nudge, question, sign_up
from bot.rituals.kind import (
    CoffeePast,
    Outlined,
    PersonHere,
    PlannedMatch,
    PlannedTurn,
    Reason,
    RoundPlan,
    Scene,
    Told,
)
from bot.rituals.matchmaking import overlaps, participant
from bot.rituals.welcomes import taking_part

SUGGEST_WITHIN = timedelta(days=14)


class CoffeeRules(Protocol):
    """What coffee reads of its table in the config."""

    @property
    def name(self) -> str: ...
    @property
    def members(self) -> str: ...
    @property
    def announce_before(self) -> timedelta: ...
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

    def before(self, rules: CoffeeRules) -> timedelta | None:
        return rules.announce_before if rules.members == "each-round" else None

    def reason_not_to_open(self, scene: Scene) -> str | None:
        if not scene.everyone:
            return "skipped.nobody"
        if not scene.people:
            asked = scene.rules.members == "each-round"
            return "skipped.nobody_said_yes" if asked else "skipped.everybody_away"
        # One who is there while others are away is told so, in the words for one whom the rules leave over.
        return "skipped.one_person" if len(scene.everyone) == 1 else None

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        rules: CoffeeRules = scene.rules
        past: CoffeePast = scene.past
        now_season = season.current(
            past.season,
            scene.everyone,
            history=past.history,
            avoid=past.avoid,
            odd=rules.odd,
            rng=rng,
            present=[p.id for p in scene.people],
        )
        plan = matching.plan_round(
            [participant(p, past, mix=rules.mix is not None) for p in scene.people],
            history=past.history,
            avoid=past.avoid,
            group_size=rules.group_size,
            odd=rules.odd,
            season=now_season,
            members=scene.everyone,
            overlap=overlaps(scene.people, scene.scheduled_for),
            rng=rng,
        )
        starters = draw(rules.starters or _own_starters(), scene.bag, len(plan.groups), rng=rng)
        here = {p.id: p for p in scene.people}
        close_at = later(scene.scheduled_for, rules.close_after, scene.zone)
        meet_by = min(close_at, scene.next_round_at or close_at)
        return RoundPlan(
            season=now_season,
            matches=tuple(
                _match(
                    group,
                    here,
                    rules,
                    starter=starters[i] if starters else None,
                    now=scene.now,
                    meet_by=meet_by,
                )
                for i, group in enumerate(plan.groups)
            ),
            turns=tuple(_turns(plan, here)),
            told=tuple(_told(bye, scene) for bye in plan.byes),
            drawn=tuple(starters),
            nudge_at=later(scene.scheduled_for, rules.nudge_after, scene.zone),
            close_at=close_at,
        )

    def welcome(self, ritual: str, ritual_id: int, rules: CoffeeRules) -> Message:
        said = Message((Say("coffee.welcome", {"ritual": Given(ritual)}),))
        if rules.members == "each-round":
            return said + Message((Say("coffee.welcome_each_round", {"leave": Code("/coffee leave")}),))
        return said + taking_part("coffee", ritual_id, members=rules.members)

    def outline(self, rules: CoffeeRules, *, zone: str, at: datetime) -> Iterator[Outlined]:
        starter = rules.starters[0] if rules.starters else None
        shown = MatchView(
            id=0,
            ritual=rules.name,
            members=(ONE, OTHER),
            starter=starter,
            times=(),
            chosen_time=None,
            outcome=Outcome.UNKNOWN,
            zone=zone,
            meeting_url=None,
            minutes=rules.meeting_minutes,
            now=at,
        )
        matches = "each match of {places}"
        if (lead := self.before(rules)) is not None:
            asked = example(sign_up(rules.name, 0, at, zone))
            yield Outlined("sign_up", later(at, -lead, zone), "{places}", asked)
        nudged, closed = (later(at, after, zone) for after in (rules.nudge_after, rules.close_after))
        yield Outlined("introduction", at, matches, example(introduction(shown)), private=True)
        yield Outlined("nudge", nudged, matches, example(nudge(shown)), private=True)
        yield Outlined("question", closed, matches, example(question(shown)), private=True)


def _match(
    group: pairs.Group,
    here: Mapping[int, PersonHere],
    rules: CoffeeRules,
    *,
    starter: str | None,
    now: datetime,
    meet_by: datetime,
) -> PlannedMatch:
    """A group as a match: introduced when nobody wants quiet, with times that are still to come by then."""
    hours = [here[m].hours for m in group.members]
    opens_at = everybody_welcomes(hours, now, within=OPENING_WITHIN)
    return PlannedMatch(
        members=group.members,
        opens_at=opens_at,
        reasons={m: _document(reason, here[m]) for m, reason in group.reasons.items()},
        starter=starter,
        times=_times(hours, rules, now=opens_at, until=meet_by),
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


def _own_starters() -> tuple[str, ...]:
    """The catalogue's own starters, for a config that has none."""
    return tuple(wording.template(key) for key in wording.catalogue("en") if key.startswith("starters."))


def _turns(plan: pairs.Plan, here: Mapping[int, PersonHere]) -> list[PlannedTurn]:
    """A bye is a turn; so is being one of three where groups are of two, because the number was odd."""
    turns = [
        PlannedTurn(bye.member, TurnKind.BYE, _document(bye.reason, here[bye.member])) for bye in plan.byes
    ]
    for group in plan.groups:
        for member in group.members:
            reason = group.reasons[member]
            if reason.why is pairs.Why.TRIO_BECAUSE_ODD:
                turns.append(PlannedTurn(member, TurnKind.TRIO, _document(reason, here[member])))
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


def _document(reason: pairs.Reason, person: PersonHere) -> Reason:
    """The reason as it is kept with the match, and explained by `/coffee why`."""
    return {
        "why": reason.why.value,
        "prefers": person.prefers,
        "partners": [{"member": p.member, "why": p.why.value, "last": p.last} for p in reason.partners],
        "gave_way": [rule.value for rule in reason.gave_way],
    }
