"""The Web API over HTTP: every request's token, scopes and arguments are checked, and what a test says goes wrong.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from email.utils import format_datetime

from aiohttp import web

from tests.fakes.slack import answering, files
from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.methods import METHODS, Method
from tests.fakes.slack.records import Json, Refusal
from tests.fakes.slack.workspace import APP, Workspace

BOT_TOKEN = "xoxb-kinkeeper-bot"
APP_TOKEN = "xapp-1-kinkeeper-app"


class WebApi:
    """`scopes` are those that the bot was granted; `skew` is by how much Slack's clock is ahead of the workspace's."""

    def __init__(
        self,
        there: Workspace,
        faults: Faults,
        *,
        scopes: Iterable[str],
        root: Callable[[], str],
        socket: Callable[[], str],
    ) -> None:
        self.there = there
        self.faults = faults
        self.scopes = set(scopes)
        self.skew = timedelta(0)
        self._root = root
        self._socket = socket

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self._method)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_post("/response/{code}", self._response_url)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        fault = self.faults.next_for(name)
        if fault is not None and fault.lost != "answer":
            return self._failed(request, fault)
        try:
            document = await self._answered(request, name)
        except Refusal as refusal:
            document = {"ok": False, "error": refusal.error, **refusal.more}
        if fault is not None:
            return self._failed(request, fault)
        return self._respond(document)

    async def _answered(self, request: web.Request, name: str) -> Json:
        if name == "apps.connections.open":
            return await self._connect(request)
        method = METHODS.get(name) or self._upload_method(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        given = await Arguments.of(request, takes_json=method.takes_json)
        if not given.token:
            raise Refusal("not_authed")
        if given.token != BOT_TOKEN:
            raise Refusal("not_allowed_token_type" if given.token == APP_TOKEN else "invalid_auth")
        if self.faults.refused:
            raise Refusal(self.faults.refused)
        if missing := method.needed(self.there, given) - self.scopes:
            raise Refusal(
                "missing_scope", needed=",".join(sorted(missing)), provided=",".join(sorted(self.scopes))
            )
        return {"ok": True, **method.answer(self.there, given)}

    def _upload_method(self, name: str) -> Method | None:
        if name != "files.getUploadURLExternal":
            return None
        root = self._root()
        return Method(
            lambda there, given: files.get_upload_url(there, given, root=root),
            lambda there, given: {"files:write"},
            takes_json=False,
        )

    async def _connect(self, request: web.Request) -> Json:
        """An address for Socket Mode. https://docs.slack.dev/reference/methods/apps.connections.open"""
        if request.method != "POST":
            raise Refusal("insecure_request")
        given = await Arguments.of(request, takes_json=False)
        if given.token != APP_TOKEN:
            raise Refusal("invalid_auth" if given.token else "not_authed")
        if not self.there.app.has_socket_mode:
            raise Refusal("forbidden_team")
        return {"ok": True, "url": f"{self._socket()}&app_id={APP}"}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        if fault := self.faults.next_for("upload"):
            return self._failed(request, fault)
        try:
            return web.Response(
                text=files.receive(self.there, request.match_info["file"], await request.read())
            )
        except Refusal as refusal:
            return web.Response(status=400, text=refusal.error)

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.next_for("response_url")
        if fault is not None and fault.lost != "answer":
            return self._failed(request, fault)
        try:
            answering.answer(self.there, request.match_info["code"], await request.json())
        except Refusal as refusal:
            status = 404 if refusal.error.endswith("_url") else 400
            return web.json_response({"ok": False, "error": refusal.error, **refusal.more}, status=status)
        return self._failed(request, fault) if fault else web.Response(text="ok")

    def _respond(self, document: Json, *, status: int = 200, **headers: str) -> web.Response:
        now = self.there.clock.now() + self.skew
        return web.json_response(
            document,
            status=status,
            headers={
                "Date": format_datetime(now, usegmt=True),
                "x-oauth-scopes": ",".join(sorted(self.scopes)),
                "x-slack-req-id": f"req-{self.there.number()}",
                **headers,
            },
        )

    def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.meanwhile is not None:
            fault.meanwhile()
        if fault.lost is not None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        if fault.status >= 500:
            return web.Response(status=fault.status, text="upstream unavailable", headers=headers)
        return self._respond({"ok": False, "error": fault.error}, status=fault.status, **headers)
