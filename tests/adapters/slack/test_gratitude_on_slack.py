"""Thanks on Slack: by the prompt's form, in one line, from a message's menu; and what can still be changed of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.adapters.slack.office import DAY, FRIDAY, HOUR, MINUTE, Office, office, team
from tests.fakes.slack import FakeSlack

THANKS = """
[[gratitude]]
name = "friday-thanks"
channel = "slack:#general"
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week *lighter*?", "Whose work did you stand on?"]
values = ["craft", "care"]
roundup = "first monday"
"""
GRATITUDE = team(THANKS)
THREE = FRIDAY + 5 * HOUR  # the prompt's time: 15:00 in Berlin
MONDAYS = datetime(2026, 2, 2, 14, 30, tzinfo=UTC)
TYPED = "for :tada: *stars* `code` <!channel> <@U0ZOE> @everyone & https://example.org/a_b_c?x=1&y=2"
READ = "for :tada: *stars* `code` <!channel> @Zoe @everyone & https://example.org/a_b_c?x=1&y=2"


def with_strangers(slack: FakeSlack) -> None:
    """Zoe is of another organisation; an app called Deploys writes in the channel too."""
    zoe = slack.workspace.add_person("zoe", is_stranger=True)
    app = slack.workspace.add_person("deploys", is_bot=True)
    slack.workspace.channel("general").members += [zoe.id, app.id]


def last(acme: Office, channel: str = "general") -> str:
    return acme.within(channel)[-1]


async def test_the_prompts_button_opens_the_form_and_the_words_reach_each_of_those_who_are_thanked(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        prompt = last(acme)
        assert prompt.splitlines()[0] in ("Who made your week *lighter*?", "Whose work did you stand on?")
        assert prompt.endswith("\nSay thanks")
        await acme.opens("ana", "Say thanks")
        assert acme.reads_modal("ana").splitlines() == [
            "Say thanks", "To whom?", "Your words", "For one of our values?", "Where?", "Send",
        ]  # fmt: skip
        shown = await acme.submits("ana", to="@ben @chloe", words="for the calm yesterday", worth="#craft")
        assert shown == "", "the form closes"
        assert acme.slack.eyes.privately("U0ANA") == [
            "Thank you! @Ben and @Chloe will get it first, and then it appears in the channel.\n"
            "For 15 minutes you can still change or delete it.\nEdit\nDelete"
        ]
        for one, other in (("ben", "Chloe"), ("chloe", "Ben")):
            assert acme.told(one) == [
                "@Ana thanks you:\nfor the calm yesterday\nFor craft.\n"
                f"@{other} got the same words.\n"
                "It appears in the channel too, unless you take it out; nobody is told who did.\n"
                "Take it out of the channel"
            ]
        await acme.goes_by(20 * MINUTE)
        assert last(acme) == "Ana thanks @Ben and @Chloe:\nfor the calm yesterday\nFor craft."


async def test_what_was_typed_arrives_letter_for_letter_and_calls_nobody_but_those_it_is_for(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(
        sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], prepare=with_strangers
    ) as acme:
        await acme.until(THREE)
        await acme.opens("ana", "Say thanks")
        await acme.submits("ana", to="@ben", words=TYPED)
        await acme.goes_by(20 * MINUTE)
        assert acme.told("ben")[0].splitlines()[1] == READ
        assert last(acme).splitlines()[1] == READ
        for post in acme.slack.workspace.posts:
            assert acme.slack.eyes.called(post) <= {"U0ANA", "U0BEN"}, post.text
            assert not post.unfurls or post.only_for, "no link is unfolded into a picture"


async def test_private_thanks_stay_between_two(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        before = acme.within("general")
        await acme.opens("ana", "Say thanks")
        await acme.submits("ana", to="@ben", words="for listening", where="private")
        said = await acme.says("chloe", "/thanks @ben for the calm #care privately", channel="general")
        assert said.startswith("Thank you! I will bring it to @Ben, privately.")
        await acme.goes_by(DAY)
        assert acme.told("ben") == [
            "@Ana thanks you:\nfor listening",
            "@Chloe thanks you:\nfor the calm\nFor care.",
        ]
        assert acme.within("general") == before


async def test_one_line_is_enough_and_keeps_its_words_as_they_were_typed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        said = await acme.says("dev", "/thanks @ana @ben for *the* calm :tada: & <!here>", channel="general")
        assert said.startswith("Thank you! @Ana and @Ben will get it first")
        await acme.goes_by(20 * MINUTE)
        assert acme.told("ana")[0].splitlines()[1] == "for *the* calm :tada: & <!here>"
        assert last(acme) == "Dev thanks @Ana and @Ben:\nfor *the* calm :tada: & <!here>"


async def test_without_words_the_form_opens_with_whom_the_line_names(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        assert await acme.says("dev", "/thanks @ben #care") == ""
        assert acme.typed("dev", "to") == ["U0BEN"]
        assert acme.typed("dev", "worth")["value"] == "#care"
        await acme.submits("dev", words="for the review")
        assert acme.told("ben")[0].splitlines()[:2] == ["@Dev thanks you:", "for the review"]


async def test_a_messages_menu_thanks_whoever_wrote_it(sqlite_url: str, tmp_path: Path) -> None:
    async with office(
        sqlite_url, tmp_path, config=GRATITUDE, channels=["general"], prepare=with_strangers
    ) as acme:
        general = acme.slack.workspace.channel("general").id
        bens = acme.slack.workspace.post(general, "U0BEN", text="I wrote the handbook.")
        apps = acme.slack.workspace.post(general, "U0DEPLOYS", text="Deployed.")
        zoes = acme.slack.workspace.post(general, "U0ZOE", text="Hello from next door.")

        assert await acme.picks("ana", "thanks", bens) == ""
        assert acme.typed("ana", "to") == ["U0BEN"]
        await acme.submits("ana", words="for the handbook")
        assert acme.told("ben")[0].splitlines()[:2] == ["@Ana thanks you:", "for the handbook"]

        assert "You cannot thank yourself here" in await acme.picks("ben", "thanks", bens)
        for post, name in ((apps, "Deploys"), (zoes, "Zoe")):
            await acme.picks("ana", "thanks", post)
            await acme.submits("ana", words="for being there")
            said = f"I know nobody called @{name} here who can be thanked. Bots cannot; please pick somebody from the"
            assert acme.wrong("ana")["to"].startswith(said)
            assert (await acme.says("ana", f"/thanks @{name} for the help")).startswith(said)
        assert acme.told("zoe") == acme.told("deploys") == []


async def test_for_fifteen_minutes_the_words_can_be_changed_or_taken_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        await acme.says("ana", "/thanks @ben for teh calm", channel="general")
        await acme.opens("ana", "Edit")
        assert acme.typed("ana", "words") == "for teh calm"
        await acme.submits("ana", words="for the calm")
        assert acme.told("ben")[0].splitlines()[1] == "for the calm"
        assert last(acme) == "Ana thanks @Ben:\nfor the calm"

        await acme.says("chloe", "/thanks @dev for nothing really", channel="general")
        assert await acme.presses("chloe", "Delete") == "It is gone, and so are the words."
        assert acme.told("dev") == ["Chloe took this back."]
        assert last(acme) == "Ana thanks @Ben:\nfor the calm"

        await acme.goes_by(16 * MINUTE)
        assert "The 15 minutes for changing it are over" in await acme.presses("ana", "Delete")
        assert last(acme) == "Ana thanks @Ben:\nfor the calm"


async def test_who_was_thanked_can_take_it_out_of_the_channel_and_the_roundup_leaves_it_out(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        await acme.says("ana", "/thanks @ben for the calm", channel="general")
        await acme.says("ana", "/thanks @dev for the cake", channel="general")
        await acme.goes_by(20 * MINUTE)
        said = await acme.presses("ben", "Take it out of the channel")
        assert said == "It does not stand in the channel any more. The words stay with you."
        thanks = [text for text in acme.within("general") if " thanks @" in text]
        assert thanks == ["Ana thanks @Dev:\nfor the cake"]
        await acme.until(MONDAYS)
        [roundup] = [text for text in acme.within("general") if text.startswith("Gathered from")]
        assert "for the cake" in roundup
        assert "for the calm" not in roundup


async def test_thanks_to_oneself_are_refused_at_the_field_and_what_was_typed_stays(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, config=GRATITUDE, channels=["general"]) as acme:
        await acme.until(THREE)
        shown = await acme.opens("ana", "Say thanks")
        await acme.submits("ana", to="@ana", words="for being me")
        assert acme.wrong("ana") == {
            "to": "You cannot thank yourself here, however well deserved. Please pick somebody else."
        }
        assert acme.modal("ana") is shown
        await acme.submits("ana", to="@ben", words="for being me")
        assert acme.wrong("ana") == {}
        assert acme.told("ben")[0].splitlines()[1] == "for being me"
