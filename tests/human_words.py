"""The bot hosts, people speak: whatever is attributed to a person is what that person typed, letter for letter.

Every journey ends with this check of all that was sent and answered in it, each version of each message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot import wording
from bot.domain.commands import storable
from bot.domain.messages import Asked, Buttons, File, Line, Message, Quote, Say

MENTION = re.compile(r"<@([^<>\s]+)>")
Typed = Sequence[tuple[str, str]]  # (account, what they typed), in order


def problems(
    messages: Sequence[tuple[str | None, Message]], typed: Typed, *, config: str, names: Mapping[str, str]
) -> list[str]:
    """What is wrong with the messages (each with its one reader, None for a shared one); empty if nothing is.

    `config` is all that config files said in the journey, `names` the people's names by account.
    """
    found: list[str] = []
    for reader, message in messages:
        for part in message.parts:
            match part:
                case Quote(words=words, by=by):
                    author = by.handle if by is not None else reader
                    if not any(
                        words in neutral(text, names) for who, text in typed if author in ("", None, who)
                    ):
                        found.append(f"{author} never typed {words!r}")
                case Asked(text=text):
                    own = [wording.template(k) for k in wording.catalogue("en") if k.startswith("starters.")]
                    if text not in own and not said_in(config, text):
                        found.append(f"neither the config nor the catalogue asks {text!r}")
                case _:
                    found += [f"the catalogue has no {key}" for key in keys(part) if not known(key)]
    return found


def neutral(text: str, names: Mapping[str, str]) -> str:
    """What was typed, with known people who were mentioned by name, and what no database takes replaced: no more."""
    return MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], storable(text))


def said_in(config: str, text: str) -> bool:
    """Whether a config says the text, in whatever way TOML may write it."""
    return text in config or text.replace("\\", "\\\\").replace('"', '\\"') in config


def known(key: str) -> bool:
    return key in wording.catalogue("en")


def keys(part: object) -> Iterator[str]:
    """The sentences of the catalogue that a part says."""
    match part:
        case Say(key=key, values=values):
            yield key
            for value in values.values():
                yield from keys(value)
        case Line(say=say) | File(alt=say):
            yield from keys(say)
        case Buttons(buttons=buttons):
            for button in buttons:
                yield from keys(button.label)
        case _:
            return
