"""The slash commands: their verbs and arguments, reading what was typed, completing it, finding the nearest word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.zones_offered import zones_offered

MENTION = re.compile(r"<@([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a command. `arguments` names what may follow, in order, for help and completion.

    Known arguments: `PERSON`, `PEOPLE`, `UNTIL`, `RITUAL`, `WEEKS`, `COMMAND`, `WORDS`, `#VALUE`, `CODE`, `ZONE`,
    `HOURS`, or a choice such as `trio|bye|either`; in square brackets what may be left out. A verb's one-line summary
    is the catalogue's `help_<command>.<verb>`, with `_` for `-`. A command that has no verbs is one with the name "".
    """

    name: str
    arguments: tuple[str, ...] = ()
    for_admins: bool = False


COMMANDS: dict[str, tuple[Verb, ...]] = {
    "coffee": (
        Verb("join", ("[RITUAL]",)),
        Verb("leave", ("[RITUAL]",)),
        Verb("pause", ("UNTIL", "[RITUAL]")),
        Verb("resume", ("[RITUAL]",)),
        Verb("skip", ("[RITUAL]",)),
        Verb("why", ("[RITUAL]",)),
        Verb("history", ("[RITUAL]",)),
        Verb("plan", ("[RITUAL]",)),
        Verb("avoid", ("[PERSON]", "[RITUAL]")),
        Verb("prefer", ("trio|bye|either", "[RITUAL]")),
    ),
    "thanks": (Verb("", ("PEOPLE", "WORDS", "[#VALUE]", "[privately]")),),
    "checkin": (
        Verb("join", ("[RITUAL]",)),
        Verb("leave", ("[RITUAL]",)),
        Verb("answer", ("[RITUAL]",)),
        Verb("delete", ("CODE",)),
        Verb("hosts", ("[RITUAL]",)),
        Verb("pass", ("[RITUAL]",)),
        Verb("swap", ("PERSON", "[RITUAL]")),
        Verb("volunteer", ("[RITUAL]",)),
        Verb("done", ("[RITUAL]",)),
        Verb("someone-else", ("[RITUAL]",)),
        Verb("pause", ("UNTIL", "[RITUAL]")),
        Verb("resume", ("[RITUAL]",)),
    ),
    "presence": (
        Verb("me"),
        Verb("team"),
        Verb("mydata"),
        Verb("export"),
        Verb("forget"),
        Verb("privacy"),
        Verb("timezone", ("ZONE",)),
        Verb("quiet", ("HOURS",)),
    ),
    "kinkeeper": (
        Verb("help", ("[COMMAND]",)),
        Verb("status", for_admins=True),
        Verb("plan", ("[WEEKS]",), for_admins=True),
        Verb("run", ("RITUAL",), for_admins=True),
        Verb("pause", ("RITUAL", "[UNTIL]"), for_admins=True),
        Verb("resume", ("RITUAL",), for_admins=True),
        Verb("reload", for_admins=True),
    ),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A command line taken apart: people mentioned (ids, in order), and the other words.

    `line` is all that followed the command's name, letter for letter; `own_words` what a platform handed over apart.
    """

    verb: str
    people: tuple[str, ...]
    words: tuple[str, ...]
    command: str = ""
    line: str = ""
    own_words: str | None = None


def storable(text: str) -> str:
    """The text without what no database takes."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode()


def read(text: str, *, command: str = "", own_words: str | None = None) -> Typed:
    """Take apart what follows a command's name; the verb is lower-cased, "" if nothing was typed."""
    text = storable(text)
    people = tuple(MENTION.findall(text))
    first, *rest = MENTION.sub(" ", text).split() or [""]
    apart = storable(own_words) if own_words is not None else None
    return Typed(first.lower(), people, tuple(rest), command, text, apart)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be, or None if none is near."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        word, list(known), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=60
    )
    return best[0] if best else None


def complete(
    typed: str,
    *,
    rituals: Sequence[str],
    people: Sequence[str],
    values: Sequence[str] = (),
    zones: Sequence[str] = (),
) -> list[str]:
    """How the line may go on: whole lines, starting with what is typed.

    `people` are as they are mentioned in a text; `values` are the team's, which thanks can be for; `zones` (IANA) go
    before all others, and alone while nothing is typed of one.
    """
    line = typed.lstrip()
    if not line.startswith("/"):
        return []
    head, _, rest = line[1:].partition(" ")
    if not _:
        return [f"/{name} " for name in COMMANDS if name.startswith(head.lower())]
    verbs = {v.name: v for v in COMMANDS.get(head.lower(), ())}
    if "" in verbs:
        rest = f" {rest}"  # its arguments stand where others have their verb
    words = rest.split(" ")
    done, part = words[:-1], words[-1]
    start = line[: len(line) - len(part)]
    if not done:
        return [
            start + v.name + (" " if v.arguments else "")
            for v in verbs.values()
            if v.name.startswith(part.lower())
        ]
    verb = verbs.get(done[0].lower())
    if verb is None:
        return []
    candidates: list[str] = []
    if part.startswith("#") and any("#VALUE" in argument for argument in verb.arguments):
        candidates += [f"#{value}" for value in values]  # wherever among the words it stands
    at = min(len(done) - 1, len(verb.arguments))
    if "WORDS" in verb.arguments:  # as many as somebody likes; what comes after them may come at any time
        at = min(at, verb.arguments.index("WORDS") + 1)
    for argument in verb.arguments[at:]:
        name = argument.strip("[]")
        match name:
            case "RITUAL":
                candidates += rituals
            case "PERSON" | "PEOPLE":
                candidates += people
            case "COMMAND":
                candidates += COMMANDS
            case "UNTIL":
                candidates += ["tomorrow", "in 2 weeks", "monday"]
            case "WEEKS":
                candidates += ["4", "8"]
            case "HOURS":
                candidates += ["18:00-09:00"]
            case "ZONE":  # of some six hundred
                candidates += zones_offered(part, first=zones) if part else zones
            case "WORDS" | "CODE" | "#VALUE":
                pass  # theirs to type
            case _:
                candidates += name.split("|")
        if not argument.startswith("["):
            break
    return [start + c for c in candidates if c.lower().startswith(part.lower())]
