"""What thanks say wherever they stand: to those who are thanked, in the channel, in a roundup; and their forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.interactions import action
from bot.domain.messages import (
    Button,
    Buttons,
    ChoiceField,
    Form,
    FormField,
    Given,
    Message,
    Option,
    Part,
    People,
    PeopleField,
    Person,
    Quote,
    Say,
    TextField,
)

TO, WORDS, WORTH, WHERE = "to", "words", "worth", "where"  # the fields of the form
WITHOUT = "none"  # no value; a value stands as "#care", so that none can be mistaken for it
IN_CHANNEL, PRIVATE = "channel", "private"
MOST_TYPED = 3000  # characters a form takes, so that what is too long is told, and kept; Slack takes no more
MOST_WHERE = 24  # rituals to choose from: a menu on Discord holds 25 entries, and one is "privately"
QUOTES_IN_A_POST = 15
WORDS_IN_A_POST = 6000  # characters of people's words that stand in one post of a roundup


@dataclass(frozen=True, slots=True)
class ThanksView:
    """Thanks as people read them; people are member ids."""

    id: int
    sender: int
    recipients: tuple[int, ...]
    words: str
    worth: str | None
    goes_public: bool  # it stands in the channel, or will

    @property
    def people(self) -> People:
        """Everybody who is thanked."""
        return _people(self.recipients)

    @property
    def quote(self) -> Quote:
        """The words, marked as the sender's."""
        return Quote(self.words, Person(self.sender))


def for_recipient(shown: ThanksView, member: int) -> Message:
    """What somebody who is thanked gets, before anybody else."""
    others = tuple(m for m in shown.recipients if m != member)
    parts: list[Part] = [Say("gratitude.for_you", {"person": Person(shown.sender)}), shown.quote]
    if shown.worth:
        parts.append(_worth(shown.worth))
    if others:
        parts.append(Say("gratitude.also", {"people": _people(others)}))
    if shown.goes_public:
        parts.append(Say("gratitude.goes_public"))
        take_out = Button(action("thanks-out", shown.id), Say("gratitude.take_out"))
        parts.append(Buttons((take_out,)))
    return Message(tuple(parts))


def in_channel(shown: ThanksView) -> Message:
    """The post in the channel."""
    return Message((_who_thanks_whom(shown), shown.quote, *((_worth(shown.worth),) if shown.worth else ())))


def taken_back(sender: int) -> Message:
    """What is left of it where it was read already."""
    return Message((Say("gratitude.taken_back", {"person": Person(sender, called=False)}),))


def receipt(shown: ThanksView, said: Say) -> Message:
    """What the sender is told, with the ways to change their mind."""
    edit = Button(action("thanks-edit", shown.id), Say("gratitude.edit"))
    delete = Button(action("thanks-delete", shown.id), Say("gratitude.delete"), "danger")
    return Message((said, Say("gratitude.changeable"), Buttons((edit, delete))))


def roundup(ritual: str, gathered: Sequence[ThanksView], *, first: bool) -> Message:
    """One post of a roundup; without thanks it is nothing."""
    if not gathered:
        return Message(())
    key = "gratitude.roundup" if first else "gratitude.roundup_more"
    parts: list[Part] = [Say(key, {"ritual": Given(ritual)})]
    for shown in gathered:
        parts += [_who_thanks_whom(shown), shown.quote]
    return Message(tuple(parts))


def in_posts(gathered: Sequence[ThanksView]) -> Iterator[list[ThanksView]]:
    """The thanks of a roundup, so many together as one post holds."""
    post: list[ThanksView] = []
    for shown in gathered:
        length = sum(len(other.words) for other in post) + len(shown.words)
        if post and (len(post) == QUOTES_IN_A_POST or length > WORDS_IN_A_POST):
            yield post
            post = []
        post.append(shown)
    if post:
        yield post


def thanks_form(
    rituals: Mapping[int, tuple[str, Sequence[str]]],
    *,
    about: int | None = None,
    typed: Mapping[str, str] = {},
) -> Form:
    """The form for saying thanks, for the ritual `about` or with a choice of all; `rituals` has names and values.

    Without any ritual there is no channel, so it does not ask where.
    """
    if about is None and len(rituals) == 1:
        [about] = rituals
    if about is not None:
        rituals = {about: rituals[about]}
    fields: list[FormField] = [
        PeopleField(TO, Say("gratitude.form_to"), many=True),
        TextField(WORDS, Say("gratitude.form_words"), long=True, max_length=MOST_TYPED),
    ]
    values = list(dict.fromkeys(value for _, offered in rituals.values() for value in offered))
    if values:
        fields.append(worth_field(values))
    if rituals:
        fields.append(_where_field(rituals, chosen=about is None))
    verb = action("thanks") if about is None else action("thanks", about)
    form = Form(verb, Say("gratitude.form_title"), Say("gratitude.form_send"), tuple(fields))
    return form.filled({name: text[:MOST_TYPED] for name, text in typed.items()})


def edit_form(thanks_id: int, words: str, worth: str | None, values: Sequence[str]) -> Form:
    """The form for changing the words and the value, filled with what they are."""
    fields: list[FormField] = [
        TextField(WORDS, Say("gratitude.form_words"), long=True, max_length=MOST_TYPED, value=words)
    ]
    if values:
        fields.append(worth_field(values, chosen=worth if worth in values else None))
    return Form(
        action("thanks-edit", thanks_id),
        Say("gratitude.edit_title"),
        Say("gratitude.edit_send"),
        tuple(fields),
    )


def worth_field(values: Sequence[str], *, chosen: str | None = None) -> ChoiceField:
    """Which of the team's values, none first."""
    none = Option(WITHOUT, Say("gratitude.form_no_worth"))
    offered = [
        Option(f"#{v}", Say("gratitude.form_one_worth", {"worth": Given(v)})) for v in values[:MOST_WHERE]
    ]
    return ChoiceField(
        WORTH, Say("gratitude.form_worth"), (none, *offered), value=f"#{chosen}" if chosen else WITHOUT
    )


def _where_field(rituals: Mapping[int, tuple[str, Sequence[str]]], *, chosen: bool) -> ChoiceField:
    """In the channel or privately; `chosen`: which of several rituals' channels."""
    if chosen:
        places = [
            Option(action(IN_CHANNEL, id_), Say("gratitude.form_channel_of", {"ritual": Given(name)}))
            for id_, (name, _) in list(rituals.items())[:MOST_WHERE]
        ]
    else:
        places = [Option(IN_CHANNEL, Say("gratitude.form_channel"))]
    options = (*places, Option(PRIVATE, Say("gratitude.form_private")))
    return ChoiceField(WHERE, Say("gratitude.form_where"), options, value=options[0].value)


def _who_thanks_whom(shown: ThanksView) -> Say:
    """It calls those who are thanked, and not whoever has just said it."""
    return Say("gratitude.in_channel", {"person": Person(shown.sender, called=False), "people": shown.people})


def _people(members: Sequence[int]) -> People:
    return People(tuple(Person(m) for m in members))


def _worth(value: str) -> Say:
    return Say("gratitude.worth", {"worth": Given(value)})
