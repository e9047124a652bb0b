"""What a kind of ritual decides and says: given a scene, it returns a plan as data; services store and send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Protocol

from bot.domain.hours import Hours
from bot.domain.messages import Message
from bot.domain.pairs import History, Pair
from bot.domain.season import SeasonPlan
from bot.domain.states import Attention, Outcome
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
class Scene:
    """All there is to know when a round is planned; instants are UTC."""

    ritual: str
    rules: (
        Any  # the ritual's table of the config; each kind names what it reads of it in a Protocol of its own
    )
    zone: str
    scheduled_for: datetime
    now: datetime
    next_round_at: datetime | None
    people: Sequence[PersonHere]  # who is there
    everyone: Sequence[int]  # who takes part, also those who are away this time
    history: History
    season: SeasonPlan | None
    avoid: frozenset[Pair]
    turns: Mapping[TurnKind, TurnsSoFar]
    bag: Sequence[str]  # what was drawn from the bag of starters since it was last filled


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
class Told:
    """A direct message to one member. `what` and the member make it once a round."""

    member: int
    what: str
    message: Message
    attention: Attention


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round does, decided whole before anything is written."""

    season: SeasonPlan | None = None
    matches: tuple[PlannedMatch, ...] = ()
    turns: tuple[PlannedTurn, ...] = ()
    told: tuple[Told, ...] = ()
    posts: tuple[Message, ...] = ()  # to every channel of the ritual
    drawn: tuple[str, ...] = ()  # from the bag, in this order
    nudge_at: datetime | None = None
    close_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match as its messages show it."""

    id: int
    ritual: str
    members: tuple[int, ...]
    starter: str | None
    times: tuple[datetime, ...]
    chosen_time: datetime | None
    outcome: Outcome
    zone: str  # to show times in where the platform cannot know the reader's
    meeting_url: str | None
    minutes: int
    now: datetime  # times that have passed are offered no more
    wants_times: bool = False  # times were to be suggested; with none, their hours have none in common


class RitualKind(Protocol):
    """One file in this folder, one line in `KINDS`."""

    name: str

    def reason_not_to_open(self, scene: Scene) -> str | None:
        """Why no round is opened now (a key of the catalogue), or None."""

    def plan_round(self, scene: Scene, *, rng: Random) -> RoundPlan:
        """Decide the whole round."""

    def welcome(self, ritual: str, ritual_id: int, rules: Any) -> Message:
        """How the bot introduces itself in a channel the ritual comes to."""

    def sign_up(self, ritual: str, round_id: int, scheduled_for: datetime, zone: str) -> Message:
        """The question who takes part, for a ritual that asks before each round."""

    def introduction(self, match: MatchView) -> Message:
        """The match's own message; said again whenever the match has changed."""

    def nudge(self, match: MatchView) -> Message:
        """The one reminder, where nobody has said anything."""

    def question(self, match: MatchView) -> Message:
        """What is asked when the round closes, where nobody has said what became of the match."""
