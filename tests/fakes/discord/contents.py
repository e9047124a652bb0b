"""What a message may hold: lengths, numbers, and what goes with what.

https://docs.discord.com/developers/resources/message#create-message
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.discord.components import check_components
from tests.fakes.discord.mentions import check_allowed
from tests.fakes.discord.records import COMPONENTS_V2, Json
from tests.fakes.discord.refusals import EMPTY_MESSAGE, Problems, refuse

LONGEST_CONTENT = 2000
MOST_EMBEDS = 10
LONGEST_EMBEDS = 6000
MOST_FILES = 10
_EMBED_TEXTS = (("title", 256), ("description", 4096), ("footer.text", 2048), ("author.name", 256))


def check_message(said: Json, *, files: Sequence[str] = (), of_old: Json | None = None) -> None:
    """Refuse what Discord would not take; `files` are the names of what was uploaded, `of_old` what an edit changes."""
    problems = Problems()
    flags = said.get("flags") or (of_old or {}).get("flags") or 0
    problems.length("content", said.get("content"), LONGEST_CONTENT)
    _check_embeds(problems, said.get("embeds") or [])
    check_components(problems, said.get("components") or [], v2=bool(flags & COMPONENTS_V2))
    check_allowed(problems, said.get("allowed_mentions"))
    _check_attachments(problems, said.get("attachments") or [], files)
    if flags & COMPONENTS_V2:
        for name in ("content", "embeds"):
            if said.get(name):
                problems.add(
                    name,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    nonce = said.get("nonce")
    if isinstance(nonce, str):
        problems.length("nonce", nonce, 25)
    problems.complain()
    whole = {**(of_old or {}), **said}
    has_words = bool((whole.get("content") or "").strip())
    if not has_words and not any(map(whole.get, ("embeds", "components", "attachments"))) and not files:
        raise refuse(EMPTY_MESSAGE)


def _check_embeds(problems: Problems, embeds: list[Json]) -> None:
    if len(embeds) > MOST_EMBEDS:
        problems.add("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_EMBEDS} or fewer in length.")
    total = 0
    for number, embed in enumerate(embeds):
        texts = [(path, _at(embed, path), most) for path, most in _EMBED_TEXTS]
        fields = embed.get("fields") or []
        if len(fields) > 25:
            problems.add(f"embeds.{number}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for place, field in enumerate(fields):
            texts += [
                (f"fields.{place}.{n}", field.get(n), most) for n, most in (("name", 256), ("value", 1024))
            ]
            for name in ("name", "value"):
                if not field.get(name):
                    problems.required(f"embeds.{number}.fields.{place}.{name}")
        for path, text, most in texts:
            problems.length(f"embeds.{number}.{path}", text, most)
            total += len(text) if isinstance(text, str) else 0
        if not any(text for _, text, _ in texts) and not embed.get("image"):
            problems.required(f"embeds.{number}.description")
    if total > LONGEST_EMBEDS:
        problems.add(
            "embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {LONGEST_EMBEDS}"
        )


def _check_attachments(problems: Problems, attachments: list[Json], files: Sequence[str]) -> None:
    if max(len(attachments), len(files)) > MOST_FILES:
        problems.add("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_FILES} or fewer in length.")
    for number, attachment in enumerate(attachments):
        problems.length(f"attachments.{number}.description", attachment.get("description"), 1024)
        id_ = str(attachment.get("id"))
        if len(id_) < 10 and int(id_) >= len(files):
            problems.add(
                f"attachments.{number}.id", "ATTACHMENT_NOT_FOUND", f"Uploaded attachment not found: {id_}"
            )


def _at(embed: Json, path: str) -> object:
    found: object = embed
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found
