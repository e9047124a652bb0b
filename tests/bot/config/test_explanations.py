"""What is said of one wrong key: what was expected, what is there, and what was probably meant."""

from __future__ import annotations

import pytest

from tests.bot.config.files import COFFEE, HOST, PULSE, TEAM, THANKS, only, problems


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("group_size = 9", "group_size", "Expected 8 or less, got the number 9."),
        ("group_size = 1", "group_size", "Expected 2 or more, got the number 1."),
        ('group_size = "two"', "group_size", 'Expected a whole number, got the text "two".'),
        ("group_size = 2.0", "group_size", "Expected a whole number, got the number 2.0."),
        ("group_size = true", "group_size", "Expected a whole number, got true."),
        ("group_size = 0x" + "f" * 5000, "group_size", "got a very large number"),
        ("voice = 1", "voice", "Expected true or false, got the number 1."),
        ('odd = "duo"', "odd", 'Expected "trio" or "bye", got the text "duo".'),
        ('members = "optin"', "members", 'Did you mean "opt-in"?'),
        ('on_holiday = "skipp"', "on_holiday", 'Did you mean "skip"?'),
        ('mix = "group"', "mix", 'Expected "groups", got the text "group". Did you mean "groups"?'),
        ('timezone = "Berlin"', "timezone", 'Did you mean "Europe/Berlin"?'),
        ('timezone = "europe/berlin"', "timezone", 'Did you mean "Europe/Berlin"?'),
        ('timezone = "../etc/passwd"', "timezone", "is not a known time zone"),
        ('timezone = "Europe"', "timezone", "is not a known time zone"),
        ('close_after = "3 dyas"', "close_after", "days"),
        ("close_after = 3", "close_after", "Expected a length of time"),
        ('close_after = "500 days"', "close_after", "longer than a year"),
        ('nudge_after = "0 days"', "nudge_after", "longer than nothing"),
        ('starters = "Why?"', "starters", 'Expected a list, got the text "Why?".'),
        ('starters = ["Why?", 3]', "starters[1]", "Expected a text in quotes, got the number 3."),
        ('starters = ["  "]', "starters[0]", "Expected some words"),
        ("groupsize = 2", "groupsize", 'Did you mean "group_size"?'),
        ("prompts = []", "prompts", "it belongs in [[gratitude]]"),
        ("zzzzzz = 2", "zzzzzz", 'Expected "name", "was", "channel"'),
        ('"a b" = 2', '"a b"', 'There is no key "a b" here.'),
        ("starts = 2026-11-30T10:00:00", "starts", "without a time"),
        ('starts = "next week"', "starts", "Expected a date such as 2026-11-30"),
        ("starts = 0001-01-01", "starts", "The year 1 is out of reach"),
        ('was = "Old Coffee"', "was", 'Perhaps "old-coffee"?'),
        ("suggest_times = 4", "suggest_times", "Expected 3 or less"),
        ("mix = 3", "mix", 'Expected "groups"'),
        ('mix = "groups"', "mix", "Expected some in [team]"),
    ],
)
def test_a_wrong_line_in_a_coffee_is_explained(line: str, key: str, says: str) -> None:
    problem = only(TEAM + COFFEE + line + "\n")
    assert (problem.line, problem.key) == (9, f"coffee[0].{key}")
    assert says in problem.message


@pytest.mark.parametrize(
    ("written", "instead", "key", "says"),
    [
        ('"slack:#coffee"', '"slak:#coffee"', "channel", 'Did you mean "slack"?'),
        ('"slack:#coffee"', '"#coffee"', "channel", 'such as "slack:#coffee"'),
        ('"slack:#coffee"', '"slack:coffee"', "channel", 'such as "slack:#coffee"'),
        ('"slack:#coffee"', '"discord:general"', "channel", 'such as "discord:#general"'),
        ('"slack:#coffee"', '"slack:#"', "channel", "has no channel name"),
        ('"slack:#coffee"', '["slack:#a", "slack:b"]', "channel[1]", 'such as "slack:#b"'),
        ('"slack:#coffee"', '["slack:#a", "slack:#a"]', "channel", '"slack:#a" is there twice'),
        ('"slack:#coffee"', "[]", "channel", "This list is empty"),
        ('"slack:#coffee"', "3", "channel", "Expected a list, got the number 3"),
        ('"monday"', '"mondy"', "on", "monday"),
        ('"monday"', '["monday", "tusday"]', "on", "tuesday"),
        ('"monday"', "32", "on", "No month has a day 32"),
        ('"monday"', "[]", "on", "got an empty list"),
        ('"monday"', "[[1]]", "on", "Expected a weekday"),
        ('"monday"', '"first monday"', "on", "does not go with weeks"),
        ('"week"', '"weak"', "every", "week"),
        ('"week"', '"month"', "on", "of the month?"),
        ('"week"', '"day"', "on", 'Every day has no "on"'),
        ('"week"', '"2 weeks"', "starts", 'needs "starts"'),
        ('"week"', "2", "every", "Expected an interval"),
        ('"10:00"', '"25:00"', "at", '"00:00" to "23:59"'),
        ('"10:00"', '"10am"', "at", '"00:00" to "23:59"'),
        ('"10:00"', "10", "at", "got the number 10"),
        ('at = "10:00"', "", "at", "The time is missing"),
        ('every = "week"', 'cron = "0 15 * * frii"', "cron", "day-of-week"),
        ('every = "week"', 'cron = "15 * *"', "cron", "five fields"),
        ('"monday-coffee"', '"Monday Coffee"', "name", 'Perhaps "monday-coffee"?'),
        ('"monday-coffee"', '"' + "a" * 41 + '"', "name", "at most 40"),
        ('name = "monday-coffee"', "", "name", "A name is missing"),
        ('channel = "slack:#coffee"', "", "channel", "It does not say where"),
    ],
)
def test_a_wrong_value_of_a_coffee_is_explained(written: str, instead: str, key: str, says: str) -> None:
    found = [p for p in problems(TEAM + COFFEE.replace(written, instead)) if p.key == f"coffee[0].{key}"]
    assert len(found) == 1
    assert says in found[0].message


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ('working_days = ["mon", "tusday"]', "working_days[1]", 'Did you mean "tuesday"?'),
        ('working_days = ["mon", "monday"]', "working_days", '"mon" is there twice'),
        ("working_days = []", "working_days", "This list is empty"),
        ("working_days = [1]", "working_days[0]", "Expected a weekday"),
        ('working_hours = "9 to 5"', "working_hours", "09:00-17:30"),
        ('working_hours = "09:00-25:00"', "working_hours", "09:00-17:30"),
        ('holidays = ["DE-XX"]', "holidays[0]", 'Expected "DE" alone'),
        ('holidays = ["Germany"]', "holidays[0]", "ISO 3166"),
        ('holidays = "DE"', "holidays", "Expected a list"),
        ("messages_per_week = 0", "messages_per_week", "Expected 1 or more"),
        ('away = ["holiday"]', "away[0]", 'Expected "status" or "dnd"'),
        ('meeting_url = "meet.example.org"', "meeting_url", "https://meet.example.org/{match}"),
        ('meeting_url = "https://meet.example.org/{room}"', "meeting_url", "Only {match}"),
        ("turn_weights = { hots = 2 }", "turn_weights.hots", 'Did you mean "host"?'),
        ("turn_weights = { host = -1 }", "turn_weights.host", "Expected 0 or more"),
        ("turn_weights = 2", "turn_weights", "Expected a table, got the number 2"),
        ('admins = "everybody"', "admins", 'Expected "everyone"'),
        ('admins = ["@ana"]', "admins[0]", "names can be taken over"),
        ('admins = ["slack:@ana"]', "admins[0]", "names can be taken over"),
        ('admins = ["slack:U1", "slack:U1"]', "admins", "is there twice"),
        ("admins = true", "admins", "Expected a list, got true"),
        ('groups = { design = ["ana"] }', "groups.design[0]", "Expected a person"),
        ('groups = { design = ["irc:@ana"] }', "groups.design[0]", "There is no platform"),
        ("groups = { design = [] }", "groups.design", "This list is empty"),
        ('groups = ["@ana"]', "groups", "Expected a table, got a list"),
        ("answers = 3", "answers", "it belongs in [retention]"),
    ],
)
def test_a_wrong_line_in_the_team_is_explained(line: str, key: str, says: str) -> None:
    problem = only(f"{TEAM}{line}\n{COFFEE}")
    assert (problem.line, problem.key) == (3, f"team.{key}")
    assert says in problem.message


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        (COFFEE, 1, "", "The table [team] is missing"),
        ("", 1, "", "The table [team] is missing"),
        ("[team]\n", 1, "team.name", 'such as name = "Acme"'),
        ("[[team]]\n", 1, "team", "[team] in single brackets"),
        ("team = 3\n", 1, "team", "[team] in single brackets"),
        (f"{TEAM}[coffees]\n", 3, "coffees", 'Did you mean "coffee"?'),
        (f"grace = '1 hour'\n{TEAM}", 1, "grace", "outside every table"),
        (f"coffee = 3\n{TEAM}", 1, "coffee", "[[coffee]] in double brackets"),
        (f"coffee = [3]\n{TEAM}", 1, "coffee[0]", "[[coffee]] in double brackets"),
        (TEAM + COFFEE.replace("[[coffee]]", "[coffee]"), 3, "coffee", "[[coffee]] in double brackets"),
        (f"{TEAM}[retention]\nanswers = -1\n", 4, "retention.answers", "Expected 0 or more"),
    ],
)
def test_wrong_tables_are_explained(text: str, line: int, key: str, says: str) -> None:
    problem = only(text)
    assert (problem.line, problem.key) == (line, key)
    assert says in problem.message


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (THANKS.replace('["Who?"]', "[]"), "gratitude[0].prompts", "This list is empty"),
        (THANKS.replace('prompts = ["Who?"]', ""), "gratitude[0].prompts", "There is nothing to ask"),
        (THANKS + 'roundup = "first mondy"', "gratitude[0].roundup", "monday"),
        (THANKS + 'values = ["be kind"]', "gratitude[0].values[0]", "one word"),
        (THANKS + 'values = ["care", "care"]', "gratitude[0].values", "twice"),
        (THANKS + 'members = "each-round"', "gratitude[0].members", "is for coffees"),
        (THANKS + 'at = "15:00"', "gratitude[0].at", '"cron" says by itself when'),
        (THANKS.replace("* * fri", "31 feb *"), "gratitude[0].cron", "No such day ever comes"),
        (HOST + "anonymous = true", "checkin[0].anonymous", 'goes with kind = "questions"'),
        (PULSE + 'role = "scribe"', "checkin[0].role", 'goes with kind = "host"'),
        (HOST.replace('kind = "host"', ""), "checkin[0].kind", "It does not say what it is"),
        (HOST.replace('kind = "host"', 'kind = "rng"'), "checkin[0].kind", 'Did you mean "ring"?'),
        (PULSE + "min_answers = 2", "checkin[0].min_answers", "Expected 3 or more"),
        (PULSE.replace('{ ask = "How are you?" }', ""), "checkin[0].questions", "needs one at least"),
        (PULSE.replace("ask", "aks"), "checkin[0].questions[0].aks", 'Did you mean "ask"?'),
        (PULSE.replace("?", '?", scale = 11, ask2 = "'), "checkin[0].questions[0].scale", "10 or less"),
        (PULSE.replace("[{", "[" + '{ ask = "a" }, ' * 5 + "{"), "checkin[0].questions", "at most 5"),
        (PULSE.replace("you?", "you" + "?" * 300), "checkin[0].questions[0].ask", "at most 300 characters"),
        (PULSE + 'window = "8 days"', "checkin[0].window", "beyond the next round"),
        (
            PULSE.replace('kind = "questions"', 'kind = "ring"').replace('?"', '?", scale = 5'),
            "checkin[0].questions",
            "no scale",
        ),
    ],
)
def test_wrong_thanks_and_checkins_are_explained(text: str, key: str, says: str) -> None:
    found = [p for p in problems(TEAM + text) if p.key == key]
    assert len(found) == 1
    assert says in found[0].message
