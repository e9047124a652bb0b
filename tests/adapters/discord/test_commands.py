"""The commands as Discord is told of them, as they come back from it, and what is offered while somebody types."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.discord.commands import THANKS_MENU, Used, changed, used, wanted
from adapters.discord.completing import choices
from bot.domain.commands import COMMANDS, complete, read
from bot.domain.thanks import read_line
from tests.fakes.discord import checking
from tests.fakes.discord.offering import check_commands

Json = dict[str, Any]

SUBCOMMAND, TEXT, YES_OR_NO, PERSON = 1, 3, 5, 6


def offered(name: str, kind: int = 1) -> Json:
    [found] = [each for each in wanted() if (each["type"], each["name"]) == (kind, name)]
    return found


def verb(command: str, name: str) -> Json:
    return options_of(offered(command))[name]


def options_of(part: Json) -> dict[str, Json]:
    return {each["name"]: each for each in part.get("options", ())}


def using(command: str, verb: str, *options: tuple[str, int, object]) -> Json:
    """What Discord hands over of a verb that somebody used."""
    given = [{"name": name, "type": kind, "value": value} for name, kind, value in options]
    return {"name": command, "options": [{"name": verb, "type": SUBCOMMAND, "options": given}]}


def thanked(*options: tuple[str, int, object]) -> Json:
    return {"name": "thanks", "options": [{"name": n, "type": t, "value": v} for n, t, v in options]}


def typing(command: str, verb: str, option: str, typed: str, *before: tuple[str, int, object]) -> Json:
    made = using(command, verb, *before)
    made["options"][0]["options"].append({"name": option, "type": TEXT, "value": typed, "focused": True})
    return made


def completed(line: str, *, limit: int = 10) -> Sequence[str]:
    """As the inbox does it, for a team with two coffees."""
    rituals = ["monday-coffee", "friday-coffee"]
    return complete(line, rituals=rituals, people=["@Ben"], values=["care", "courage"])[:limit]


def names(data: Json, guesses: Sequence[str] = ()) -> list[str]:
    return [choice["value"] for choice in choices(data, completed, guesses=lambda: guesses)]


def test_discord_takes_them() -> None:
    check_commands(wanted())
    assert checking.request_problems("PUT", "/applications/{application_id}/commands", {}, wanted()) == []


def test_every_verb_is_there_with_a_sentence_of_its_own() -> None:
    for name, verbs in COMMANDS.items():
        if name != "thanks":
            assert [each["name"] for each in offered(name)["options"]] == [each.name for each in verbs]
    said = [each["description"] for each in offered("checkin")["options"]]
    assert "Quietly ask for somebody else to look after you" in said
    assert verb("kinkeeper", "reload")["description"].endswith("(for admins)")


def test_no_command_is_hidden_from_anybody() -> None:
    """Discord would hide a whole command, subcommands and all, also from the admins of the config."""
    assert all("default_member_permissions" not in each for each in wanted())


def test_what_must_be_given_and_what_may_be_left_out() -> None:
    run, swap, avoid, pause = (
        options_of(verb(command, name))
        for command, name in [
            ("kinkeeper", "run"),
            ("checkin", "swap"),
            ("coffee", "avoid"),
            ("coffee", "pause"),
        ]
    )
    assert run["ritual"]["required"] is True
    assert (swap["person"]["type"], swap["person"]["required"]) == (PERSON, True)
    assert "required" not in avoid["person"]  # alone it lists whom one avoids
    assert "required" not in pause["until"]  # alone it opens the form
    assert not any(each.get("required") for each in offered("thanks")["options"])
    choice = options_of(verb("coffee", "prefer"))["choice"]
    assert [each["value"] for each in choice["choices"]] == ["trio", "bye", "either"]


def test_thanks_can_be_said_from_the_menu_of_a_message_and_of_a_person() -> None:
    menus = [each for each in wanted() if each["type"] in (2, 3)]
    assert [(each["type"], each["name"]) for each in menus] == [(3, "Say thanks"), (2, "Say thanks")]
    assert THANKS_MENU == "thanks"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"name": "presence", "options": [{"name": "me", "type": SUBCOMMAND}]}, ("presence", "me")),
        (
            using("coffee", "avoid", ("ritual", TEXT, "monday-coffee"), ("person", PERSON, "123")),
            ("coffee", "avoid <@123> monday-coffee"),
        ),
        (
            using("kinkeeper", "pause", ("until", TEXT, "in 2 weeks"), ("ritual", TEXT, "pulse")),
            ("kinkeeper", "pause pulse in 2 weeks"),
        ),
        (
            using("presence", "timezone", ("zone", TEXT, "Europe/Berlin")),
            ("presence", "timezone Europe/Berlin"),
        ),
        (using("checkin", "someone-else"), ("checkin", "someone-else")),
        ({"name": "thanks"}, ("thanks", "", "")),
        (using("coffee", "gone", ("what", TEXT, "ever")), ("coffee", "gone ever")),
    ],
)
def test_what_was_chosen_reads_like_a_line_that_was_typed(data: Json, line: tuple[str, ...]) -> None:
    assert used(data) == Used(*line)


def test_thanks_reads_like_a_line_with_the_words_letter_for_letter() -> None:
    words = "for  the *calm* <@!77>, @everyone & <b>"
    data = thanked(
        ("privately", YES_OR_NO, True), ("value", TEXT, "care"), ("words", TEXT, words), ("to", PERSON, "1"),
        ("also", PERSON, "3"),
    )  # fmt: skip
    said = used(data)
    line = read_line(said.line, ["care", "courage"])
    assert (said.name, line.people, line.worth, line.privately) == ("thanks", ("1", "3"), "care", True)
    assert (line.words, said.own_words) == ("", "for  the *calm* <@77>, @everyone & <b>")


@pytest.mark.parametrize("typed", ["#care", "care", " #care "])
def test_a_value_is_one_with_and_without_its_sign(typed: str) -> None:
    assert used(thanked(("to", PERSON, "1"), ("value", TEXT, typed))) == Used("thanks", "<@1> #care", "")


def test_without_words_it_is_the_form_filled_with_what_was_chosen() -> None:
    text = used(thanked(("to", PERSON, "1"), ("privately", YES_OR_NO, True))).line
    line = read_line(text, [])
    assert (line.people, line.words, line.privately) == (("1",), "", True)
    text = used(thanked(("to", PERSON, "1"), ("privately", YES_OR_NO, False))).line
    assert read_line(text, []).privately is False


def test_every_verb_comes_back_as_itself() -> None:
    for name, verbs in COMMANDS.items():
        for each in verbs:
            if each.name:
                there = used(using(name, each.name))
                assert (there.name, read(there.line).verb) == (name, each.name)


def test_rituals_are_offered_as_they_are_typed_and_whatever_was_given_before() -> None:
    assert names(typing("coffee", "join", "ritual", "")) == ["monday-coffee", "friday-coffee"]
    assert names(typing("coffee", "join", "ritual", "FRI")) == ["friday-coffee"]
    assert names(typing("coffee", "pause", "ritual", "day-c")) == ["monday-coffee", "friday-coffee"]
    before = ("until", TEXT, "in 2 weeks")
    assert names(typing("coffee", "pause", "ritual", "mon", before)) == ["monday-coffee"]
    assert names(typing("kinkeeper", "pause", "ritual", "mon")) == ["monday-coffee"]


def test_days_are_offered_also_those_of_several_words() -> None:
    assert names(typing("coffee", "pause", "until", "in 2 we")) == ["in 2 weeks"]
    assert "tomorrow" in names(typing("kinkeeper", "pause", "until", ""))
    assert names(typing("coffee", "pause", "until", "24 December")) == []


def test_zones_are_found_by_their_city_and_guesses_come_first() -> None:
    assert names(typing("presence", "timezone", "zone", "berl")) == ["Europe/Berlin"]
    assert "America/New_York" in names(typing("presence", "timezone", "zone", "new york"))
    assert names(typing("presence", "timezone", "zone", ""), ["Europe/Vienna"])[0] == "Europe/Vienna"
    assert len(names(typing("presence", "timezone", "zone", "a"))) == 25


def test_values_are_offered_wherever_one_stands_in_thanks() -> None:
    data = thanked(("words", TEXT, "for the calm"))
    data["options"].append({"name": "value", "type": TEXT, "value": "co", "focused": True})
    assert names(data) == ["#courage"]
    data["options"][-1]["value"] = "#c"
    assert names(data) == ["#care", "#courage"]


def test_what_is_for_people_to_type_gets_no_offers() -> None:
    assert names(typing("checkin", "delete", "code", "ab")) == []
    assert names(typing("coffee", "gone", "ritual", "mon")) == []


def as_discord_has_it(commands: list[Json]) -> list[Json]:
    """With ids, and with what goes without saying filled in or left out; in an order of Discord's own."""
    made = copy.deepcopy(commands)[::-1]
    for number, command in enumerate(made):
        command |= {"id": str(number), "application_id": "1", "version": "9", "nsfw": False}
        command |= {"default_member_permissions": None, "dm_permission": True, "name_localizations": None}
        command.setdefault("description", "")
        command["contexts"] = command["contexts"][::-1]
        for option in command.get("options", ()):
            for inner in option.get("options", ()):
                inner.setdefault("autocomplete", False)
                if inner.get("required") is False:
                    del inner["required"]
    made[-1].setdefault("options", [])
    return made


def test_what_discord_adds_of_its_own_is_no_change() -> None:
    assert not changed(wanted(), as_discord_has_it(wanted()))
    assert not changed(wanted(), json.loads(json.dumps(wanted())))


@pytest.mark.parametrize(
    "change",
    [
        lambda there: there.pop(),
        lambda there: there.append({"id": "7", "name": "ping", "type": 1, "description": "Pong"}),
        lambda there: there[-1].update(description="Another"),
        lambda there: there[-1].update(default_member_permissions="0"),
        lambda there: there[-1].update(contexts=[0]),
        lambda there: there[-1]["options"].reverse(),
        lambda there: there[-1]["options"][0]["options"][0].update(required=True),
        lambda there: there[-1]["options"][0]["options"][0].update(autocomplete=False),
        lambda there: there[-1]["options"][-1]["options"][0]["choices"].pop(),
    ],
)
def test_what_makes_a_difference_for_people_is_a_change(change: Any) -> None:
    there = as_discord_has_it(wanted())
    assert there[-1]["name"] == "coffee"
    change(there)
    assert changed(wanted(), there)


def test_how_much_somebody_may_type_makes_a_difference_too() -> None:
    there = as_discord_has_it(wanted())
    [thanks] = [each for each in there if each["name"] == "thanks"]
    options_of(thanks)["words"]["max_length"] = 6000
    assert changed(wanted(), there)


def test_the_first_time_there_are_none() -> None:
    assert changed(wanted(), [])
