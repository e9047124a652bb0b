"""The workspace seen with people's eyes: what they read, press and are called by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.escaping import as_seen, called, unescape
from tests.fakes.slack.records import Json, Post, View
from tests.fakes.slack.workspace import Workspace

EVERYBODY = "everybody"


class Eyes:
    """Reads what stands in a workspace."""

    def __init__(self, there: Workspace) -> None:
        self._there = there

    def text(self, post: Post) -> str:
        """A message as it is read: its blocks, or its text where it has none, and its files."""
        lines = list(self._blocks(post.blocks)) if post.blocks else [self._mrkdwn(post.text)]
        lines += [f"{upload.title or upload.name}\n{upload.alt}".strip() for upload in post.files]
        return "\n".join(line for line in lines if line)

    def notification(self, post: Post) -> str:
        """What a phone shows of it."""
        return self._mrkdwn(post.text)

    def within(self, conversation: str) -> list[str]:
        """What everybody there can read, oldest first."""
        return [self.text(post) for post in self._there.within(conversation)]

    def to(self, person: str) -> list[str]:
        """What stands in the bot's direct conversation with somebody, by the bot."""
        there = self._there.conversations.get(f"D0{person[1:]}")
        return [self.text(p) for p in self._there.within(there.id) if p.by_bot] if there else []

    def privately(self, person: str) -> list[str]:
        """The messages that this person alone can see, wherever they stand."""
        return [self.text(p) for p in self._there.posts if p.only_for == person]

    def actions(self, blocks: list[Json]) -> dict[str, Json]:
        """The buttons and menus that can be used, by action id, each with the id of its block."""
        found: dict[str, Json] = {}
        for block in blocks:
            elements = [*block.get("elements", ()), block.get("accessory")]
            if block["type"] in {"actions", "section"}:
                for element in elements:
                    if isinstance(element, dict) and "action_id" in element:
                        found[element["action_id"]] = element | {"block_id": block["block_id"]}
        return found

    def called(self, post: Post) -> set[str]:
        """Whom the message calls, by id; "everybody" for a whole channel."""
        found = called(post.text)
        if post.links_names and any(word in post.text for word in ("@channel", "@here", "@everyone")):
            found.add(EVERYBODY)
        for value in _objects(post.blocks):
            match value:
                case {"type": "mrkdwn" | "markdown", "text": str(text)}:
                    found |= called(text)
                case {"type": "user", "user_id": str(person)}:
                    found.add(person)
                case {"type": "broadcast" | "usergroup"}:
                    found.add(EVERYBODY)
        return found

    def view(self, view: View) -> str:
        """A modal or a page as it is read: title, what stands in it, its button."""
        title = self._text(view.content.get("title"))
        submit = self._text(view.content.get("submit"))
        return "\n".join(line for line in (title, self.body(view), submit) if line)

    def body(self, view: View) -> str:
        """What stands in it, without its title and button."""
        return "\n".join(line for line in self._blocks(view.blocks) if line)

    def name(self, id_: str) -> str:
        """What a person or a channel is called."""
        if person := self._there.people.get(id_):
            return person.real_name
        conversation = self._there.conversations.get(id_)
        return conversation.name if conversation else "unknown"

    def _mrkdwn(self, text: str) -> str:
        return as_seen(text, name_of=self.name)

    def _text(self, value: Json | None) -> str:
        if not value:
            return ""
        return self._mrkdwn(value["text"]) if value["type"] == "mrkdwn" else unescape(value["text"])

    def _blocks(self, blocks: list[Json]) -> Iterator[str]:
        for block in blocks:
            match block["type"]:
                case "section" | "header":
                    yield self._text(block.get("text"))
                    yield from map(self._text, block.get("fields", ()))
                    yield self._element(block.get("accessory"))
                case "context" | "actions":
                    yield from map(self._element, block["elements"])
                case "input":
                    yield self._text(block["label"])
                    yield self._text(block.get("hint"))
                    yield self._text(block["element"].get("placeholder"))
                case "image":
                    yield self._text(block.get("title"))
                    yield block["alt_text"]
                case "markdown":
                    yield block["text"]
                case "rich_text":
                    for part in block["elements"]:
                        yield from self._rich(part)

    def _element(self, element: Json | None) -> str:
        match element:
            case None:
                return ""
            case {"type": "plain_text" | "mrkdwn"}:
                return self._text(element)
            case {"type": "image"}:
                return str(element["alt_text"])
            case {"type": "button"}:
                return self._text(element["text"])
        return self._text(element.get("placeholder"))

    def _rich(self, part: Json) -> Iterator[str]:
        if part["type"] == "rich_text_list":
            for number, item in enumerate(part["elements"], start=1 + part.get("offset", 0)):
                mark = f"{number}." if part["style"] == "ordered" else "•"
                yield f"{'    ' * part.get('indent', 0)}{mark} {self._inline(item)}"
        else:
            yield self._inline(part)

    def _inline(self, part: Json) -> str:
        return "".join(map(self._piece, part["elements"])).removesuffix("\n")

    def _piece(self, piece: Json) -> str:
        match piece:
            case {"type": "text", "text": str(text)}:
                return text
            case {"type": "link"}:
                return str(piece.get("text") or piece["url"])
            case {"type": "user", "user_id": str(person)}:
                return f"@{self.name(person)}"
            case {"type": "channel", "channel_id": str(channel)}:
                return f"#{self.name(channel)}"
            case {"type": "emoji", "name": str(name)}:
                return f":{name}:"
            case {"type": "date"}:
                return str(piece.get("fallback") or piece["format"])
            case {"type": "broadcast", "range": str(whom)}:
                return f"@{whom}"
        return str(piece.get("usergroup_id") or piece.get("value") or "")


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object anywhere in a document."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)
