"""Taking up a changed config file; one with mistakes is not taken up, and the last good one stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.loading import Problem, load
from bot.db.models import Team
from bot.domain.commands import Typed
from bot.domain.messages import Given, Line, Message, Part, Say, Values
from bot.services import notices
from bot.services.administration import audit
from bot.services.asking import Asker
from bot.services.teams import Change, apply_config

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What changed, or the mistakes because of which nothing did."""

    changes: Sequence[Change]
    problems: Sequence[Problem]


async def reload_file(session: AsyncSession, team: Team, path: Path, *, now: datetime) -> Reloaded:
    """Read the file again and apply it, if it has no mistakes; else tell the admins, once for each set of them."""
    done = await _reload(session, team, path, now=now)
    if done.problems:
        seen = notices.digest("".join(map(str, done.problems)))
        await notices.config_broken(session, team, done.problems, once=seen, now=now)
    return done


async def _reload(session: AsyncSession, team: Team, path: Path, *, now: datetime) -> Reloaded:
    loaded = load(path)
    if loaded.config is None:
        log.warning("config_not_reloaded", problems=[str(p) for p in loaded.problems])
        return Reloaded((), loaded.problems)
    _, changes = await apply_config(session, loaded.config, now=now, rng=Random(team.seed))
    log.info("config_applied", changes=[f"{c.ritual} {c.what}" for c in changes])
    return Reloaded(changes, ())


async def command(asker: Asker, _typed: Typed) -> Message:
    """`/kinkeeper reload`: whoever asks is told of mistakes in the answer."""
    done = await _reload(asker.session, asker.team, asker.config_path, now=asker.now)
    audit(
        asker.session,
        asker.team,
        "reload",
        str(asker.config_path.name),
        member_id=asker.member.id,
        now=asker.now,
    )
    if done.problems:
        return Message((Say("admin.not_reloaded"), *notices.problem_lines(done.problems)))
    parts: list[Part] = [Say("admin.reloaded", {"count": len(done.changes)})]
    for change in done.changes:
        values: Values = {"ritual": Given(change.ritual), "what": Say(f"change.{change.what}")}
        parts.append(Line(Say("admin.reloaded_line", values)))
    return Message(tuple(parts))
