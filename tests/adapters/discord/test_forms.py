"""Forms on Discord: what is shown, in how many steps, what was typed, and what is said when it was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.discord import forms
from bot.domain.messages import (
    ChoiceField,
    DateField,
    Form,
    FormField,
    Given,
    Line,
    Option,
    PeopleField,
    Say,
    TextField,
)
from bot.domain.phrasing import plain_message
from tests.adapters.discord.validity import as_read, check_form, check_message
from tests.adapters.platform_bench import FORM_WITH_INTRO, SMALL_FORM

LABEL = Say("sample.field")
WRONG = Say("sample.wrong")
COLOURS = tuple(Option(f"#{name}", Say("sample.hello", {"person": Given(name)})) for name in ("red", "blue"))
EVERY_FIELD: tuple[FormField, ...] = (
    TextField("words", LABEL, hint=Say("sample.alt"), long=True, max_length=1500),
    DateField("until", LABEL),
    ChoiceField("colour", LABEL, COLOURS),
    PeopleField("one", LABEL),
    PeopleField("many", LABEL, many=True),
)
TYPED = {
    "words": "<b>& *you* @everyone",
    "until": "24.12.2026",
    "colour": "#blue",
    "one": "<@11>",
    "many": "<@11> <@22>",
}


def form(*fields: FormField, title: Say = LABEL, intro: Say | None = None) -> Form:
    return Form("sample:1", title, Say("sample.submit"), fields or (TextField("words", LABEL),), intro)


def asking(question: str) -> Say:
    return Say("questions.question", {"question": Given(question)})


def modals(asked: Form) -> list[forms.Modal]:
    """The form as modals that Discord would take."""
    check_form(asked)
    return forms.modals(asked)


def modal(asked: Form) -> forms.Modal:
    (only,) = modals(asked)
    return only


def inputs(of: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        each["component"]["custom_id"]: each["component"] for each in of["components"] if each["type"] == 18
    }


def seen(of: Mapping[str, Any]) -> list[str]:
    """What is read in a modal, line by line, without its title."""
    lines: list[str] = []
    for each in of["components"]:
        if each["type"] == 10:
            lines += as_read(each["content"]).split("\n")
        else:
            lines += [each["label"], *filter(None, [each.get("description")])]
    return lines


def sent(of: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A modal as Discord hands it over when it is sent with what stood in it to begin with."""
    made: list[dict[str, Any]] = []
    for each in of["components"]:
        if each["type"] == 10:
            made.append({"type": 10, "id": 1})
            continue
        field = each["component"]
        answer: dict[str, Any] = {"type": field["type"], "id": 3, "custom_id": field["custom_id"]}
        match field["type"]:
            case 4:
                answer["value"] = field.get("value", "")
            case 3:
                answer["values"] = [o["value"] for o in field["options"] if o.get("default")]
            case _:
                answer["values"] = [one["id"] for one in field.get("default_values", ())]
        made.append({"type": 18, "id": 2, "component": answer})
    return made


def test_what_stands_in_a_form_is_what_it_hands_in() -> None:
    assert forms.typed(sent(modal(form(*EVERY_FIELD).filled(TYPED)))) == TYPED


def test_a_form_that_nothing_was_typed_into_hands_in_every_field_empty() -> None:
    assert forms.typed(sent(modal(form(*EVERY_FIELD)))) == dict.fromkeys(TYPED, "")


def test_what_an_older_client_sends_in_rows_is_read_too() -> None:
    rows = [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "tea for <@!11>"}]}]
    assert forms.typed(rows) == {"words": "tea for <@11>"}


def test_each_field_is_what_it_is_for() -> None:
    made = inputs(modal(form(*EVERY_FIELD)))
    assert {name: field["type"] for name, field in made.items()} == {
        "words": 4,
        "until": 4,
        "colour": 3,
        "one": 5,
        "many": 5,
    }
    assert (made["words"]["style"], made["words"]["max_length"]) == (2, 1500)
    assert (made["until"]["style"], made["until"]["placeholder"]) == (1, "YYYY-MM-DD")
    assert (made["one"]["max_values"], made["many"]["max_values"]) == (1, 25)
    assert all(field["required"] for field in made.values())


def test_what_may_stay_empty_may_be_emptied_again() -> None:
    fields = (
        ChoiceField("colour", LABEL, COLOURS, value="#red", required=False),
        PeopleField("to", LABEL, value="<@11>", required=False),
        TextField("words", LABEL, value="tea", required=False),
    )
    made = inputs(modal(form(*fields)))
    assert not any(field["required"] for field in made.values())
    assert (made["colour"]["min_values"], made["to"]["min_values"]) == (0, 0)


def test_people_who_are_no_accounts_here_are_not_offered() -> None:
    (chosen,) = inputs(
        modal(form(PeopleField("to", LABEL, many=True, value="<@U024BE> <@11> <@11>")))
    ).values()
    assert chosen["default_values"] == [{"id": "11", "type": "user"}]
    (chosen,) = inputs(modal(form(PeopleField("to", LABEL, value="<@٣٤> <@" + "9" * 30 + ">")))).values()
    assert "default_values" not in chosen, "Discord refuses the whole form for what is no id"
    many = " ".join(f"<@{n}>" for n in range(40))
    (chosen,) = inputs(modal(form(PeopleField("to", LABEL, many=True, value=many)))).values()
    assert len(chosen["default_values"]) == 25


def test_a_prefilled_text_is_cut_where_the_field_ends_and_stands_on_one_line_where_the_field_has_one() -> (
    None
):
    made = inputs(
        modal(form(TextField("a", LABEL, value="x" * 50, max_length=9), TextField("b", LABEL, value="a\nb")))
    )
    assert (made["a"]["value"], made["b"]["value"]) == ("x" * 9, "a b")


def test_what_has_to_be_read_first_stands_above_the_fields() -> None:
    shown = modal(FORM_WITH_INTRO)
    assert (shown["custom_id"], shown["title"]) == ("sample:2", "A small form")
    assert seen(shown) == ["Good morning.", "Not now", "Your words"]


def test_a_title_that_is_too_long_stands_in_full_at_the_top() -> None:
    title = Say(
        "questions.title", {"ritual": Given("weekly *wellbeing* check-in of the makers of all things")}
    )
    shown = modal(form(title=title, intro=Say("sample.plain")))
    assert shown["title"] == "weekly *wellbeing* check-in of the makers of…"
    assert seen(shown)[:2] == ["weekly *wellbeing* check-in of the makers of all things", "Good morning."]


def test_a_hint_stands_below_its_label() -> None:
    assert seen(modal(form(EVERY_FIELD[0]))) == ["Your words", "A calendar entry."]


def test_a_question_a_little_too_long_for_a_label_goes_on_below_it() -> None:
    question = "From one to five, how did this week with all of us feel to you?"
    label, rest = seen(modal(form(TextField("q0", asking(question)))))
    assert label == "From one to five, how did this week with all…"
    assert rest == "…of us feel to you?"


@pytest.mark.parametrize("hint", [None, Say("sample.alt")])
def test_a_question_far_too_long_for_a_label_stands_in_full_above_its_field(hint: Say | None) -> None:
    question = "How *are* you? " * 20
    whole, label, *below = seen(modal(form(TextField("q0", asking(question), hint=hint))))
    assert whole == question.strip()
    assert label.endswith("…")
    assert below == (["A calendar entry."] if hint else [])


def test_a_question_longer_than_discord_shows_is_cut() -> None:
    (whole, _) = seen(modal(form(TextField("q0", asking("_why?_ " * 1000)))))
    assert whole.startswith("_why?_ _why?_")
    assert whole.endswith("…")


def test_more_than_one_modal_holds_goes_on_in_further_steps() -> None:
    asked = form(*EVERY_FIELD, intro=Say("sample.plain"))
    first, second = modals(asked)
    assert first["custom_id"] == second["custom_id"] == "sample:1"
    assert (first["title"], second["title"]) == ("Your words (1 of 2)", "Your words (2 of 2)")
    assert "Good morning." in seen(first)
    assert "Good morning." not in seen(second)
    assert (forms.step(sent(first)), forms.step(sent(second))) == (forms.Step(1, 2), forms.Step(2, 2))
    assert forms.step(sent(second)).is_last
    assert forms.step(sent(modal(SMALL_FORM))) == forms.Step(1, 1)


def test_all_steps_together_are_the_whole_form() -> None:
    long = asking("Why? " * 60)
    fields = tuple(TextField(f"question{n}", long, value=str(n)) for n in range(5))
    steps = modals(form(*fields, intro=Say("sample.plain")))
    assert [len(each["components"]) for each in steps] == [5, 4, 2]
    assert [forms.step(sent(each)).number for each in steps] == [1, 2, 3]
    typed = forms.merged(forms.typed(sent(each)) for each in steps)
    assert typed == {f"question{n}": str(n) for n in range(5)}


def test_a_step_can_be_told_however_long_the_action_is() -> None:
    asked = Form("a" * 100, LABEL, LABEL, EVERY_FIELD, intro=Say("sample.plain"))
    assert [each["custom_id"] for each in modals(asked)] == ["a" * 100] * 2
    assert forms.typed(sent(modals(asked)[1])) == {"many": ""}


def test_a_long_title_leaves_room_for_the_step() -> None:
    asked = form(*EVERY_FIELD, title=asking("The weekly wellbeing questions of the makers"), intro=LABEL)
    assert modals(asked)[1]["title"] == "The weekly wellbeing questions of… (2 of 2)"


def test_a_refusal_names_each_field_and_what_is_wrong_with_it() -> None:
    asked = form(TextField("words", asking("What *was* good?")), DateField("until", Say("sample.other")))
    said = forms.refusal(asked, {"": Say("sample.plain"), "words": WRONG, "until": LABEL, "gone": LABEL})
    check_message(said)
    assert [part for part in said.parts if isinstance(part, Line)] == list(said.parts[-2:])
    assert plain_message(said).split("\n")[1:] == [
        "Good morning.",
        "Your words",
        "• What *was* good?: Please say a little more.",
        "• Not now: Your words",
    ]


def test_a_refusal_of_a_form_that_is_not_known_any_more_still_says_what_is_wrong() -> None:
    said = forms.refusal(None, {"words": WRONG})
    assert plain_message(said).split("\n")[1:] == ["Please say a little more."]
