"""What admins can do, who is one, and what is written down of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Audit, Round
from bot.domain.interactions import Reply, Said
from bot.domain.messages import Message
from bot.domain.phrasing import plain_message
from tests.world import CONFIG, MONDAY, World, people, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin
WEEK = timedelta(weeks=1)
PLAIN = CONFIG.format(more="")
FOR_ADMINS = ("status", "plan", "run monday-coffee", "pause monday-coffee", "resume monday-coffee", "reload")


def with_admins(admins: str) -> str:
    return PLAIN.replace("[[coffee]]", f"admins = {admins}\n\n[[coffee]]")


async def writes(acme: World, who: str, text: str) -> str:
    """Somebody writes to the bot as to a person."""
    assert acme.platform.inbox is not None
    answer = await acme.platform.inbox.receive(Said(acme.platform.actor(who), f"said-{who}-{text}", text))
    assert isinstance(answer, Reply)
    return plain_message(answer.message or Message(()))


async def test_an_admin_sees_how_things_stand_runs_pauses_and_resumes_and_it_is_written_down(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert await acme.says("ana", "/kinkeeper status") == (
            "• monday-coffee: last never, next Monday, 5 January at 10:00 CET\nMessages: 1 sent, 0 waiting."
        )
        assert (await acme.says("ana", "/kinkeeper plan 1")).splitlines() == [
            "In the coming week:",
            "• Monday, 5 January at 10:00 CET: monday-coffee, introduction",
            "• Wednesday, 7 January at 10:00 CET: monday-coffee, nudge",
        ]
        whole = (await acme.says("ana", "/kinkeeper plan 52")).splitlines()
        assert len(whole) == 17
        assert whole[-1].startswith("… and ")
        assert whole[-1].endswith(" more steps after that.")
        for weeks in ("0", "53", "x", "00010000", "9" * 50, "²", "-1"):
            assert "between 1 and 52" in await acme.says("ana", f"/kinkeeper plan {weeks}")
        assert await acme.says("ana", "/kinkeeper pause 2026-01-19") == (
            "monday-coffee is paused until Monday, 19 January."
        )
        assert "next paused" in await acme.says("ana", "/kinkeeper status")
        assert "Nothing is planned for these weeks." in await acme.says("ana", "/kinkeeper plan")
        assert await acme.says("ana", "/kinkeeper resume") == (
            "monday-coffee goes on. The next round is on Monday, 5 January at 10:00 CET."
        )
        assert await acme.says("ana", "/kinkeeper resume") == "monday-coffee is not paused."
        assert (
            await acme.says("ana", "/kinkeeper run")
            == "A round of monday-coffee is open; what it brings is on its way, "
            "or comes once quiet hours are over."
        )
        assert (await acme.says("ana", "/kinkeeper reload")).startswith(
            "The config was read again; 0 rituals"
        )
        await acme.until(TEN)

        assert await acme.count(Round) == 2, "the schedule stays as it is"
        done = [(row.what, row.about) for row in await acme.rows(Audit, Audit.member_id.is_not(None))]
        assert done == [
            ("pause", "monday-coffee"),
            ("resume", "monday-coffee"),
            ("run", "monday-coffee"),
            ("reload", "kinkeeper.toml"),
        ]


async def test_who_is_an_admin_the_workspace_says_or_the_config_by_id_or_it_is_everyone(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        for line in FOR_ADMINS:
            assert (await acme.says("ben", f"/kinkeeper {line}")).startswith("Only admins can do that.")
        assert "/kinkeeper run" not in await acme.says("ben", "/kinkeeper help")
        shown = await acme.says("ana", "/kinkeeper help")
        assert "/kinkeeper run RITUAL: open a round now (for admins)" in shown
        assert (
            shown.count("(for admins)")
            == len([line for line in shown.splitlines() if "/kinkeeper" in line]) - 1
        )
        assert await acme.count(Audit, Audit.member_id.is_not(None)) == 0

        await acme.configure(with_admins('["playground:ben"]'))
        assert "last never" in await acme.says("ben", "/kinkeeper status")
        assert "Only admins" in await acme.says("chloe", "/kinkeeper status")
        await acme.configure(with_admins('"everyone"'))
        assert "last never" in await acme.says("chloe", "/kinkeeper status")


async def test_reload_takes_up_new_rituals_at_once_and_says_what_is_wrong(
    sessions: Sessions, tmp_path: Path
) -> None:
    tea = PLAIN[PLAIN.index("[[coffee]]") :].replace("monday-coffee", "tea").replace("#coffee", "#general")
    async with world(sessions, tmp_path) as acme:
        acme.config_path.write_text(PLAIN + tea)
        assert "• tea: added" in await acme.says("ana", "/kinkeeper reload")
        assert len([t for t in acme.platform.within("C-general") if "I look after tea" in t]) == 1
        assert "There is more than one: monday-coffee, tea." in await acme.says("ben", "/coffee plan")
        assert "pause" in str(await acme.platform.command("ben", "coffee", "pause"))

        acme.config_path.write_text(PLAIN.replace("every", "evry"))
        said = await acme.says("ana", "/kinkeeper reload")
        assert said.startswith("The config has mistakes, so I keep the last good one:\n• line ")
        assert acme.platform.to("ana") == [], "she has just been told"

        acme.config_path.write_text(PLAIN + tea.replace("#general", "#attic"))
        await acme.says("ana", "/kinkeeper reload")
        await acme.until(MONDAY)
        assert "I cannot read a channel that tea names" in acme.platform.to("ana")[-1]


async def test_what_is_not_understood_gets_the_nearest_there_is(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        for line, answer in (
            ("/coffee wy", "I do not know /coffee wy. Did you mean /coffee why?"),
            ("/coffee xxxxxx", "I do not know /coffee xxxxxx. /kinkeeper help lists what I understand."),
            ("/cofee why", "I do not know /cofee. Did you mean /coffee?"),
            ("/bananas", "I do not know /bananas. /kinkeeper help lists what I understand."),
            ("/kinkeeper cofee why", "I do not know /kinkeeper cofee. Did you mean /kinkeeper coffee?"),
            ("/kinkeeper statsu", "I do not know /kinkeeper statsu. Did you mean /kinkeeper status?"),
            ("/kinkeeper help cofee", "There is no command called cofee. Did you mean /coffee?"),
            ("/kinkeeper help zzz", "There is no command called zzz. There are: /coffee, /thanks, "),
            ("/coffee plan monday", "There is no ritual called monday. Did you mean monday-coffee?"),
            ("/coffee plan zzz", "I know no ritual called zzz for this. There are: monday-coffee"),
            (
                "/kinkeeper pause mondy-coffee",
                "There is no ritual called mondy-coffee. Did you mean monday-coffee?",
            ),
        ):
            assert (await acme.says("ana", line)).startswith(answer), line


async def test_help_pointer_and_the_long_way_round(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        bare, asked = await acme.says("ben", "/coffee"), await acme.says("ben", "/coffee help")
        assert bare == asked
        assert "/coffee avoid [PERSON] [RITUAL]: never be matched with somebody (only you see it)" in bare
        assert await acme.says("ben", "/kinkeeper help coffee") == bare
        assert await acme.says("ben", "/kinkeeper coffee why") == await acme.says("ben", "/coffee why")
        assert await acme.says("ben", "/Kinkeeper Coffee WHY") == await acme.says("ben", "/coffee why")
        assert (await writes(acme, "ben", "Hi! Who are you?")).startswith("I only understand commands.")
        assert "Who are you" not in "".join(acme.all_said())


async def test_the_bot_introduces_itself_once_and_says_how_to_leave(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.restarted()
        await acme.until(TEN + 2 * WEEK)
        [welcome] = acme.platform.within("C-coffee")
        assert "Hello! I am Kinkeeper.\nI look after monday-coffee here" in welcome
        assert "/coffee leave takes you out in one step, without a reason" in welcome


async def test_a_config_without_a_coffee_says_so(sessions: Sessions, tmp_path: Path) -> None:
    config = '[team]\nname = "Acme"\n'
    async with world(sessions, tmp_path, config=config, who=people("Ana")) as acme:
        for line in ("/coffee why", "/coffee pause", "/coffee avoid", "/kinkeeper run", "/kinkeeper pause"):
            assert "ritual here yet" in await acme.says("ana", line), line
