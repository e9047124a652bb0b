"""The words of thanks on Discord are those that were typed, letter for letter, whatever they look like."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.models import Thanks
from tests.adapters.discord.gathering import hall
from tests.adapters.discord.test_gratitude_on_discord import GENERAL, GRATITUDE, THREE
from tests.fakes.discord.filling import CannotDo

NO_VALUE = "#hearts is not a value of friday-thanks. Please pick another one, or none."


@pytest.mark.parametrize(
    "words",
    [
        "{dev} told me how you did it",
        "and {dev}, {chloe}: look what Ben did",
        "@bne is you with a slip, and I like it",
        "@everyone should know of the calm",
        "you stand for #care",
        "you stand for #cra",
        "for #craft #care",
        "you told me privately",
        "help",
        "#care privately",
        "two  spaces,\ttabs and `a tick",
    ],
)
async def test_words_of_the_commands_own_option_are_the_words_letter_for_letter(
    sqlite_url: str, tmp_path: Path, words: str
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        typed = words.format(dev=lab.mention("dev"), chloe=lab.mention("chloe"))
        said = await lab.says("ana", "/thanks", to="@ben", words=typed)
        assert said.startswith("Thank you! @Ben will get it first, and then it appears in the channel.")
        [thanks] = await lab.rows(Thanks)
        assert thanks.words == words.format(dev="@Dev", chloe="@Chloe")
        assert (thanks.worth, thanks.in_channel) == (None, True)
        assert lab.told("chloe") == lab.told("dev") == [], "who is mentioned in the words is not thanked"


async def test_words_the_value_and_privately_are_apart_however_they_look(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        words = "you are #care, said privately"
        await lab.says("ana", "/thanks", to="@ben", words=words, value="craft", privately=True)
        [thanks] = await lab.rows(Thanks)
        assert (thanks.words, thanks.worth, thanks.in_channel) == (words, "craft", False)


async def test_a_value_that_is_none_of_the_teams_is_asked_about_and_never_becomes_words(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        said = await lab.says("ana", "/thanks", to="@ben", value="hearts")
        assert NO_VALUE in said
        said = await lab.says("ana", "/thanks", to="@ben", words="for the *calm*", value="hearts")
        assert NO_VALUE in said
        assert await lab.rows(Thanks) == []
        await lab.opens("ana", "Open the form")
        assert (lab.typed("ana", "words"), lab.typed("ana", "to")) == ("for the *calm*", ["ben"])
        await lab.submits("ana")
        assert "for the *calm*" in lab.told("ben")[0]


async def test_more_words_than_thanks_can_hold_never_leave_the_line_they_are_typed_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        with pytest.raises(CannotDo):
            await lab.says("ana", "/thanks", to="@ben", words="x" * 1501)
        longest = "🦩 " * 749 + "x"
        await lab.says("ana", "/thanks", to="@ben", words=longest)
        [thanks] = await lab.rows(Thanks)
        assert thanks.words == longest


async def test_a_channel_in_the_words_is_read_by_its_name_also_where_they_are_changed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=("general", "kitchen")) as lab:
        await lab.until(THREE)
        words = f"for <#{lab.channel('kitchen').id}> and <#99>"
        await lab.says("ana", "/thanks", to="@ben", words=words)
        assert "for #kitchen and <#99>" in lab.told("ben")[0]
        await lab.opens("ana", "Edit")
        assert lab.typed("ana", "words") == "for #kitchen and <#99>"
        await lab.submits("ana")
        assert "for #kitchen and <#99>" in lab.told("ben")[0]


async def test_words_that_meet_a_trouble_of_ours_are_given_back(sqlite_url: str, tmp_path: Path) -> None:
    async with hall(sqlite_url, tmp_path, config=GRATITUDE, channels=GENERAL) as lab:
        await lab.until(THREE)
        async with lab.runtime.sessions.begin() as session:
            await session.execute(text("ALTER TABLE thanks RENAME TO mislaid"))
        said = await lab.says("ana", "/thanks", to="@ben", words="for the *calm*, @everyone")
        assert said.startswith("Something went wrong on my side.")
        assert said.endswith("This is what you wrote:\nfor the *calm*, @everyone")
