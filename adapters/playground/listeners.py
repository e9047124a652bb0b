"""What the page can ask and do: each request is turned into what a person did, and handed to the inbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from adapters.playground import render, views
from adapters.playground.assets import asset
from adapters.playground.bell import Bell
from adapters.playground.guard import Body, guard
from adapters.playground.journey import Journey
from adapters.playground.mentions import about_others, as_typed, complete_name, read_mentions
from adapters.playground.records import Conversation, Resident
from adapters.web.app import HOME
from adapters.web.loopback import LOOPBACK_ONLY
from bot.domain.commands import COMMANDS, nearest
from bot.domain.interactions import Command, Interaction, Press, Refused, Said, Shortcut, Submit
from bot.domain.messages import Form
from bot.domain.phrasing import plain

if TYPE_CHECKING:
    from adapters.playground.platform import Playground

_DEEDS = ("say", "command", "press", "shortcut", "submit", "read", "you", "person", "colleagues", "travel")
PAGE_OF_MESSAGES = 200
_LONGEST = 4000  # characters of one message


def mount(app: web.Application, playground: Playground) -> None:
    """Put the page at `/playground/`, and mark the application as one for this computer alone."""
    page = _Page(playground)
    routes = web.Application(middlewares=[guard])
    routes.router.add_get("/", page.index)
    routes.router.add_get("/page/{name}", page.asset)
    routes.router.add_get("/state", page.state)
    routes.router.add_get("/events", page.events)
    routes.router.add_get("/complete", page.complete)
    routes.router.add_get("/file/{file}", page.file)
    for name in _DEEDS:
        routes.router.add_post(f"/{name}", getattr(page, name))
    routes.on_shutdown.append(page.bell.close)
    routes.on_cleanup.append(page.journey.stop)
    app.router.add_get("/playground", _to_the_page)
    app.add_subapp("/playground", routes)
    app[LOOPBACK_ONLY] = "The playground"
    app[HOME] = "/playground/"


class _Page:
    """One playground's page: the requests it makes."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._service = playground.service
        self.bell = Bell()
        self.journey = Journey(playground, ring=self.bell.ring)
        self._service.changed = self.bell.ring

    async def index(self, request: web.Request) -> web.Response:
        return asset("index.html")

    async def asset(self, request: web.Request) -> web.Response:
        return asset(request.match_info["name"])

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await self.bell.stream(request, tell=lambda: {"now": self._playground.clock.now().isoformat()})

    async def state(self, request: web.Request) -> web.Response:
        """What there is now; of one conversation the messages changed `after` a revision, under an id."""
        you = self._you()
        document = views.overview(self._playground, you=you)
        document["travel"] = await self.journey.told()
        asked = self._service.conversation(request.query.get("conversation", ""))
        if asked is not None and asked.has(you.id):
            posts = self._service.messages(
                asked.id,
                reader=you.id,
                after=_whole(request.query.get("after")),
                before=_whole(request.query.get("before")) or None,
                limit=PAGE_OF_MESSAGES,
            )
            document["messages"] = [views.message(p, zone=you.timezone or "UTC") for p in posts]
            document["earlier"] = len(posts) == PAGE_OF_MESSAGES
        return web.json_response(document)

    async def complete(self, request: web.Request) -> web.Response:
        """How a text goes on: people after an "@", else as the inbox says, as somebody would type it."""
        typed = request.query.get("typed", "")[:_LONGEST]
        people = self._service.people()
        lines = complete_name(typed, people)
        if not lines and typed.startswith("/"):
            head, space, last = typed.rpartition(" ")
            known = read_mentions(head, people)
            found = self._playground.inbox.complete(f"{known}{space}{last}")
            lines = [head + as_typed(line[len(known) :]) for line in found if line.startswith(known)]
        if about_others(typed):
            lines = [line for line in lines if not line.rstrip().endswith(f"@{self._you().id}")]
        return web.json_response({"lines": lines[:10]})

    async def file(self, request: web.Request) -> web.Response:
        found = self._service.file(_whole(request.match_info["file"]))
        if found is None:
            raise web.HTTPNotFound(text="there is no such file")
        name, media_type, content = found
        kind = "inline" if media_type in render.PICTURES else "attachment"
        safe = re.sub(r"[^\w.-]", "_", name)
        return web.Response(
            body=content,
            content_type=media_type,
            headers={
                "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(safe)}",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )

    async def say(self, request: web.Request) -> web.Response:
        """Free text: seen by all in the conversation, and handed in if that is with the bot alone."""
        body = await Body.of(request)
        you, conversation = self._you(), self._conversation(body)
        event = body.text("event_id")
        text = read_mentions(body.text("text", longest=_LONGEST), self._service.people())
        names = {p.id: p.name for p in self._service.people()}
        self._service.post(
            conversation.id,
            render.said(text, names=names),
            at=self._playground.clock.now(),
            author=you.id,
            key=f"said:{event}",
        )
        if conversation.kind != "direct":
            return web.json_response({})
        return await self._hear(Said(self._playground.actor(you), event, text), conversation)

    async def command(self, request: web.Request) -> web.Response:
        body = await Body.of(request)
        name, _, text = body.text("text", longest=_LONGEST).strip().removeprefix("/").partition(" ")
        if name.lower() not in COMMANDS:
            meant = nearest(name, COMMANDS) or next(iter(COMMANDS))
            return web.json_response({"problem": f"There is no command /{name}. Did you mean /{meant}?"})
        actor = self._playground.actor(self._you())
        typed = read_mentions(text.strip(), self._service.people())
        happened = Command(actor, body.text("event_id"), name.lower(), typed)
        return await self._hear(happened, self._conversation(body))

    async def press(self, request: web.Request) -> web.Response:
        body = await Body.of(request)
        you, action = self._you(), body.text("action")
        post = self._service.message(body.number("message"))
        place = self._service.conversation(post.conversation) if post else None
        sees_it = post and place and place.has(you.id) and post.only_for in {None, you.id}
        if not post or not place or not sees_it or action not in dict(post.actions()):
            return web.json_response({"problem": "This button is gone: the message has changed meanwhile."})
        happened = Press(self._playground.actor(you), body.text("event_id"), action)
        now = self._playground.clock.now()
        self._playground.colleagues.pressed_by_hand(post, you.id, action, at=now)
        return await self._hear(happened, place)

    async def shortcut(self, request: web.Request) -> web.Response:
        """An entry of the menu of a person, or of a message they wrote."""
        body = await Body.of(request)
        actor, person = self._playground.actor(self._you()), self._person(body)
        happened = Shortcut(actor, body.text("event_id"), body.text("name"), person.id)
        return await self._hear(happened, self._conversation(body))

    async def submit(self, request: web.Request) -> web.Response:
        body = await Body.of(request)
        people = self._service.people()
        typed = {name: read_mentions(value, people) for name, value in body.texts("values").items()}
        actor = self._playground.actor(self._you())
        happened = Submit(actor, body.text("event_id"), body.text("action"), typed)
        return await self._hear(happened, self._conversation(body))

    async def read(self, request: web.Request) -> web.Response:
        """The person at the page has seen a conversation up to a message."""
        body = await Body.of(request)
        self._service.mark_read(self._you().id, self._conversation(body).id, body.number("message"))
        self.bell.ring()
        return web.json_response({})

    async def you(self, request: web.Request) -> web.Response:
        """Be somebody else from now on."""
        person = self._person(await Body.of(request))
        self._playground.colleagues.hand_over(person.id, at=self._playground.clock.now())
        return web.json_response({})

    async def person(self, request: web.Request) -> web.Response:
        """Switch whether somebody is away, or takes private messages."""
        body = await Body.of(request)
        person = self._person(body)
        if (away := body.flag("away")) is not None:
            self._service.set_away(person.id, away=away)
            await self._playground.tell_roster_changed()
        if (closed := body.flag("closed")) is not None:
            self._service.set_closed(person.id, closed=closed)
        return web.json_response({})

    async def colleagues(self, request: web.Request) -> web.Response:
        """Switch whether the others answer by themselves."""
        body = await Body.of(request)
        self._service.set_setting("colleagues", "on" if body.flag("on") else "off")
        return web.json_response({})

    async def travel(self, request: web.Request) -> web.Response:
        """Set out for the next event, a day or a week from now; a 409 if a journey is under way."""
        self.journey.set_out((await Body.of(request)).text("by"))
        return web.json_response({}, status=202)

    async def _hear(self, happened: Interaction, conversation: Conversation) -> web.Response:
        """Hand it in; the page is told of a form to show, or of errors by field."""
        answer = await self._playground.hear(happened, conversation.id)
        document: dict[str, Any] = {}
        match answer:
            case Form():
                document["form"] = render.form(answer)
            case Refused():
                document["errors"] = {name: plain(sentence) for name, sentence in answer.errors.items()}
        return web.json_response(document)

    def _you(self) -> Resident:
        """The person at the page: the first one, until somebody else is chosen."""
        people = self._service.people()
        chosen = self._service.setting("you")
        found = next((p for p in people if p.id == chosen), None)
        if found is None:
            found = people[0]
            self._service.set_setting("you", found.id)
        return found

    def _person(self, body: Body) -> Resident:
        found = self._service.person(body.text("person"))
        if found is None:
            raise web.HTTPNotFound(text="nobody of that name lives here")
        return found

    def _conversation(self, body: Body) -> Conversation:
        found = self._service.conversation(body.text("conversation"))
        if found is None or not found.has(self._you().id):
            raise web.HTTPNotFound(text="there is no such conversation")
        return found


async def _to_the_page(request: web.Request) -> web.Response:
    raise web.HTTPFound("/playground/")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0
