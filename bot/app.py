"""Puts the parts together; starts and stops them in order. The only module that knows them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random, SystemRandom

import structlog
from sqlalchemy import text

from adapters import load
from bot.clock import SystemClock
from bot.config.loading import Problem
from bot.config.loading import load as load_config
from bot.config.references import ChannelRef
from bot.config.rituals import RitualConfig
from bot.config.schema import Config
from bot.config.settings import Settings
from bot.db.engine import DatabaseProblem, Sessions, Unusable, connect, explain
from bot.db.upgrade import revision_problem, upgrade
from bot.inbox import TransactionalInbox
from bot.ports import ChatPlatform, Clock, NotSetUp, Surroundings
from bot.runtime import Runtime
from bot.services.teams import apply_config
from bot.travel import Simulated, simulated
from jobs.scheduler import Ticking, ticking
from jobs.sync_rosters import sync_rosters
from jobs.watch_config import watch_config

log = structlog.get_logger(__name__)

NOT_HERE = "it is left out of this run"


class BadConfig(Exception):
    """The config has mistakes; all of them."""

    exit_status = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class CannotStart(Exception):
    """Something outside the config is missing; the text says what, and how to mend it."""

    exit_status = 1


@dataclass(slots=True)
class Parts:
    """A running program: what it consists of, for whoever serves or drives it."""

    runtime: Runtime
    inbox: TransactionalInbox
    ticking: Ticking | None = None
    people: list[Simulated] = field(default_factory=list)
    unspoken: Mapping[str, str] = field(default_factory=dict)
    """Platforms that the config names and that could not be made, with the reason."""

    async def health(self) -> Mapping[str, str]:
        """Of each part "ok" or "connected", or what is wrong with it."""
        found = {name: platform.state() for name, platform in self.runtime.platforms.items()}
        found |= self.unspoken
        try:
            async with self.runtime.sessions.read() as session:
                await session.execute(text("SELECT 1"))
            found["database"] = "ok"
        except Unusable as error:
            found["database"] = str(explain(error, self.runtime.sessions.engine.url))
        return found


def read_config(path: Path) -> Config:
    """The config at `path`; BadConfig with every mistake in it."""
    loaded = load_config(path)
    if loaded.config is None:
        raise BadConfig(loaded.problems)
    return loaded.config


def platforms_named(config: Config) -> list[str]:
    """The platforms that the config's channels are on."""
    return sorted({channel.platform for ritual in config.rituals for channel in ritual.channel})


def make_platforms(
    config: Config, settings: Settings, clock: Clock
) -> tuple[dict[str, ChatPlatform], dict[str, str]]:
    """The platforms that the config names, and of those that cannot be made the reason.

    CannotStart, with the reasons, if there is none at all.
    """
    named = platforms_named(config)
    surroundings = Surroundings(clock, settings.config_path.parent, settings.platform_variables)
    made: dict[str, ChatPlatform] = {}
    missing: dict[str, str] = {}
    for name in named:
        try:
            made[name] = set_up(name, surroundings)
        except NotSetUp as problem:
            missing[name] = str(problem)
    if named and not made:
        raise CannotStart("\n".join(missing.values()))
    for name, reason in missing.items():
        log.warning("platform_not_set_up", platform=name, problem=reason)
    return made, missing


def set_up(name: str, surroundings: Surroundings) -> ChatPlatform:
    """One platform; NotSetUp, with what is missing, if it cannot be made."""
    made: ChatPlatform = load(name).set_up(surroundings)  # type: ignore[attr-defined]
    return made


async def open_database(url: str, *, migrate: bool, fast_and_loose: bool = False) -> Sessions:
    """The database, with tables of this version. Without `migrate` an older one is refused (DatabaseProblem).

    SQLite is always brought up to date; elsewhere `kinkeeper db upgrade` does it, once for all machines.
    """
    sessions = connect(url, fast_and_loose=fast_and_loose)
    try:
        if migrate or sessions.engine.dialect.name == "sqlite":
            await upgrade(sessions)
        elif problem := await revision_problem(sessions):
            raise DatabaseProblem(problem)
    except BaseException:
        await sessions.dispose()
        raise
    return sessions


async def apply(sessions: Sessions, config: Config, *, clock: Clock, rng: Random) -> int:
    """Apply the config; the team's id."""
    try:
        async with sessions.begin(alone="config") as session:
            team_id, changes = await apply_config(session, config, now=clock.now(), rng=rng)
    except Unusable as error:
        raise explain(error, sessions.engine.url) from error
    if changes:
        log.info("config_applied", changes=[f"{c.ritual} {c.what}" for c in changes])
    return team_id


@asynccontextmanager
async def running(
    settings: Settings,
    config: Config,
    *,
    clock: Clock | None = None,
    platforms: Mapping[str, ChatPlatform] | None = None,
    rng: Random | None = None,
    timetable: bool = True,
    watch: bool = True,
    migrate: bool = False,
    fast_and_loose: bool = False,
) -> AsyncIterator[Parts]:
    """Everything but the web pages, started in order and stopped in the reverse order."""
    clock = clock or SystemClock()
    if platforms is None:
        platforms, unspoken = make_platforms(config, settings, clock)
    else:
        unspoken = {name: NOT_HERE for name in platforms_named(config) if name not in platforms}
    async with AsyncExitStack() as stack:
        sessions = await open_database(settings.database_url, migrate=migrate, fast_and_loose=fast_and_loose)
        stack.push_async_callback(sessions.dispose)
        team_id = await apply(sessions, config, clock=clock, rng=rng or SystemRandom())
        runtime = Runtime(
            sessions=sessions,
            platforms=platforms,
            clock=clock,
            team_id=team_id,
            config_path=settings.config_path,
        )
        parts = Parts(runtime, TransactionalInbox(runtime), unspoken=unspoken)
        for platform in platforms.values():
            await platform.start(parts.inbox)
            stack.push_async_callback(platform.stop)
            if (people := simulated(platform)) is not None:
                parts.people.append(people)
        await sync_rosters(runtime)
        if watch:
            await stack.enter_async_context(watching(runtime))
        if timetable:
            await stack.enter_async_context(scheduled(parts))
        yield parts


@asynccontextmanager
async def scheduled(parts: Parts) -> AsyncIterator[None]:
    """The timetable runs: rounds open, and what is owed is sent."""
    async with ticking(parts.runtime) as parts.ticking:
        yield


@asynccontextmanager
async def acting(parts: Parts) -> AsyncIterator[None]:
    """Lets simulated people act as real time passes, a look every second."""

    async def act(stop: asyncio.Event) -> None:
        while not stop.is_set():
            for people in parts.people:
                try:
                    await people.act(parts.runtime.clock.now())
                except Exception:  # recorded; they act again at the next look
                    log.exception("simulated_people_failed")
            try:
                await asyncio.wait_for(stop.wait(), timeout=1)
            except TimeoutError:
                continue

    stop = asyncio.Event()
    task = asyncio.create_task(act(stop), name="simulated-people")
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def watching(runtime: Runtime) -> AsyncIterator[None]:
    """Takes up the config file whenever it changes."""
    stop = asyncio.Event()
    task = asyncio.create_task(watch_config(runtime, stop=stop), name="watch-config")
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def serving(settings: Settings, parts: Parts) -> AsyncIterator[str]:
    """The web pages: health, and those of the platforms; yields the address. CannotStart if it cannot listen."""
    from adapters.web.app import NotLoopback, build, serve

    mounts = [p.routes for p in parts.runtime.platforms.values() if hasattr(p, "routes")]
    app = build(health=parts.health, mounts=mounts)
    try:
        runner = await serve(app, settings.host, settings.port)
    except (OSError, NotLoopback) as problem:
        raise CannotStart(str(problem.strerror if isinstance(problem, OSError) else problem)) from problem
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def on_playground(config: Config) -> Config:
    """The same config with every channel in the playground, to try it out before a team sees it."""

    def moved(rituals: Sequence[RitualConfig]) -> tuple[RitualConfig, ...]:
        return tuple(r.model_copy(update={"channel": tuple(map(_there, r.channel))}) for r in rituals)

    return config.model_copy(
        update={
            "coffee": moved(config.coffee),
            "gratitude": moved(config.gratitude),
            "checkin": moved(config.checkin),
        }
    )


def _there(channel: ChannelRef) -> ChannelRef:
    return replace(channel, platform="playground", reference=f"#{channel.reference.lstrip('#').lower()}")
