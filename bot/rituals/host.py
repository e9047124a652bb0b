"""Hosts: whose turn it is to host a round (facilitate, take notes, welcome), announced in the channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from bot.domain.cadence import later
from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Given, Message, Moment, Person, Say, Values
from bot.domain.rotation import next_hosts
from bot.domain.turns import TurnKind
from bot.rituals.examples import ONE, example
from bot.rituals.kind import (
    HostPast,
    Outlined,
    PlannedAssignment,
    PlannedTurn,
    Posted,
    RoundPlan,
    Scene,
)
from bot.rituals.welcomes import taking_part

ROLE = "role"  # what a round keeps: what its host is called, and that it has one
OPEN_FOR = timedelta(days=1)  # how long after its instant a round of hosts can still be passed and swapped


class HostRules(Protocol):
    """What a rotation of hosts reads of its table in the config."""

    @property
    def name(self) -> str: ...
    @property
    def members(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def announce_before(self) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class HostView:
    """A round of hosts as its announcement shows it; `host` None: everybody passed."""

    round_id: int
    ritual: str
    role: str
    scheduled_for: datetime
    zone: str
    host: int | None
    over: bool = False


class Host:
    """One host a round: who has carried the least, over all rituals together."""

    name = "host"

    def before(self, rules: HostRules) -> timedelta | None:
        return rules.announce_before

    def reason_not_to_open(self, scene: Scene) -> str | None:
        if not scene.everyone:
            return "skipped.nobody"
        return None if scene.people else "skipped.everybody_away"

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        rules: HostRules = scene.rules
        past: HostPast = scene.past
        host = next_hosts(
            [p.id for p in scene.people],
            standing=past.standing,
            this_week=past.this_week,
            last_turn=past.last,
            there=past.there,
            rng=rng,
        )[0]
        shown = HostView(scene.round_id, scene.ritual, rules.role, scene.scheduled_for, scene.zone, host)
        return RoundPlan(
            turns=(PlannedTurn(host, TurnKind.HOST, {"why": "fewest_turns"}),),
            assignments=(PlannedAssignment(host, rules.role),),
            posts=(Posted("host", announcement(shown)),),
            kept={ROLE: rules.role},
            close_at=later(max(scene.scheduled_for, scene.now), OPEN_FOR, scene.zone),
        )

    def welcome(self, ritual: str, ritual_id: int, rules: HostRules) -> Message:
        hosts = Code("/checkin hosts")
        values: Values = {"ritual": Given(ritual), "role": Given(rules.role), "hosts": hosts}
        said = Message((Say("host.welcome", values),))
        return said + taking_part("checkin", ritual_id, members=rules.members)

    def outline(self, rules: HostRules, *, zone: str, at: datetime) -> Iterator[Outlined]:
        shown = HostView(0, rules.name, rules.role, at, zone, ONE)
        yield Outlined(
            "host", later(at, -rules.announce_before, zone), "{places}", example(announcement(shown))
        )


def announcement(shown: HostView) -> Message:
    """Who hosts, and when; said again whenever that changes. Once the round is over it has no buttons."""
    values: Values = {
        "ritual": Given(shown.ritual),
        "role": Given(shown.role),
        "when": Moment(shown.scheduled_for, shown.zone),
    }
    if shown.over:
        if shown.host is None:
            return Message((Say("host.over_nobody", values),))
        return Message((Say("host.over", {**values, "person": Person(shown.host)}),))
    if shown.host is None:
        said = Say("host.nobody", values)
        buttons: tuple[Button, ...] = (
            Button(action("volunteer", shown.round_id), Say("host.volunteer"), "primary"),
        )
    else:
        said = Say("host.announced", {**values, "person": Person(shown.host)})
        buttons = (
            Button(action("pass", shown.round_id), Say("host.pass")),
            Button(action("swap", shown.round_id), Say("host.swap")),
            Button(action("volunteer", shown.round_id), Say("host.volunteer")),
        )
    return Message((said, Buttons(buttons)))
