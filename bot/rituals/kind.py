"""What a kind of ritual decides and says: given a scene, it returns a plan as data; services store and send it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from bot.domain.hours import Hours
from bot.domain.messages import Message
from bot.domain.pairs import History, Pair
from bot.domain.season import SeasonPlan
from bot.domain.states import Attention
from bot.domain.turns import TurnKind

Reason = Mapping[str, Any]
"""Why something was decided, as a JSON document: `{"kind": "never_introduced", …}`; shown by `explain`."""


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A member who is there for a round. `overlaps` need not be given: it follows from the hours."""

    id: int
    hours: Hours
    prefers: str = "either"
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TurnsSoFar:
    """Turns of one kind: how many each member stands at, and when their last was (Unix time)."""

    counts: Mapping[int, float] = field(default_factory=dict)
    last: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CoffeePast:
    """What went before a coffee round: who met whom, which season it is, whose turns there were."""

    history: History
    season: SeasonPlan | None
    avoid: frozenset[Pair]
    turns: Mapping[TurnKind, TurnsSoFar]
    this_week: Mapping[int, int]  # turns of any kind and ritual in the week of the round, by member


@dataclass(frozen=True, slots=True)
class HostPast:
    """What went before a round of hosts, over the shared turn ledger."""

    standing: Mapping[int, float]  # weighted turns of all rituals; a newcomer stands at the team's minimum
    last: Mapping[int, float]  # when each last hosted this ritual (Unix time)
    there: Mapping[int, int]  # how many rounds of this ritual each was there for
    this_week: Mapping[int, int]  # turns of any kind and ritual in the week of the round, by member


@dataclass(frozen=True, slots=True)
class RingPast:
    """The rings of a ritual so far, oldest first, as they really became, and what the last one kept of its plan."""

    rings: Sequence[Mapping[int, int]]
    kept: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Scene:
    """All there is to know when a round is planned; instants are UTC."""

    ritual: str
    ritual_id: int
    round_id: int
    rules: (
        Any  # the ritual's table of the config; each kind names what it reads of it in a Protocol of its own
    )
    zone: str
    scheduled_for: datetime
    now: datetime
    next_round_at: datetime | None
    people: Sequence[PersonHere]  # who is there
    everyone: Sequence[int]  # who takes part, also those who are away this time
    bag: Sequence[str]  # what was drawn from the bag of texts since it was last filled
    past: Any = None  # what went before, as the kind wants it: CoffeePast, HostPast, RingPast or nothing


@dataclass(frozen=True, slots=True)
class PlannedMatch:
    members: tuple[int, ...]
    opens_at: datetime  # UTC; when it is introduced
    reasons: Mapping[int, Reason]
    starter: str | None
    times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    member: int
    kind: TurnKind
    reason: Reason


@dataclass(frozen=True, slots=True)
class PlannedAssignment:
    """A turn in a rotation: `role` is "carer" in a ring, else what the config calls the host."""

    member: int
    role: str
    cares_for: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A direct message to one member. `what` and the member make it once a round. `at` is UTC; None: now."""

    member: int
    what: str
    message: Message
    attention: Attention
    at: datetime | None = None
    useful_until: datetime | None = None  # None: until the round closes


@dataclass(frozen=True, slots=True)
class Posted:
    """A post to every channel of the ritual; `what` makes it once a round."""

    what: str
    message: Message


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round does, decided whole before anything is written."""

    season: SeasonPlan | None = None
    matches: tuple[PlannedMatch, ...] = ()
    turns: tuple[PlannedTurn, ...] = ()
    assignments: tuple[PlannedAssignment, ...] = ()
    asked: Mapping[int, datetime] = field(default_factory=dict)  # who is asked the questions, and when (UTC)
    told: tuple[Told, ...] = ()
    posts: tuple[Posted, ...] = ()
    drawn: tuple[str, ...] = ()  # from the bag, in this order
    kept: Mapping[str, Any] | None = None  # a JSON document that the round keeps of its plan
    nudge_at: datetime | None = None
    close_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlined:
    """A message that a round will send, before anybody is known: `at` is UTC, `to` a place or a sort of people."""

    step: str
    at: datetime
    to: str  # "{places}" stands for the ritual's channels
    text: str
    private: bool = False  # it waits for people's hours and budget


class RitualKind(Protocol):
    """One file in this folder, one line in `KINDS`. What it decides and says; each call is pure."""

    name: str

    def before(self, rules: Any) -> timedelta | None:
        """How long before its instant a round begins, by asking who takes part or by opening; None: it does not."""

    def reason_not_to_open(self, scene: Scene) -> str | None:
        """Why no round is opened now (a key of the catalogue), or None."""

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        """Decide the whole round."""

    def welcome(self, ritual: str, ritual_id: int, rules: Any) -> Message:
        """How the bot introduces itself in a channel the ritual comes to."""

    def outline(self, rules: Any, *, zone: str, at: datetime) -> Iterator[Outlined]:
        """What a round at `at` (UTC) will send."""
