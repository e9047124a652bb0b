"""Small config files that are right, for tests to break, and what is said of broken ones."""

from __future__ import annotations

from bot.config.loading import Problem, load_text

TEAM = '[team]\nname = "Acme"\n'
WEEKLY = 'every = "week"\non = "monday"\nat = "10:00"\n'
COFFEE = '[[coffee]]\nname = "monday-coffee"\nchannel = "slack:#coffee"\n' + WEEKLY
HOST = '[[checkin]]\nname = "host"\nkind = "host"\nchannel = "slack:#team"\n' + WEEKLY
PULSE = HOST.replace("host", "questions") + 'questions = [{ ask = "How are you?" }]\n'
THANKS = (
    '[[gratitude]]\nname = "thanks"\nchannel = "slack:#team"\ncron = "0 15 * * fri"\nprompts = ["Who?"]\n'
)


def problems(text: str) -> list[Problem]:
    return list(load_text(text, file="k.toml").problems)


def said(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.key) for problem in problems(text)]


def only(text: str) -> Problem:
    [problem] = problems(text)
    return problem
