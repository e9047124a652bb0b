"""Who takes part on Slack: people of the workspace who are there; no guests, bots, strangers, or anybody on holiday."""

from __future__ import annotations

from pathlib import Path

from bot.db.models import Account
from tests.adapters.slack.office import DAY, HOUR, MONDAY, WEEK, Office, office, team
from tests.adapters.slack.test_coffee_on_slack import COFFEE, COFFEES
from tests.fakes.slack import FakeSlack

HUNDREDS = tuple(f"person{number:03}" for number in range(250))
FORTY = tuple(f"room{number:02}" for number in range(40))
AWAY = team(COFFEE, away='["status", "dnd"]')


def with_others(slack: FakeSlack) -> None:
    """A guest, an app, somebody of another organisation, and somebody who was deactivated, all in #coffee."""
    others = [
        slack.workspace.add_person("gil", is_restricted=True),
        slack.workspace.add_person("deploys", is_bot=True),
        slack.workspace.add_person("zoe", is_stranger=True),
        slack.workspace.add_person("old", deleted=True),
    ]
    slack.workspace.channel("coffee").members += [person.id for person in others]


def met(acme: Office) -> set[str]:
    """Everybody who was in a group conversation."""
    return set().union(*acme.groups())


async def test_guests_bots_strangers_and_the_deactivated_are_not_matched(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES, prepare=with_others) as acme:
        await acme.until(MONDAY + HOUR)
        assert met(acme) == {"U0ANA", "U0BEN", "U0CHLOE", "U0DEV"}
        assert acme.told("ana") == [], "nothing to mend"
        assert all(acme.told(who) == [] for who in ("gil", "zoe", "old"))


async def test_where_guests_are_welcome_they_are_matched_too(sqlite_url: str, tmp_path: Path) -> None:
    config = COFFEES.replace('on = "monday"', 'on = "monday"\nguests = true')
    async with office(
        sqlite_url, tmp_path, config=config, prepare=with_others, people=("ana", "ben", "chloe")
    ) as acme:
        await acme.until(MONDAY + HOUR)
        assert met(acme) == {"U0ANA", "U0BEN", "U0CHLOE", "U0GIL"}


async def test_a_stranger_who_presses_or_types_is_told_why_not_and_becomes_nobody(
    sqlite_url: str, tmp_path: Path
) -> None:
    config = COFFEES.replace('on = "monday"', 'on = "monday"\nmembers = "each-round"')
    async with office(sqlite_url, tmp_path, config=config, prepare=with_others) as acme:
        await acme.until(MONDAY - 3 * HOUR)
        before = {account.handle for account in await acme.rows(Account)}
        said = await acme.presses("zoe", "I'm in")
        assert said.startswith("You and I belong to different workspaces, so I cannot do that for you.")
        assert (await acme.says("zoe", "/coffee join", channel="coffee")) == said
        assert {account.handle for account in await acme.rows(Account)} == before
        assert "U0ZOE" not in before


async def test_a_status_that_says_away_lets_the_round_go_by_until_it_ends(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=AWAY) as acme:
        dev = acme.slack.workspace.people["U0DEV"]
        dev.status_emoji, dev.status_text, dev.status_until = ":palm_tree:", "Vacationing", MONDAY + 2 * DAY
        await acme.slack.news.changes(dev)
        await acme.rosters_are_read()
        await acme.until(MONDAY + HOUR)
        assert "U0DEV" not in met(acme)
        assert "you were away" in await acme.says("dev", "/coffee why")
        await acme.until(MONDAY + WEEK)
        assert "U0DEV" in met(acme)


async def test_do_not_disturb_in_the_middle_of_the_day_lets_the_round_go_by(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=AWAY) as acme:
        ben = acme.slack.workspace.people["U0BEN"]
        ben.dnd = MONDAY - HOUR, MONDAY + 5 * HOUR
        await acme.slack.news.changes_dnd(ben)
        await acme.rosters_are_read()
        await acme.until(MONDAY + HOUR)
        assert "U0BEN" not in met(acme)
        assert len(met(acme)) == 2, "of the three others one sits out"


async def test_whoever_comes_into_the_channel_is_in_and_whoever_leaves_is_out(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=COFFEES) as acme:
        coffee = acme.slack.workspace.channel("coffee").id
        noa = acme.slack.workspace.add_person("noa")
        await acme.slack.news.arrives(noa)
        await acme.slack.news.joins(noa.id, coffee)
        await acme.slack.news.leaves("U0DEV", coffee)
        await acme.rosters_are_read()
        assert "take part in monday-coffee" in await acme.says("dev", "/coffee skip")
        await acme.until(MONDAY + HOUR)
        assert met(acme) == {"U0ANA", "U0BEN", "U0CHLOE", "U0NOA"}


async def test_hundreds_of_people_and_dozens_of_channels_come_page_by_page(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(
        sqlite_url,
        tmp_path,
        config=COFFEES,
        people=HUNDREDS,
        channels=(*FORTY, "coffee"),
        page_size=30,
    ) as acme:
        assert acme.slack.faults.calls["users.info"] == 0, "many are not asked about one by one"
        await acme.until(MONDAY + HOUR)
        assert len(acme.groups()) == 125
        assert len(met(acme)) == 250
