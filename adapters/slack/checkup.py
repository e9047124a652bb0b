"""What `kinkeeper doctor` finds out about Slack: token, scopes, the way in, the clock, channels. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calling import Api
from adapters.slack.channels import Channels
from adapters.slack.failures import APP, ERRORS, Means, code_of, no_socket
from adapters.slack.manifest import HISTORY_SCOPES, SCOPES
from bot.ports import Finding, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable

NOTABLE = timedelta(seconds=60)  # a clock that is wrong by more is worth a word
TOO_MUCH = timedelta(minutes=5)  # https://docs.slack.dev/authentication/verifying-requests-from-slack

REINSTALL = (
    f"Paste what `kinkeeper slack manifest` prints into the app's settings ({APP}, App Manifest), save, "
    "and press Reinstall to Workspace under Install App."
)
FAILURES = (TemporaryFailure, PermanentFailure, Unreachable, PerhapsDone)


async def check_up(
    client: AsyncWebClient,
    *,
    app_token: str | None,
    signing_secret: str | None,
    channels: Sequence[str],
    now: datetime,
) -> list[Finding]:
    """All that is well and not, in the order in which one would mend it; `channels` are `#name` or an id.

    A finding about "connection" that is not well says that Slack cannot be reached; there are then no others.
    """
    try:
        answer = await client.api_call("auth.test", http_verb="GET")
    except SlackApiError as error:
        if _is_trouble(error):
            return [_unreached(client, f"it answered {code_of(error) or _status(error)}")]
        return [_token(client.token, code_of(error))]
    except (ClientError, TimeoutError, OSError) as error:
        return [_unreached(client, str(error) or type(error).__name__)]
    except AttributeError:  # the library's, at an answer that is plain text
        return [_unreached(client, "something else answered in its place")]
    data: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    name = data.get("user", "?")
    found = [
        Finding("token", f"The bot token is good: @{name} in the workspace {data.get('team', '?')}."),
        *_scopes(answer.headers.get("x-oauth-scopes")),
        *await _way_in(client, app_token=app_token, signing_secret=signing_secret),
        *_clock(answer.headers.get("Date"), now=now),
    ]
    there = Channels(Api(client, noticed=lambda code: None), team=str(data.get("team_id")))
    return found + [await _channel(there, reference, bot=str(name)) for reference in channels]


def _unreached(client: AsyncWebClient, why: str) -> Finding:
    return Finding(
        "connection",
        f"Slack cannot be reached at {client.base_url}: {why.rstrip('.')}. "
        "Look at the network, at HTTPS_PROXY, and at SLACK_API_URL if it is set.",
        well=False,
    )


def _is_trouble(error: SlackApiError) -> bool:
    """Whether Slack answers so whoever asks: it is overloaded, asked too often, or something stands in between."""
    known = ERRORS.get(code_of(error))
    return not code_of(error) or (known is not None and known.means in (Means.LATER, Means.UNSURE))


def _status(error: SlackApiError) -> str:
    response = error.response
    return f"HTTP {getattr(response, 'status_code', None) or getattr(response, 'status', '?')}"


def _token(token: str | None, code: str) -> Finding:
    """Why Slack does not take the bot token."""
    if token and not token.startswith("xoxb-"):
        text = f"SLACK_BOT_TOKEN is not a bot token ({code}): one begins with xoxb- (OAuth & Permissions)."
    elif known := ERRORS.get(code):
        text = f"{known.text} (Slack says: {code})"
    else:
        text = f"Slack does not let the bot in: {code}."
    return Finding("token", text, well=False)


def _scopes(header: str | None) -> Iterable[Finding]:
    """Of the scopes, those that were not granted, and what fails without each."""
    if header is None:
        yield Finding("scopes", "Slack did not say which scopes were granted, so they were not looked at.")
        return
    granted = {scope.strip() for scope in header.split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    for scope in missing:
        text = f"{scope} is missing. It is there for this: {SCOPES[scope]} {REINSTALL}"
        yield Finding("scopes", text, well=False)
    if not missing:
        yield Finding("scopes", f"All {len(SCOPES)} scopes that the bot needs were granted.")
    reads = [scope for scope in HISTORY_SCOPES if scope in granted]
    if len(reads) == len(HISTORY_SCOPES):
        text = "The bot may read what is written where it is (--with-history), to look for a message it may have sent."
    elif reads:
        text = f"Of the scopes of --with-history these were granted: {', '.join(reads)}."
    else:
        text = "The bot cannot read channels or group messages (without --with-history)."
    yield Finding("history", text)


async def _way_in(
    client: AsyncWebClient, *, app_token: str | None, signing_secret: str | None
) -> Iterable[Finding]:
    """Whether what people do can reach the bot."""
    if app_token is None:
        return [_over_http(signing_secret)]
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        if _is_trouble(error):
            text = "Slack is asked too often to say whether the app token is good. Ask again in a minute."
            return [Finding("app token", text)]
        return [Finding("app token", no_socket(app_token, code_of(error)), well=False)]
    except (ClientError, TimeoutError, OSError) as error:
        return [_unreached(client, str(error) or type(error).__name__)]
    return [Finding("app token", "Socket Mode works: Slack gave the app token an address to connect to.")]


def _over_http(signing_secret: str | None) -> Finding:
    if signing_secret is None:
        return Finding(
            "app token",
            "What people press and type does not reach the bot. Set SLACK_APP_TOKEN (Socket Mode; "
            f"{APP}, Basic Information, App-Level Tokens, with the scope connections:write), or SLACK_SIGNING_SECRET "
            "(HTTP; Basic Information, App Credentials).",
            well=False,
        )
    return Finding(
        "signing secret",
        "SLACK_SIGNING_SECRET is set: Slack has to reach /slack/events over HTTPS, which cannot be seen from here.",
    )


def _clock(header: str | None, *, now: datetime) -> Iterable[Finding]:
    """How this computer's clock stands to Slack's."""
    try:
        there = parsedate_to_datetime(header or "")
    except ValueError:
        return
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    wrong = now - there
    if abs(wrong) <= NOTABLE:
        yield Finding("clock", "The clock is right.")
        return
    much = abs(wrong) > TOO_MUCH
    amount = round(abs(wrong).total_seconds())
    yield Finding(
        "clock",
        f"The clock is {amount} seconds {'ahead of' if wrong > timedelta() else 'behind'} Slack's. "
        "Set it by NTP: rounds open by it, and over HTTP "
        + (
            "what Slack sends is refused."
            if much
            else "five minutes are the most that Slack's signatures bear."
        ),
        well=not much,
    )


async def _channel(channels: Channels, reference: str, *, bot: str) -> Finding:
    """Whether the bot can work in a channel of the config."""
    try:
        channel = await channels.find(reference)
        seen = await channels.of_id(channel.id)
    except FAILURES as failure:
        return Finding(reference, str(failure), well=False)
    if not seen.is_member:
        return Finding(reference, f"@{bot} is not in #{seen.name}. Write there: /invite @{bot}", well=False)
    return Finding(reference, f"#{seen.name} is there, and @{bot} is in it.")
