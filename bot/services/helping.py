"""Help: what there is, one command, and a kind pointer for those who write to the bot as to a person."""

from __future__ import annotations

from bot.domain.commands import COMMANDS, Typed, nearest
from bot.domain.messages import Code, Given, Line, Message, Part, Say
from bot.services.asking import Asker, say
from bot.services.sorry import Sorry


async def show(asker: Asker, typed: Typed) -> Message:
    """`help`, or `help COMMAND`."""
    wanted = [w.removeprefix("/").lower() for w in typed.words]
    if not wanted:
        return of_commands(tuple(COMMANDS), with_admin=asker.is_admin())
    if wanted[0] not in COMMANDS and any(wanted[0] == v.name for v in COMMANDS["kinkeeper"]):
        wanted[0] = "kinkeeper"
    if wanted[0] not in COMMANDS:
        guess = nearest(wanted[0], COMMANDS)
        if guess:
            raise Sorry("help.unknown_guess", typed=Given(typed.words[0]), guess=Code(f"/{guess}"))
        names = ", ".join(f"/{name}" for name in COMMANDS)
        raise Sorry("help.unknown", typed=Given(typed.words[0]), commands=Code(names))
    return of_commands((wanted[0],), with_admin=asker.is_admin())


def of_commands(names: tuple[str, ...], *, with_admin: bool) -> Message:
    """The verbs of these commands, a line each."""
    parts: list[Part] = [Say("help.about"), Say("help.title")]
    for name in names:
        for verb in COMMANDS[name]:
            if verb.for_admins and not with_admin:
                continue
            usage = " ".join(word for word in (f"/{name}", verb.name, *verb.arguments) if word)
            what = Say(f"help_{name}.{verb.name.replace('-', '_') or 'line'}")
            parts.append(Line(Say("help.line", {"command": Code(usage), "what": what})))
    return Message((*parts, Say("help.free")))


def pointer() -> Message:
    """For free text in a direct conversation."""
    return say("help.pointer", help=Code("/kinkeeper help"), why=Code("/coffee why"))


def unknown(command: str, verb: str) -> Sorry:
    """The sentence for a word that is no command or no verb of it, with the nearest one there is."""
    if command not in COMMANDS:
        near = nearest(command, COMMANDS)
        if near:
            return Sorry("error.unknown_verb", typed=Code(f"/{command}"), guess=Code(f"/{near}"))
        return Sorry("error.unknown_command", command=Code(f"/{command}"), help=Code("/kinkeeper help"))
    words = [v.name for v in COMMANDS[command]]
    if command == "kinkeeper":
        words += [name for name in COMMANDS if name != command]  # as in `/kinkeeper coffee why`
    guess = nearest(verb, words)
    typed = Code(f"/{command} {verb}")
    if guess:
        return Sorry("error.unknown_verb", typed=typed, guess=Code(f"/{command} {guess}"))
    return Sorry("error.unknown_verb_no_guess", typed=typed, help=Code("/kinkeeper help"))
