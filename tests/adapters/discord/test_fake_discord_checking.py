"""The make-believe Discord holds what it is asked against Discord's own description of its API."""

from __future__ import annotations

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord, checking
from tests.fakes.discord.markdown import as_seen

needs_description = pytest.mark.skipif(
    not checking.is_there(), reason="the description of Discord's API is not beside the repository"
)


async def ask(fake: FakeDiscord, method: str, path: str, **more: object) -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bot {fake.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, fake.api_url + path, **more) as response,  # type: ignore[arg-type]
    ):
        assert response.headers["Content-Type"] == "application/json"
        return response.status, await response.json()


async def test_what_is_not_there_is_not_found_and_remembered() -> None:
    with pytest.raises(AssertionError, match="GET /tea"):
        async with FakeDiscord() as fake:
            assert await ask(fake, "GET", "/tea") == (404, {"message": "404: Not Found", "code": 0})


@needs_description
@pytest.mark.parametrize(
    ("method", "path", "more", "complaint"),
    [
        ("POST", "/users/@me/channels", {"json": {"recipient_id": "ana"}}, "recipient_id"),
        ("GET", "/users/@me/guilds?limit=1000", {}, "limit"),
        ("GET", "/users/@me/guilds?tea=1", {}, "no such parameter"),
        ("POST", "/users/@me/channels", {}, "a body is required"),
    ],
)
async def test_what_the_description_does_not_allow_is_refused_and_remembered(
    method: str, path: str, more: dict[str, object], complaint: str
) -> None:
    async with FakeDiscord() as fake:
        status, said = await ask(fake, method, path, **more)
        assert (status, said["code"]) == (400, 50035)
        (violation,) = fake.violations
        assert complaint in violation
        fake.violations.clear()


@needs_description
def test_an_answer_that_the_description_does_not_allow_is_found() -> None:
    assert checking.answer_problems("GET", "/gateway", 200, {}) == [": 'url' is a required property"]
    assert checking.answer_problems("GET", "/gateway", 200, {"url": "wss://x.invalid/"}) == []
    assert checking.answer_problems("GET", "/gateway", 201, None) != []


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("**Well** _done_, __Ana__ ~~x~~ *so*", "Well done, Ana x so"),
        (r"\*not bold\* \_so\_ 2 \* 3 \> x \`c\` \\", r"*not bold* _so_ 2 * 3 > x `c` " + "\\"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("see https://example.org/a_b_c?x=*y*", "see https://example.org/a_b_c?x=*y*"),
        ("`*a*` ``b`c`` ```py\n**d**\n```", "*a* b`c **d**\n"),
        ("> one\n> two\n-# small\n# big\n- item", "one\ntwo\nsmall\nbig\n• item"),
        (
            "<@1> in <#2> at <t:1796029200:F> </coffee why:5>",
            "@n1 in #n2 at 2026-11-30 09:00 UTC /coffee why",
        ),
        ("[words](https://example.org) <https://x.org> :tada: <:kin:5>", "words https://x.org :tada: :kin:"),
        (r"\<@1> \# no heading", "<@1> # no heading"),
    ],
)
def test_markdown_is_read_as_people_see_it(written: str, seen: str) -> None:
    assert as_seen(written, name_of=lambda id_: f"n{id_}") == seen
