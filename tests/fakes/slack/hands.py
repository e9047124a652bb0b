"""What people do to the app: commands, buttons, modals, menus. Each waits until the app acknowledged it.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tests.fakes.slack import answering, payloads, views
from tests.fakes.slack.escaping import as_sent
from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.filling import state
from tests.fakes.slack.records import Conversation, Json, Post, Refusal, View
from tests.fakes.slack.workspace import APP, DOMAIN, TEAM, Workspace


class Way(Protocol):
    """How what people do reaches the app: over a socket, or posted to an address."""

    async def deliver(
        self, kind: str, payload: Json, *, retry: int = 0, reason: str = "", times: int = 1
    ) -> Json: ...


class Broken(Exception):
    """The app acknowledged with something that Slack cannot make anything of; people see that it did not work."""


class Hands:
    """The people's hands. `root` is where response_urls begin; `again` hands the last thing over once more."""

    def __init__(self, there: Workspace, eyes: Eyes, way: Way, *, root: str) -> None:
        self.there = there
        self.way = way
        self._eyes = eyes
        self._root = root
        self._errors: dict[str, dict[str, str]] = {}
        self._last: tuple[str, Json] = ("", {})

    async def again(self, *, retry: int = 1, reason: str = "http_timeout") -> None:
        """The same payload once more, as Slack does when it heard nothing."""
        kind, payload = self._last
        await self.way.deliver(kind, payload, retry=retry, reason=reason)

    async def command(self, person: str, command: str, text: str = "", *, channel: str | None = None) -> None:
        """A slash command ("/coffee"), in a channel or in the conversation with the bot.

        https://docs.slack.dev/interactivity/implementing-slash-commands
        """
        _offered(command, self.there.app.commands)
        where = self._place(person, channel)
        names = {"im": "directmessage", "private": "privategroup", "mpim": where.name, "public": where.name}
        said = await self._do(
            "slash_commands",
            {
                "token": "verification-token",
                "team_id": TEAM,
                "team_domain": DOMAIN,
                "channel_id": where.id,
                "channel_name": names[where.kind],
                "user_id": person,
                "user_name": self.there.person(person).name,
                "command": command,
                "text": as_sent(text, name_of=self._handle, with_names=True),
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": self._answer_at(person, where.id),
                "trigger_id": self.there.give_trigger(person),
            },
        )
        answering.answer_at_once(self.there, person, where.id, said)

    async def press(self, person: str, post: Post, action: str, *, times: int = 1) -> None:
        """A button of a message; `times` is how often Slack hands over the same click."""
        where = self.there.conversations[post.channel]
        is_ephemeral = post.only_for is not None
        container = {
            "type": "message",
            "message_ts": post.ts,
            "channel_id": where.id,
            "is_ephemeral": is_ephemeral,
        }
        about = {} if is_ephemeral else {"message": payloads.message(post)}
        await self._do(
            "interactive",
            self._block_actions(person, self._eyes.actions(post.blocks), action, view=None)
            | about
            | {
                "container": container,
                "channel": self._channel(where),
                "response_url": self._answer_at(person, where.id, original=post.ts),
            },
            times=times,
        )

    async def press_on(self, person: str, view: View, action: str, *, times: int = 1) -> None:
        """A button of a modal or of the home page."""
        await self._do(
            "interactive",
            self._block_actions(person, self._eyes.actions(view.blocks), action, view=view.id)
            | {"container": {"type": "view", "view_id": view.id}, "view": payloads.view(view)},
            times=times,
        )

    async def shortcut(self, person: str, callback_id: str, post: Post) -> None:
        """An entry of a message's menu.

        https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
        """
        _offered(callback_id, self.there.app.shortcuts)
        where = self.there.conversations[post.channel]
        await self._do(
            "interactive",
            self._interaction("message_action", person)
            | {
                "callback_id": callback_id,
                "action_ts": self.there.next_ts(),
                "trigger_id": self.there.give_trigger(person),
                "response_url": self._answer_at(person, where.id),
                "channel": self._channel(where),
                "message_ts": post.ts,
                "message": payloads.message(post),
            },
        )

    def view_of(self, person: str) -> View | None:
        """The topmost modal that somebody sees."""
        stack = self.there.modals.get(person)
        return stack[-1] if stack else None

    def errors_of(self, person: str) -> Mapping[str, str]:
        """What stands under the fields of the modal that somebody submitted last, by field."""
        return self._errors.get(person, {})

    async def submit(self, person: str, typed: Mapping[str, str], *, times: int = 1) -> None:
        """Send the topmost modal, and let become of it what the app says.

        https://docs.slack.dev/surfaces/modals#updating_response
        """
        view = self.view_of(person)
        if view is None:
            raise LookupError(f"{person} sees no modal")
        values = state(view, typed)
        said = await self._do(
            "interactive",
            self._interaction("view_submission", person)
            | {
                "trigger_id": self.there.give_trigger(person, view=view.id),
                "view": payloads.view(view, values),
                "response_urls": [],
            },
            times=times,
        )
        self._errors.pop(person, None)
        self._answered(person, view, said)

    async def close(self, person: str) -> None:
        """Close the topmost modal; the app hears of it where it asked to."""
        view = self.there.modals[person].pop()
        if view.content.get("notify_on_close"):
            said = self._interaction("view_closed", person)
            await self._do("interactive", said | {"view": payloads.view(view), "is_cleared": False})

    def _answered(self, person: str, view: View, said: Json) -> None:
        stack = self.there.modals.get(person, [])
        try:
            match said:
                case {"response_action": "errors", "errors": dict(errors)}:
                    if not errors or not errors.keys() <= {b["block_id"] for b in view.inputs()}:
                        raise Broken(f"errors for no input of the modal: {errors}")
                    self._errors[person] = dict(errors)
                case {"response_action": "update", "view": content}:
                    views.replace(self.there, view, views.checked(content, kind="modal"))
                case {"response_action": "push", "view": content}:
                    views.lay_over(self.there, person, views.checked(content, kind="modal"))
                case {"response_action": "clear"}:
                    stack.clear()
                case {"response_action": other}:
                    raise Broken(f"there is no response_action {other!r}")
                case _ if view in stack:
                    stack.remove(view)
        except Refusal as refusal:
            raise Broken(f"{refusal.error}: {refusal.more}") from refusal

    def _block_actions(
        self, person: str, there: Mapping[str, Json], action: str, *, view: str | None
    ) -> Json:
        if action not in there:
            raise LookupError(f"there is no button {action!r}; there are {sorted(there)}")
        element = there[action]
        kept = {
            k: v
            for k, v in element.items()
            if k in {"action_id", "block_id", "text", "value", "style", "type"}
        }
        return self._interaction("block_actions", person) | {
            "trigger_id": self.there.give_trigger(person, view=view),
            "state": {"values": {}},
            "actions": [kept | {"action_ts": self.there.next_ts()}],
        }

    def _interaction(self, kind: str, person: str) -> Json:
        return {
            "type": kind,
            "token": "verification-token",
            "api_app_id": APP,
            "team": payloads.team(),
            "user": payloads.who(self.there.person(person)),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _channel(self, where: Conversation) -> Json:
        return {"id": where.id, "name": "directmessage" if where.kind == "im" else where.name}

    def _place(self, person: str, channel: str | None) -> Conversation:
        return self.there.conversations[channel] if channel else self.there.open_im(person)

    def _answer_at(self, person: str, channel: str, *, original: str | None = None) -> str:
        return f"{self._root}/response/{self.there.give_response_url(person, channel, original=original)}"

    def _handle(self, id_: str) -> str:
        person = self.there.people.get(id_)
        return person.name if person else self._eyes.name(id_)

    async def _do(self, kind: str, payload: Json, *, times: int = 1) -> Json:
        if kind == "interactive" and not self.there.app.is_interactive:
            raise LookupError("interactivity is not switched on in the app's manifest")
        self._last = (kind, payload)
        return await self.way.deliver(kind, payload, times=times)


def _offered(name: str, offered: frozenset[str] | None) -> None:
    if offered is not None and name not in offered:
        raise LookupError(f"the app's manifest offers no {name!r}; it offers {sorted(offered)}")
