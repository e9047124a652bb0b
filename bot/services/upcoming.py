"""What will be sent in the coming weeks, and what about it deserves a second look; it changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config.rituals import GratitudeConfig, RitualConfig
from bot.config.team import TeamConfig
from bot.db.models import Ritual, Round, Team
from bot.domain.hours import Hours
from bot.domain.messages import Given, Say
from bot.domain.phrasing import plain
from bot.domain.states import RitualState, RoundState
from bot.rituals.outline import Step, steps
from bot.services import settings

WITH_ROOMS = ("discord",)  # platforms that have rooms to talk in
LONGEST_ROUND = timedelta(days=70)  # a round's later steps may fall into the weeks that are asked for


async def upcoming(session: AsyncSession, team: Team, *, now: datetime, weeks: int) -> list[Step]:
    """The steps of all active rituals from `now` on."""
    rows = await session.scalars(
        select(Ritual).where(Ritual.team_id == team.id, Ritual.state == RitualState.ACTIVE)
    )
    rules = {r.id: settings.rules(r) for r in rows}
    under_way: dict[str, list[datetime]] = {each.name: [] for each in rules.values()}
    for ritual_id, at in await session.execute(
        select(Round.ritual_id, Round.scheduled_for).where(
            Round.ritual_id.in_(rules), Round.state == RoundState.OPEN
        )
    ):
        under_way[rules[ritual_id].name].append(at)
    return outline(rules.values(), settings.team_rules(team), start=now, weeks=weeks, under_way=under_way)


def outline(
    rituals: Iterable[RitualConfig],
    team: TeamConfig,
    *,
    start: datetime,
    weeks: int,
    under_way: Mapping[str, Sequence[datetime]] | None = None,
) -> list[Step]:
    """Every step from `start` (UTC) on for so many weeks, in the order of time.

    `under_way` are the rounds that opened before, by ritual; None where nobody knows: then all that were due.
    """
    end = start + timedelta(weeks=weeks)
    found: list[Step] = []
    for rules in rituals:
        zone = rules.timezone or team.timezone
        since = start - LONGEST_ROUND if under_way is None else start
        opened = under_way[rules.name] if under_way is not None else ()
        for at in {*opened, *_rounds(rules, team, start=since, end=end + LONGEST_ROUND)}:
            found += [s for s in steps(rules, zone=zone, scheduled_for=at) if start <= s.at < end]
        found += _roundups(rules, team, zone=zone, start=start, end=end)
    return sorted(found, key=lambda s: (s.at, s.ritual, s.step))


def _roundups(
    rules: RitualConfig, team: TeamConfig, *, zone: str, start: datetime, end: datetime
) -> Iterator[Step]:
    """The posts that gather a gratitude ritual's thanks, on days of their own."""
    cadence = rules.roundup_cadence(team) if isinstance(rules, GratitudeConfig) else None
    if cadence is None:
        return
    places = ", ".join(str(c) for c in rules.channel)
    for at in cadence.occurrences(after=start):
        if at >= end:
            return
        said = plain(Say("gratitude.roundup", {"ritual": Given(rules.name)}))
        yield Step(rules.name, "roundup", at, zone, places, said)


def _rounds(rules: RitualConfig, team: TeamConfig, *, start: datetime, end: datetime) -> Iterator[datetime]:
    for at in rules.cadence(team).occurrences(after=start):
        if at >= end:
            return
        yield at


def warnings(
    rituals: Sequence[RitualConfig], team: TeamConfig, planned: Sequence[Step], *, start: datetime, weeks: int
) -> list[str]:
    """What an admin may want to know: rooms that nobody opens; clashes, holidays, changes of the clock, quiet hours."""
    return [
        *_rooms(rituals),
        *_clashes(planned),
        *_holidays(rituals, team, start=start, weeks=weeks),
        *_clock_changes(rituals, team, start=start, weeks=weeks),
        *_quiet(planned, team),
    ]


def _rooms(rituals: Sequence[RitualConfig]) -> Iterator[str]:
    for rules in rituals:
        if "voice" in rules.needs and not any(place.platform in WITH_ROOMS for place in rules.channel):
            places = ", ".join(map(str, rules.channel))
            yield f"{rules.name}: voice = true opens rooms on Discord only, and it is in {places} alone."


def _clashes(planned: Sequence[Step]) -> Iterator[str]:
    at_once: dict[tuple[datetime, str], list[Step]] = defaultdict(list)
    for step in planned:
        if not step.private:
            at_once[step.at, step.to].append(step)
    for (at, to), together in at_once.items():
        if len(together) > 1:
            names = " and ".join(sorted({s.ritual for s in together}))
            yield f"{names} post in {to} at the same moment: {_local(at, together[0].zone)}."


def _holidays(
    rituals: Sequence[RitualConfig], team: TeamConfig, *, start: datetime, weeks: int
) -> Iterator[str]:
    days = team.calendar
    end = start + timedelta(weeks=weeks)
    for rules in rituals:
        zone = rules.timezone or team.timezone
        bare = rules.cadence(team.model_copy(update={"holidays": ()}))
        for at in bare.occurrences(after=start):
            if at >= end:
                break
            day = at.astimezone(ZoneInfo(zone)).date()
            if (holiday := days.holiday_name(day)) is not None:
                yield f"{rules.name}: {_day(day)} is {holiday}, so the round {_instead(rules, day, team)}."


def _instead(rules: RitualConfig, day: date, team: TeamConfig) -> str:
    if rules.on_holiday == "skip":
        return "is skipped"
    return f"moves to {_day(team.calendar.next_working_day(day))}"


def _clock_changes(
    rituals: Sequence[RitualConfig], team: TeamConfig, *, start: datetime, weeks: int
) -> Iterator[str]:
    for zone in sorted({r.timezone or team.timezone for r in rituals}):
        place = ZoneInfo(zone)
        first = start.astimezone(place).date()
        for ahead in range(weeks * 7):
            day = first + timedelta(days=ahead)
            morning, next_morning = (
                datetime.combine(day + timedelta(days=more), time.min, tzinfo=place) for more in (0, 1)
            )
            change = (next_morning.utcoffset() or timedelta()) - (morning.utcoffset() or timedelta())
            if change:
                turn = "forward" if change > timedelta() else "back"
                yield f"The clocks of {zone} go {turn} on {_day(day)}; the times on the clock stay as they are."


def _quiet(planned: Sequence[Step], team: TeamConfig) -> Iterator[str]:
    told: set[tuple[str, str]] = set()
    for step in planned:
        hours = Hours(zone=team.timezone, calendar=team.calendar, working=team.working_hours)
        if not step.private or (step.ritual, step.step) in told or not hours.is_quiet(step.at):
            continue
        told.add((step.ritual, step.step))
        welcome = hours.next_welcome(step.at)
        yield (
            f"{step.ritual}: the {step.step} of {_local(step.at, step.zone)} falls into the team's quiet hours; "
            f"it reaches people from {_local(welcome, step.zone)} on."
        )


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}"


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"
