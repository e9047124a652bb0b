"""What each of Slack's errors means for a delivery: try again, never, another way, or an admin has to mend something.

Slack lists a method's errors on its page, https://docs.slack.dev/reference/methods/<method>#errors; those that any
method may give stand on each of them, and on https://docs.slack.dev/apis/web-api/rate-limits the ones about haste.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aiohttp import ClientConnectorError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError

from bot.ports import NeedsAdmin, PerhapsDone, PermanentFailure, TemporaryFailure, Unreachable


class Means(Enum):
    """What follows from an error."""

    LATER = "later"  # certainly not done, and trying again is of use
    NEVER = "never"  # certainly not done, and trying again is of no use
    NOBODY = "nobody"  # this person cannot be reached this way
    ADMIN = "admin"  # this conversation waits until an admin has mended something
    SHUT = "shut"  # the whole workspace waits until an admin has mended something
    UNSURE = "unsure"  # it may have been done all the same


@dataclass(frozen=True, slots=True)
class Error:
    """One of Slack's error codes: what it means, in a sentence with what to do, and a method whose page explains it."""

    means: Means
    text: str
    page: str


APP = "api.slack.com/apps"
INVITE = "I am not in this channel. Invite me there: write /invite @Kinkeeper in it."
INSTALL_AGAIN = "Install the app again (api.slack.com/apps, Install App), and start me with its new token."
_POST, _OPEN, _UPDATE, _FILE = (
    "chat.postMessage",
    "conversations.open",
    "chat.update",
    "files.completeUploadExternal",
)
_ANY = "auth.test"

ERRORS: Mapping[str, Error] = {
    # the token, the app, the workspace
    "invalid_auth": Error(Means.SHUT, f"Slack does not know the bot token. {INSTALL_AGAIN}", _ANY),
    "not_authed": Error(Means.SHUT, f"Slack got no bot token. {INSTALL_AGAIN}", _ANY),
    "account_inactive": Error(Means.SHUT, f"The app was removed from the workspace. {INSTALL_AGAIN}", _ANY),
    "token_revoked": Error(Means.SHUT, f"The bot token was revoked. {INSTALL_AGAIN}", _ANY),
    "token_expired": Error(Means.SHUT, f"The bot token has expired. {INSTALL_AGAIN}", _ANY),
    "not_allowed_token_type": Error(
        Means.SHUT, "SLACK_BOT_TOKEN is not a bot token, which begins with xoxb-.", _ANY
    ),
    "access_denied": Error(Means.SHUT, "Slack denies the app access. Ask the workspace's owner.", _ANY),
    "accesslimited": Error(Means.SHUT, "Slack limits the app's access. Ask the workspace's owner.", _ANY),
    "ekm_access_denied": Error(
        Means.SHUT, "The organisation's key management shuts the app out. Ask its owner.", _ANY
    ),
    "enterprise_is_restricted": Error(
        Means.SHUT, "The organisation does not allow the app. Ask its owner.", _ANY
    ),
    "team_access_not_granted": Error(
        Means.SHUT, "The app has no access to this workspace. Ask the organisation's owner.", _ANY
    ),
    "missing_scope": Error(
        Means.ADMIN, "The app lacks a permission. `kinkeeper doctor` says which, and how to add it.", _ANY
    ),
    "no_permission": Error(
        Means.ADMIN, "The app lacks a permission. `kinkeeper doctor` says which, and how to add it.", _ANY
    ),
    "org_login_required": Error(Means.LATER, "The workspace is being moved.", _ANY),
    "team_added_to_org": Error(Means.LATER, "The workspace is being moved.", _ANY),
    # haste and trouble
    "ratelimited": Error(Means.LATER, "Slack asks me to wait.", _ANY),
    "rate_limited": Error(Means.LATER, "Slack asks me to wait.", _POST),
    "message_limit_exceeded": Error(Means.LATER, "Too much is said in the workspace at the moment.", _POST),
    "service_unavailable": Error(Means.LATER, "Slack is not available.", _ANY),
    "request_timeout": Error(Means.LATER, "Slack did not get the whole request.", _ANY),
    "internal_error": Error(Means.UNSURE, "Slack had trouble of its own.", _ANY),
    "fatal_error": Error(Means.UNSURE, "Slack had trouble of its own.", _ANY),
    # conversations
    "channel_not_found": Error(
        Means.NEVER,
        "Slack shows me no such conversation: it is gone, or it is private and I am not in it.",
        _POST,
    ),
    "invalid_channel": Error(Means.NEVER, "Slack knows no such conversation.", _POST),
    "is_archived": Error(Means.NEVER, "The channel is archived. Unarchive it, or name another.", _POST),
    "is_inactive": Error(Means.NEVER, "The message stands in a channel that is archived.", _UPDATE),
    "not_in_channel": Error(Means.ADMIN, INVITE, _POST),
    "restricted_action": Error(Means.ADMIN, "The workspace does not allow apps to post here.", _POST),
    "restricted_action_read_only_channel": Error(Means.ADMIN, "Only some may post in this channel.", _POST),
    "restricted_action_thread_only_channel": Error(Means.ADMIN, "This channel takes replies only.", _POST),
    "restricted_action_non_threadable_channel": Error(Means.ADMIN, "This channel takes no replies.", _POST),
    "method_not_supported_for_channel_type": Error(
        Means.NEVER, "This kind of conversation does not allow it.", _ANY
    ),
    "messages_tab_disabled": Error(
        Means.ADMIN,
        "The app takes no direct messages. In its settings, App Home, switch the Messages Tab on.",
        _POST,
    ),
    # people
    "user_not_found": Error(Means.NOBODY, "Slack knows no such person.", _OPEN),
    "users_not_found": Error(Means.NOBODY, "Slack knows no such person.", "users.info"),
    "user_disabled": Error(Means.NOBODY, "This person's account was deactivated.", _OPEN),
    "user_not_visible": Error(Means.NOBODY, "Slack does not let me see this person.", _OPEN),
    "user_is_restricted": Error(Means.NOBODY, "This person is a guest whom I may not write to.", _OPEN),
    "cannot_dm_bot": Error(Means.NOBODY, "This is an app, which takes no direct messages.", _POST),
    "invalid_user_combination": Error(
        Means.NOBODY, "Slack does not let these people have a conversation.", _OPEN
    ),
    "too_many_users": Error(Means.NEVER, "A group conversation has at most eight people.", _OPEN),
    "not_enough_users": Error(Means.NEVER, "A group conversation needs people.", _OPEN),
    "users_list_not_supplied": Error(Means.NEVER, "A group conversation needs people.", _OPEN),
    # messages
    "message_not_found": Error(Means.NEVER, "The message is gone.", _UPDATE),
    "cant_update_message": Error(Means.NEVER, "The message is not one that I may change.", _UPDATE),
    "cant_delete_message": Error(Means.NEVER, "The message is not one that I may take away.", "chat.delete"),
    "compliance_exports_prevent_deletion": Error(
        Means.NEVER, "The workspace keeps every message, so I cannot take one away.", "chat.delete"
    ),
    "edit_window_closed": Error(Means.NEVER, "The workspace does not let old messages be changed.", _UPDATE),
    "external_channel_migrating": Error(Means.LATER, "The channel is being moved.", _UPDATE),
    "update_failed": Error(Means.LATER, "Slack could not change the message.", _UPDATE),
    "msg_too_long": Error(Means.NEVER, "The message is too long for Slack.", _POST),
    "no_text": Error(Means.NEVER, "The message was empty.", _POST),
    "invalid_blocks": Error(Means.NEVER, "Slack did not take the message's form.", _POST),
    "invalid_blocks_format": Error(Means.NEVER, "Slack did not take the message's form.", _POST),
    "metadata_too_large": Error(Means.NEVER, "Slack did not take the message's mark.", _POST),
    # files
    "file_uploads_disabled": Error(Means.ADMIN, "The workspace does not allow files.", _FILE),
    "file_upload_size_restricted": Error(Means.NEVER, "The file is too large for the workspace.", _FILE),
    "storage_limit_reached": Error(Means.ADMIN, "The workspace has no room for files.", _FILE),
    "file_not_found": Error(Means.LATER, "Slack has not got the file yet.", _FILE),
}
"""Slack's error codes by name. What is not here was certainly refused, and is not tried again."""

SHUT = frozenset(code for code, error in ERRORS.items() if error.means is Means.SHUT)
PATIENCE = 600.0  # seconds after which something that an admin has to mend is tried again
PAUSE = 30.0  # seconds before another try where Slack does not say how long


def code_of(error: SlackApiError) -> str:
    """Slack's name for an error, "" if the answer had none (a page of HTML, for instance)."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def failure(error: SlackApiError) -> Exception:
    """An error of Slack's as one of the port's failures, or PerhapsDone."""
    code, status = code_of(error), getattr(error.response, "status_code", None)
    status = status if isinstance(status, int) else getattr(error.response, "status", 0)
    if status == 429:
        code = "ratelimited"
    elif not code and status == 503:
        return TemporaryFailure(f"Slack is not available (HTTP {status}).", retry_after=PAUSE)
    elif not code and status >= 500:
        return PerhapsDone(f"Slack had trouble of its own (HTTP {status}).")
    elif not code:
        return TemporaryFailure(not_slack(status), retry_after=PAUSE)
    known = ERRORS.get(code)
    if known is None:
        return PermanentFailure(f"Slack refused it: {code or error}.")
    text = f"{known.text} (Slack says: {code}{_details(error)})"
    match known.means:
        case Means.LATER:
            return TemporaryFailure(text, retry_after=wait_asked(error))
        case Means.NEVER:
            return PermanentFailure(text)
        case Means.NOBODY:
            return Unreachable(text)
        case Means.ADMIN:
            return NeedsAdmin(text, retry_after=PATIENCE)
        case Means.SHUT:
            return NeedsAdmin(text, retry_after=PATIENCE, scope="workspace")
        case Means.UNSURE:
            return PerhapsDone(text)


def not_slack(status: int = 200) -> str:
    """What is said of an answer that has no error of Slack's in it: it comes from a proxy, or a page to log in."""
    return (
        f"Something other than Slack answered (HTTP {status}). Look at the network, at HTTPS_PROXY, "
        "and at SLACK_API_URL if it is set."
    )


def unreachable(error: Exception) -> Exception:
    """A failing connection as a failure: if it never came about, nothing was done; else that is not known."""
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError):
        return TemporaryFailure(f"Slack cannot be reached: {error}.", retry_after=PAUSE)
    return PerhapsDone(f"The connection to Slack broke: {type(error).__name__} {error}".strip())


def no_socket(app_token: str, code: str) -> str:
    """Why Slack gives the app no socket, and how that is mended.

    https://docs.slack.dev/reference/methods/apps.connections.open#errors
    """
    if not app_token.startswith("xapp-"):
        return (
            f"SLACK_APP_TOKEN is not an app-level token ({code}): it begins with xapp-, and stands under "
            "Basic Information, App-Level Tokens."
        )
    return (
        f"Socket Mode does not work: {code}. In the app's settings ({APP}) make an app-level token with the scope "
        "connections:write (Basic Information, App-Level Tokens), switch Socket Mode on (Socket Mode, Enable Socket "
        "Mode), and set SLACK_APP_TOKEN to the token."
    )


def wait_asked(error: SlackApiError) -> float:
    """How many seconds Slack asks to wait, by its Retry-After header.

    https://docs.slack.dev/apis/web-api/rate-limits
    """
    headers: Any = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", PAUSE)))
    except (TypeError, ValueError):
        return PAUSE


def _details(error: SlackApiError) -> str:
    """What Slack adds: which permission is needed, what is wrong with a block."""
    data = getattr(error.response, "data", None)
    if not isinstance(data, Mapping):
        return ""
    found = [str(data["needed"])] if data.get("needed") else []
    more = data.get("response_metadata")
    if isinstance(more, Mapping):
        found += [str(each) for each in more.get("messages") or []][:3]
    return f": {'; '.join(found)}" if found else ""
