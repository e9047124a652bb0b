"""The words a thing's state is told in; each with its consequence."""

from __future__ import annotations

from enum import StrEnum


class RitualState(StrEnum):
    ACTIVE = "active"  # its rounds open when they are due
    PAUSED = "paused"  # no round opens until it is resumed or its pause ends
    ARCHIVED = "archived"  # gone from the config; its history stays


class Choice(StrEnum):
    """What a member said about taking part in a ritual; without a word, the ritual's `members` rule decides."""

    JOINED = "joined"  # takes part
    LEFT = "left"  # does not, whatever the rule says


class RoundState(StrEnum):
    ASKING = "asking"  # people are asked who takes part; nobody is matched yet
    OPEN = "open"  # planned and introduced; can be answered
    CLOSED = "closed"  # over; late answers still correct the outcome
    MISSED = "missed"  # its time passed while the bot was away for longer than the grace
    SKIPPED = "skipped"  # due, but there was a reason not to open it


class Outcome(StrEnum):
    """What became of a match, never of a person."""

    MET = "met"  # one member said so
    RESCHEDULED = "rescheduled"  # they mean to meet later
    NOT_THIS_TIME = "not_this_time"  # the pair is owed again
    UNKNOWN = "unknown"  # nobody said anything; counts as introduced


class DeliveryState(StrEnum):
    PENDING = "pending"  # owed; sent as soon as its lane, the person's hours and the budget allow
    SENT = "sent"  # the platform took it
    MERGED = "merged"  # went out inside another message to the same person
    SPLIT = "split"  # the group conversation could not be opened: each person gets their own copy
    EXPIRED = "expired"  # would have come too late to be of use, so it was not sent
    UNREACHABLE = "unreachable"  # no rung of the ladder reaches this person
    FAILED = "failed"  # the platform refused it for good, or it failed too often
    POSSIBLY_TWICE = "possibly_twice"  # sent again after a crash on a platform that could not tell


class Participated(StrEnum):
    """What a member did. There is no word for what somebody did not do."""

    JOINED = "joined"
    INTRODUCED = "introduced"
    THANKED = "thanked"
    ANSWERED = "answered"
    HOSTED = "hosted"
    CHECKED_IN = "checked_in"


class AssignmentState(StrEnum):
    ASSIGNED = "assigned"  # it is their turn
    PASSED = "passed"  # the next one took it; the turn is kept: it comes to them again next time
    SWAPPED = "swapped"  # somebody else took it, by agreement or as a volunteer; the turn is kept
    DONE = "done"  # they said they did it


class OfferState(StrEnum):
    OPEN = "open"  # asked; can be accepted while the round is open and the turn is still the one's who offers
    ACCEPTED = "accepted"  # the turns were swapped
    DECLINED = "declined"  # not this time; nothing changed


class Attention(StrEnum):
    """How much of a person's attention a message may take (PRODUCT principle 4)."""

    FREE = "free"  # an answer to what somebody did, or a channel post: any time, counts for nobody
    PRIVATE = "private"  # the bot starts it: waits for quiet hours, days off and the weekly budget
    WORDS = "words"  # a person's own words: wait for quiet hours only
    ANSWER = "answer"  # promised to somebody who asked: waits for quiet hours only, counts for nobody
    OPENING = "opening"  # opens a group conversation: at its time, which was chosen with care; counts
