"""One's own settings in a form: what holds stands in it, and only what is changed there changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.db.engine import Sessions
from bot.db.models import Enrolment, Member
from bot.domain.interactions import Press, Refused, Reply
from bot.domain.messages import ChoiceField, Form
from bot.domain.phrasing import plain, plain_message
from tests.journeys.test_forgetting import MORE
from tests.journeys.test_home import many
from tests.journeys.test_presence import words_for_ben
from tests.world import CONFIG, MONDAY, World, world

TEN = MONDAY + timedelta(hours=1)  # 10:00 in Berlin


async def opened(acme: World, who: str) -> Form:
    """The form as somebody sees it."""
    await acme.says(who, "/presence me")
    return await acme.opens(who, "Settings")


def values(form: Form, **changed: str) -> dict[str, str]:
    """What comes back if only that is changed."""
    return {field.name: field.value for field in form.fields} | changed


async def saves(acme: World, who: str, form: Form, **changed: str) -> str:
    """Somebody changes that in the form and sends it; what they are told."""
    answer = await acme.submits(who, form.action, **values(form, **changed))
    assert isinstance(answer, Reply), answer
    return plain_message(answer.message) if answer.message else ""


async def refused(acme: World, who: str, form: Form, **changed: str) -> Mapping[str, str]:
    """Somebody sends what cannot be; what stands at which field."""
    answer = await acme.submits(who, form.action, **values(form, **changed))
    assert isinstance(answer, Refused), answer
    return {name: plain(said) for name, said in answer.errors.items()}


async def own(acme: World, name: str) -> tuple[str | None, str | None]:
    """The time zone and the quiet hours that somebody has set themselves."""
    [member] = await acme.rows(Member, Member.name == name)
    return member.timezone, member.quiet_hours


async def test_a_form_that_is_sent_untouched_changes_nothing(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        assert values(form) == {"timezone": "Europe/Berlin", "quiet": "", "odd1": "either"}
        said = await saves(acme, "ana", form)
        assert said.splitlines()[0] == "Nothing was changed. It stays:"
        assert await own(acme, "Ana") == (None, None), (
            "a zone that is only the platform's stays the platform's"
        )


async def test_all_is_set_in_one_go_and_said_a_line_each(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        said = await saves(acme, "ana", form, timezone="asia/tokyo", quiet="18 - 9", odd1="bye")
        assert said.splitlines() == [
            "Noted. From now on:",
            "• your time zone is Asia/Tokyo",
            "• your quiet hours are 18:00-09:00, and days off",
            "• when the number is odd in monday-coffee: sitting out",
        ]
        assert await own(acme, "Ana") == ("Asia/Tokyo", "18:00-09:00")
        assert "next on Monday, 5 January at 18:00 JST" in await acme.says("ana", "/presence me")
        again = await opened(acme, "ana")
        assert values(again) == {"timezone": "Asia/Tokyo", "quiet": "18:00-09:00", "odd1": "bye"}


async def test_what_is_emptied_goes_back_to_the_default(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        await acme.says("ana", "/presence timezone Asia/Tokyo")
        await acme.says("ana", "/presence quiet 18:00-09:00")
        said = await saves(acme, "ana", await opened(acme, "ana"), timezone="", quiet=" ")
        assert "your time zone is Europe/Berlin, as you have set none yourself" in said
        assert "as you have set no quiet hours" in said
        assert await own(acme, "Ana") == (None, None)


async def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        assert await refused(acme, "ana", form, timezone="Lisbon", quiet="soon", odd1="both") == {
            "timezone": "I do not know a time zone called Lisbon. Did you mean Europe/Lisbon?",
            "quiet": "I could not read soon as hours. Please write two times of day, for example 18:00-09:00.",
            "odd1": "Please pick one of these: trio for a group of three, bye for sitting out, or either.",
        }
        assert await refused(acme, "ana", form, timezone="Asia/Tokyo", quiet="00:00-24:00") == {
            "quiet": "That would leave no time at all. For a break until a day there is /coffee pause."
        }
        assert list(await refused(acme, "ana", form, timezone="qqqqqqqq", odd1="trio")) == ["timezone"]
        assert await own(acme, "Ana") == (None, None)
        assert await acme.count(Enrolment, Enrolment.prefers != "either") == 0


async def test_a_form_that_lay_open_does_not_undo_what_was_set_elsewhere_meanwhile(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        await acme.says("ana", "/presence timezone Asia/Tokyo")
        await acme.says("ana", "/coffee prefer trio")
        await saves(acme, "ana", form, quiet="20:00-08:00")
        assert await own(acme, "Ana") == ("Asia/Tokyo", "20:00-08:00")
        assert await acme.count(Enrolment, Enrolment.prefers == "trio") == 1


async def test_a_form_sent_twice_has_the_effect_of_one(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        for _ in range(2):
            await saves(acme, "ana", form, quiet="20:00-08:00", odd1="trio")
        assert await own(acme, "Ana") == (None, "20:00-08:00")
        assert await acme.count(Enrolment, Enrolment.prefers == "trio") == 1


async def test_of_several_coffees_each_has_its_choice_as_far_as_a_form_has_room(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=many(5)) as acme:
        form = await opened(acme, "ana")
        choices = [field for field in form.fields if isinstance(field, ChoiceField)]
        assert len(form.fields) == 5
        assert len({plain(choice.label) for choice in choices}) == 3
        assert len(form.action) <= 100
        await saves(acme, "ana", form, **{choices[1].name: "trio"})
        assert await acme.count(Enrolment, Enrolment.prefers == "trio") == 1


async def test_without_a_coffee_of_two_nobody_is_asked_what_to_do_when_the_number_is_odd(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="group_size = 3")) as acme:
        form = await opened(acme, "ana")
        assert [field.name for field in form.fields] == ["timezone", "quiet"]
        assert "your quiet hours are 20:00-08:00" in await saves(acme, "ana", form, quiet="20:00-08:00")


async def test_the_form_is_looked_up_and_never_shown_without_what_holds(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        form = await opened(acme, "ana")
        await acme.says("ana", "/presence timezone Asia/Tokyo")
        assert acme.inbox.form(Press(acme.platform.actor("ana"), "press-1", "settings")) is None
        again = await acme.opens("ana", "Settings")
        assert (values(form)["timezone"], values(again)["timezone"]) == ("Europe/Berlin", "Asia/Tokyo")


async def test_quiet_hours_from_the_form_hold_at_once_for_what_is_on_its_way(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE) as acme:
        await acme.until(TEN + timedelta(hours=9))  # Monday 19:00
        await acme.says("ana", "/thanks <@ben> for the soup")
        assert words_for_ben(acme) == [], "it waits for the morning"
        await saves(acme, "ben", await opened(acme, "ben"), quiet="22:00-08:00")
        assert len(words_for_ben(acme)) == 1


@pytest.mark.parametrize("line", ["/presence timezone", "/presence quiet"])
async def test_what_holds_is_told_beside_a_button_to_the_form(
    sessions: Sessions, tmp_path: Path, line: str
) -> None:
    async with world(sessions, tmp_path) as acme:
        assert (await acme.says("ana", line)).endswith("[Settings]")
        form = await acme.opens("ana", "Settings")
        assert plain(form.title) == "Your settings"


async def test_whatever_is_typed_into_the_form_is_taken_or_refused_with_a_sentence(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path) as acme:
        for action in ("settings", "settings:", "settings::", "settings:x:y:z", "settings:a:b:1t:1z:99t:²b"):
            for typed in (
                "",
                "off",
                "\x00",
                "\ud800",
                "Europe/Berlin",
                "9-18",
                "::",
                "9" * 70,
                "é/ü",
                "../../x",
            ):
                fields = {"timezone": typed, "quiet": typed, "odd1": typed, "odd99": typed}
                for sent in ({}, fields):
                    answer = await acme.platform.submit("ana", action, dict(sent))
                    match answer:
                        case Reply(message):
                            assert message is not None
                            assert "went wrong" not in plain_message(message), (action, typed)
                        case Refused(errors):
                            assert errors
                            assert all("went wrong" not in plain(said) for said in errors.values())
                        case other:
                            raise AssertionError(other)
