"""The errors that Discord answers with, by their codes, and the tree of what is wrong in a form.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.discord.records import Json, Refusal

UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
UNKNOWN_MEMBER = 10007
UNKNOWN_MESSAGE = 10008
UNKNOWN_USER = 10013
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
UNKNOWN_COMMAND = 10063
ALREADY_ACKNOWLEDGED = 40060
MISSING_ACCESS = 50001
NOT_IN_A_DM = 50003
NOT_THE_AUTHOR = 50005
EMPTY_MESSAGE = 50006
CANNOT_MESSAGE_USER = 50007
MISSING_PERMISSIONS = 50013
WRONG_CHANNEL_TYPE = 50024
EXPIRED_TOKEN = 50027
INVALID_RECIPIENT = 50033
INVALID_FORM = 50035
THREAD_ARCHIVED = 50083
NO_SHARED_SERVER = 50278
TOO_MANY_THREADS = 160006

_ERRORS: Mapping[int, tuple[int, str]] = {
    UNKNOWN_CHANNEL: (404, "Unknown Channel"),
    UNKNOWN_GUILD: (404, "Unknown Guild"),
    UNKNOWN_MEMBER: (404, "Unknown Member"),
    UNKNOWN_MESSAGE: (404, "Unknown Message"),
    UNKNOWN_USER: (404, "Unknown User"),
    UNKNOWN_WEBHOOK: (404, "Unknown Webhook"),
    UNKNOWN_INTERACTION: (404, "Unknown interaction"),
    UNKNOWN_COMMAND: (404, "Unknown application command"),
    ALREADY_ACKNOWLEDGED: (400, "Interaction has already been acknowledged."),
    MISSING_ACCESS: (403, "Missing Access"),
    NOT_IN_A_DM: (403, "Cannot execute action on a DM channel"),
    NOT_THE_AUTHOR: (403, "Cannot edit a message authored by another user"),
    EMPTY_MESSAGE: (400, "Cannot send an empty message"),
    CANNOT_MESSAGE_USER: (403, "Cannot send messages to this user"),
    MISSING_PERMISSIONS: (403, "Missing Permissions"),
    WRONG_CHANNEL_TYPE: (400, "Cannot execute action on this channel type"),
    EXPIRED_TOKEN: (401, "Invalid Webhook Token"),
    INVALID_RECIPIENT: (400, "Invalid Recipient(s)"),
    THREAD_ARCHIVED: (400, "Thread is archived"),
    NO_SHARED_SERVER: (403, "Cannot send messages to this user due to having no mutual guilds"),
    TOO_MANY_THREADS: (400, "Maximum number of active threads reached"),
}


def refuse(code: int) -> Refusal:
    """The refusal with this code, to be raised."""
    status, message = _ERRORS.get(code, (400, f"Error {code}"))
    return Refusal(status, code, message)


class Problems:
    """What is wrong in a form, as the nested `errors` of "Invalid Form Body".

    https://docs.discord.com/developers/reference#error-messages
    """

    def __init__(self) -> None:
        self.tree: Json = {}

    def add(self, where: str, code: str, message: str) -> None:
        """`where` is a path with dots ("components.0.label")."""
        there = self.tree
        for step in filter(None, where.split(".")):
            there = there.setdefault(step, {})
        there.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, where: str, value: object, most: int, *, least: int = 0) -> None:
        """A text that is too long, too short, or no text at all."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(where, "BASE_TYPE_BAD_TYPE", "Must be a string.")
        elif not least <= len(value) <= most:
            code = "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH"
            between = f"between {least} and {most}" if least else f"{most} or fewer"
            self.add(where, code, f"Must be {between} in length.")

    def required(self, where: str) -> None:
        self.add(where, "BASE_TYPE_REQUIRED", "This field is required")

    def complain(self) -> None:
        """Refuse, if anything was wrong."""
        if self.tree:
            raise Refusal(400, INVALID_FORM, "Invalid Form Body", self.tree)
