"""`/presence team`: the figures in words, and as a chart where charts can be drawn."""

from __future__ import annotations

import asyncio

from bot.domain.commands import Typed
from bot.domain.figures import CoffeeFigures, Coverage, Outcomes, TeamFigures, together
from bot.domain.messages import File, Given, Message, Part, Say, Values
from bot.services.asking import Asker, Unfinished
from bot.services.presence import charts
from bot.services.presence.mine import amount
from bot.services.presence.team_figures import TURNS_SINCE, team_figures

EVEN = 2.0  # weighted turns from an equal share, up to which it is called even: one turn as host


async def team(asker: Asker, _typed: Typed) -> Message | Unfinished:
    """`/presence team`, for anybody: nobody's name, and no figure that too few stand behind."""
    figures = await team_figures(asker.session, asker.team, asker.member.id, now=asker.now)
    said = figures_in_words(figures)
    if not said:
        return Message((Say("figures.too_few"),))

    async def with_charts() -> Message:
        return Message((Say("figures.title"), *said, *await _charts(figures)))

    return Unfinished(with_charts)


def figures_in_words(figures: TeamFigures) -> list[Part]:
    """A sentence a figure."""
    parts: list[Part] = []
    for coffee in figures.coffees:
        named = Given(coffee.ritual)
        if coffee.coverage is not None:
            parts.append(_coverage(coffee.ritual, coffee.coverage))
        if (total := together(coffee.outcomes)) is not None:
            values: Values = {
                **_counts(total),
                "ritual": named,
                "matches": total.matches,
                "count": total.rounds,
            }
            parts.append(Say("figures.outcomes", values))
    for rate in figures.answers:
        counts = {"answered": rate.answered, "asked": rate.asked, "count": rate.rounds}
        parts.append(Say("figures.answers", {"ritual": Given(rate.ritual), **counts}))
    if figures.within is not None:
        key = "figures.even" if figures.within <= EVEN else "figures.uneven"
        within: Values = {"within": Given(amount(figures.within)), "weeks": TURNS_SINCE.days // 7}
        parts.append(Say(key, within))
    return parts


def _coverage(ritual: str, coverage: Coverage) -> Say:
    named = {"ritual": Given(ritual)}
    if coverage.nearly:
        return Say("figures.coverage_nearly", named)
    if coverage.introduced == coverage.pairs:
        return Say("figures.coverage_all", {**named, "count": coverage.pairs})
    return Say("figures.coverage", {**named, "introduced": coverage.introduced, "count": coverage.pairs})


def _counts(outcomes: Outcomes) -> Values:
    return {
        "met": outcomes.met,
        "rescheduled": outcomes.rescheduled,
        "not_this_time": outcomes.not_this_time,
        "unknown": outcomes.unknown,
    }


async def _charts(figures: TeamFigures) -> list[Part]:
    """A chart a coffee ritual that has anything to show; none where they cannot be drawn."""
    drawn: list[Part] = []
    for coffee in figures.coffees if charts.can_draw() else ():
        if (coffee.coverage is not None and coffee.coverage.after) or coffee.outcomes:
            png = await asyncio.to_thread(charts.draw, coffee)
            drawn.append(File(f"{coffee.ritual}.png", "image/png", png, _alt(coffee)))
    return drawn


def _alt(coffee: CoffeeFigures) -> Say:
    """What the chart shows, for those who cannot see it."""
    values: Values = {"ritual": Given(coffee.ritual)}
    total = together(coffee.outcomes)
    if coffee.coverage is not None:
        counts = {"introduced": coffee.coverage.introduced, "count": coffee.coverage.pairs}
        values["coverage"] = (
            Say("figures.coverage_nearly_alt")
            if coffee.coverage.nearly
            else Say("figures.coverage_alt", counts)
        )
    if total is not None:
        values["outcomes"] = Say("figures.outcomes_alt", _counts(total))
    if total is None:
        return Say("figures.alt_coverage", values)
    return Say("figures.alt_outcomes" if coffee.coverage is None else "figures.alt", values)
