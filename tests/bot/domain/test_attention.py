"""When a message may reach people."""

from datetime import UTC, datetime, timedelta

from bot.domain.attention import Recipient, everybody_welcomes, not_before
from bot.domain.calendar import Calendar
from bot.domain.hours import DailySpan, Hours
from bot.domain.states import Attention

WEEKDAYS = Calendar(frozenset(range(5)))
BERLIN = Hours("Europe/Berlin", WEEKDAYS, DailySpan.parse("09:00-17:30"))
TOKYO = Hours("Asia/Tokyo", WEEKDAYS, DailySpan.parse("09:00-17:30"))
FRIDAY_NIGHT = datetime(2026, 1, 2, 20, 0, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


def may_reach(attention: Attention, recipient: Recipient, now: datetime, budget: int = 2) -> datetime:
    return not_before(attention, [recipient], now=now, messages_per_week=budget)


def test_an_answer_comes_at_any_time_and_what_the_bot_starts_waits_for_work() -> None:
    assert may_reach(Attention.FREE, Recipient(BERLIN), FRIDAY_NIGHT) == FRIDAY_NIGHT
    assert may_reach(Attention.PRIVATE, Recipient(BERLIN), FRIDAY_NIGHT) == MONDAY


def test_peoples_own_words_wait_for_the_morning_but_not_for_monday() -> None:
    saturday = datetime(2026, 1, 3, 8, 0, tzinfo=UTC)
    assert may_reach(Attention.WORDS, Recipient(BERLIN), FRIDAY_NIGHT) == saturday


def test_a_full_week_waits_until_its_oldest_message_is_a_week_old() -> None:
    reached = [MONDAY - timedelta(days=6), MONDAY - timedelta(days=3)]
    assert may_reach(Attention.PRIVATE, Recipient(BERLIN, reached), MONDAY) == MONDAY + timedelta(days=1)
    assert may_reach(Attention.PRIVATE, Recipient(BERLIN, reached), MONDAY, budget=3) == MONDAY
    assert may_reach(Attention.PRIVATE, Recipient(BERLIN, reached), MONDAY, budget=0) > MONDAY


def test_a_conversation_opens_when_nobody_wants_quiet_or_else_at_its_time() -> None:
    night = MONDAY - timedelta(hours=6)
    common = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # 17:00 in Tokyo
    assert everybody_welcomes([BERLIN, TOKYO], night, within=timedelta(hours=24)) == common
    assert everybody_welcomes([BERLIN, TOKYO], night, within=timedelta(hours=2)) == night
