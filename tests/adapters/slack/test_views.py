"""Forms on Slack: what is shown, what was typed, and that nothing typed is lost when something was wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.slack import views
from bot.domain.messages import (
    Button,
    Buttons,
    ChoiceField,
    Code,
    DateField,
    Form,
    FormField,
    Given,
    Message,
    Option,
    PeopleField,
    Quote,
    Say,
    TextField,
    Unknown,
)
from tests.adapters.platform_bench import FORM_WITH_INTRO, SMALL_FORM
from tests.adapters.slack.validity import check_valid
from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.workspace import Workspace

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
    "words": "<b>& *you* <@U2>",
    "until": "2026-12-24",
    "colour": "#blue",
    "one": "<@U1>",
    "many": "<@U1> <@U2>",
}


def form(*fields: FormField, title: Say = LABEL) -> Form:
    return Form("sample:1", title, Say("sample.submit"), fields or (TextField("words", LABEL),))


def shown(asked: Form, **options: Any) -> views.View:
    """The form as a view that Slack would take."""
    view = views.modal(asked, **options)
    check_valid(view)
    return view


def seen(view: Mapping[str, Any]) -> list[str]:
    """What is read in it, line by line, without its title and buttons."""
    return [line for line in Eyes(Workspace())._blocks(list(view["blocks"])) if line]


def inputs(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def sent(view: Mapping[str, Any]) -> dict[str, Any]:
    """The view as Slack hands it over when it is sent with what stood in it to begin with."""
    states: dict[str, Any] = {}
    for name, block in inputs(view).items():
        element = block["element"]
        given = {
            "plain_text_input": {"value": element.get("initial_value")},
            "datepicker": {"selected_date": element.get("initial_date")},
            "users_select": {"selected_user": element.get("initial_user")},
            "multi_users_select": {"selected_users": element.get("initial_users", [])},
        }.get(element["type"], {"selected_option": element.get("initial_option")})
        states[name] = {element["action_id"]: {"type": element["type"], **given}}
    return {**view, "id": "V1", "hash": "1.a", "team_id": "T1", "state": {"values": states}}


def test_what_stands_in_a_form_is_what_it_hands_in() -> None:
    typed = views.typed(sent(shown(form(*EVERY_FIELD).filled(TYPED), channel="C1")))
    assert (typed.action, typed.channel, typed.values) == ("sample:1", "C1", TYPED)


def test_a_form_that_nothing_was_typed_into_hands_in_every_field_empty() -> None:
    typed = views.typed(sent(shown(form(*EVERY_FIELD))))
    assert (typed.action, typed.channel) == ("sample:1", None)
    assert typed.values == dict.fromkeys(TYPED, "")


def test_fields_that_slack_says_nothing_about_are_handed_in_empty() -> None:
    assert views.typed({**shown(SMALL_FORM), "state": {"values": {}}}).values == {"words": ""}


def test_each_field_is_what_it_is_for() -> None:
    made = inputs(shown(form(*EVERY_FIELD)))
    kinds = {name: block["element"]["type"] for name, block in made.items()}
    assert kinds == {
        "words": "plain_text_input",
        "until": "datepicker",
        "colour": "radio_buttons",
        "one": "users_select",
        "many": "multi_users_select",
    }
    assert made["words"]["element"]["multiline"]
    assert made["words"]["element"]["max_length"] == 1500
    assert made["words"]["hint"]["text"] == "A calendar entry."
    assert not any(block["optional"] for block in made.values())


def test_what_may_stay_empty_may_be_emptied_again() -> None:
    made = inputs(shown(form(ChoiceField("colour", LABEL, COLOURS, required=False))))["colour"]
    assert made["optional"]
    assert made["element"]["type"] == "static_select", "what was picked of radio buttons stays picked"


@pytest.mark.parametrize("value", ["2026-13-01", "tomorrow", "20261224"])
def test_what_is_no_day_is_not_offered_as_one(value: str) -> None:
    assert (
        "initial_date" not in inputs(shown(form(DateField("until", LABEL, value=value))))["until"]["element"]
    )


def test_the_title_and_what_is_to_be_read_first_stand_above_the_fields() -> None:
    view = shown(FORM_WITH_INTRO)
    assert view["title"]["text"] == "A small form"
    assert seen(view) == ["Good morning.", "Not now", "Your words"]


def test_a_title_that_is_too_long_stands_in_full_at_the_top() -> None:
    title = Say("questions.title", {"ritual": Given("weekly wellbeing check-in of the makers")})
    view = shown(form(title=title))
    assert view["title"]["text"] == "weekly wellbeing…"
    assert seen(view)[0] == "weekly wellbeing check-in of the makers"


def test_a_question_that_is_too_long_for_a_label_stands_in_full_above_its_field() -> None:
    question = "How are you? " * 300
    view = shown(form(TextField("q0", Say("questions.question", {"question": Given(question)}))))
    first, second = seen(view)
    assert first == question
    assert second.endswith("…")


def test_what_is_wrong_is_said_at_its_field() -> None:
    view = shown(form(*EVERY_FIELD))
    assert views.errors({"until": WRONG}, view) == {"until": "Please say a little more."}


def test_what_is_wrong_names_people_and_calls_commands_as_people_know_them() -> None:
    view = shown(FORM_WITH_INTRO)
    wrong = {
        "to": Say("gratitude.unknown", {"typed": Unknown("U9")}),
        "words": Say("gratitude.nobody_named", {"example": Code("/thanks @ana WORDS")}),
    }
    told = views.errors(wrong, view, names={"U9": "Zoe"}, prefix="kin")
    assert told["to"].startswith("I know nobody called @Zoe here")
    assert "/kin-thanks @ana WORDS" in told["words"]


def test_what_is_about_no_field_is_said_at_the_first() -> None:
    view = shown(FORM_WITH_INTRO)
    told = views.errors({"somewhere": WRONG, "words": LABEL, "": Say("sample.plain")}, view)
    assert told == {"to": "Please say a little more. Good morning.", "words": "Your words"}
    assert views.errors({"words": WRONG}, views.result(Message((LABEL,)))) == {}


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_below_its_field() -> None:
    view = sent(shown(form(*EVERY_FIELD), channel="C1"))
    again = views.refused(view, TYPED, views.errors({"until": WRONG}, view))
    check_valid(again)
    assert views.typed(sent(again)).values == TYPED
    assert views.typed(sent(again)).channel == "C1"
    ids = [block.get("block_id") for block in again["blocks"]]
    assert ids.index("wrong:until") == ids.index("until") + 1
    assert "Please say a little more." in seen(again)


def test_a_form_refused_twice_says_only_what_is_wrong_now() -> None:
    wrong = {"until": "Please say a little more.", "words": "Please say a little more."}
    once = sent(views.refused(sent(shown(form(*EVERY_FIELD))), TYPED, wrong))
    twice = views.refused(once, {**TYPED, "words": ""}, {"words": "Good morning."})
    check_valid(twice)
    assert "Please say a little more." not in seen(twice)
    assert views.typed(sent(twice)).values == {**TYPED, "words": ""}


def test_while_it_takes_long_there_is_nothing_to_send_and_the_form_is_still_known() -> None:
    view = sent(shown(form(*EVERY_FIELD), channel="C1"))
    meanwhile = views.waiting(view)
    check_valid(meanwhile)
    assert "submit" not in meanwhile
    assert json.loads(meanwhile["private_metadata"]) == {"action": "sample:1", "channel": "C1"}
    assert views.typed(meanwhile).values == {}


def test_the_result_of_a_form_can_be_closed_and_has_its_buttons() -> None:
    reply = Message((Say("sample.plain"), Buttons((Button("met:42", Say("sample.button")),))))
    view = views.result(reply)
    check_valid(view)
    assert "submit" not in view
    assert view["close"]["text"] == "Close"
    assert seen(view) == ["Good morning.", "Press me"]
    check_valid(views.result(Message(())))


def test_commands_are_called_as_in_this_workspace_wherever_they_are_named() -> None:
    pointer = Message(
        (Say("admin.paused", {"ritual": Given("coffee"), "resume": Code("/kinkeeper resume")}),)
    )
    intro = Say("admin.paused", {"ritual": Given("coffee"), "resume": Code("/kinkeeper resume")})
    asked = Form("sample:1", LABEL, LABEL, (TextField("words", LABEL),), intro)
    for view in (
        views.home(pointer, prefix="kin"),
        views.result(pointer, prefix="kin"),
        shown(asked, prefix="kin"),
    ):
        assert "/kin-kinkeeper resume" in seen(view)[0]


def test_the_home_page_has_a_notice_above_it() -> None:
    page = Message((Say("sample.plain"), Buttons((Button("skip:1", Say("sample.button")),))))
    view = views.home(page, notice=Message((Say("sample.alt"),)))
    check_valid(view)
    assert seen(view) == ["A calendar entry.", "Good morning.", "Press me"]
    assert view["type"] == "home"


def test_a_home_page_longer_than_slack_takes_is_joined_before_anything_is_left_out() -> None:
    page = Message(tuple(Say("sample.count", {"count": n}) for n in range(300)))
    view = views.home(page, notice=page)
    check_valid(view)
    assert "299 things" in seen(view)[-1]
    check_valid(views.home(Message(())))


def test_a_page_larger_than_slack_takes_at_all_keeps_its_beginning() -> None:
    page = Message((Say("sample.plain"), *(Quote("\0" * 3000) for _ in range(99))))
    view = views.home(page, notice=page)
    check_valid(view)
    assert seen(view)[0] == "Good morning."
