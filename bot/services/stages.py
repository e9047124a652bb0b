"""What is a kind of ritual's own at each step of a round, where rows are read or written: one line a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Ritual, Round, Team
from bot.domain.messages import Message
from bot.services.checkins import anonymous, caring, host_choice, hosting, reminding, summaries
from bot.services.coffee import following_up, pasts
from bot.services.gratitude import thanks_nudges
from bot.services.participants import Participant


class ReadPast(Protocol):
    """Reads what went before a round, as the kind's `plan_round` wants it."""

    async def __call__(
        self, session: AsyncSession, ritual: Ritual, team: Team, people: Sequence[Participant], round_: Round
    ) -> Any: ...


class OpensAt(Protocol):
    """When (UTC) the round at `scheduled_for` is to open, of a kind that opens rounds before their instant."""

    async def __call__(
        self, session: AsyncSession, ritual: Ritual, team: Team, scheduled_for: datetime, *, now: datetime
    ) -> datetime: ...


class StepBack(Protocol):
    """Somebody leaves, or pauses until an instant (UTC; None: for good): what that means for turns under way."""

    async def __call__(
        self,
        session: AsyncSession,
        ritual: Ritual,
        team: Team,
        member_id: int,
        *,
        until: datetime | None,
        now: datetime,
    ) -> None: ...


class OnJoining(Protocol):
    """What somebody who has just joined is told besides, if anything."""

    async def __call__(
        self, session: AsyncSession, ritual: Ritual, team: Team, *, now: datetime
    ) -> Message: ...


class Step(Protocol):
    """A later step of an open round, in the transaction that takes it."""

    async def __call__(
        self, session: AsyncSession, round_: Round, ritual: Ritual, team: Team, *, now: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Stages:
    """What a kind does itself; None: nothing. One that comes `before` its instant without `opens_at` asks who comes."""

    past: ReadPast | None = None
    opens_at: OpensAt | None = None
    nudge: Step | None = None
    close: Step | None = None
    seal: Step | None = None  # comes before `close`, and even where the ritual is gone from the config
    step_back: StepBack | None = None
    on_joining: OnJoining | None = None


STAGES: dict[str, Stages] = {
    "coffee": Stages(past=pasts.coffee_past, nudge=following_up.nudge, close=following_up.close),
    "gratitude": Stages(nudge=thanks_nudges.nudge),
    "host": Stages(
        past=host_choice.host_past,
        opens_at=hosting.opens_at,
        close=hosting.close,
        step_back=hosting.step_back,
    ),
    "ring": Stages(past=caring.ring_past, step_back=caring.step_back, on_joining=caring.on_joining),
    "questions": Stages(
        opens_at=reminding.opens_at,
        nudge=reminding.look,
        close=summaries.close,
        seal=anonymous.seal,
        step_back=reminding.step_back,
    ),
}


async def step_back(
    session: AsyncSession,
    ritual: Ritual,
    team: Team,
    member_id: int,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """Somebody leaves, or pauses. Each kind looks for its own: a round may be open of what its ritual was before."""
    for stages in STAGES.values():
        if stages.step_back is not None:
            await stages.step_back(session, ritual, team, member_id, until=until, now=now)
