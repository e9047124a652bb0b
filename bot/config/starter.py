"""The text of a first config, from a few answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, time

from bot.config.references import FORMS

SOMEBODY = {"slack": "U024BE7LH", "discord": "80351110224678912"}  # what a person's id looks like


@dataclass(frozen=True, slots=True)
class Answers:
    """What `kinkeeper init` asks. A channel is `#name` (the # may be missing) or the platform's id."""

    team: str
    timezone: str  # IANA name
    platform: str  # slack, discord or playground
    channel: str
    weekday: str  # "monday"
    at: time
    starts: date


def starter_config(answers: Answers) -> str:
    """A commented config: a coffee every two weeks, thanks every Friday, and more to uncomment.

    Answers that no config can hold come back as problems when the text is loaded.
    """
    channel = _text(f"{answers.platform}:{_channel(answers)}")
    members, others, hosts = '"channel"', '"opt-in": who joined', ""
    if answers.platform == "discord":  # which shows who is in a channel only to bots with a privileged intent
        members, others, hosts = '"opt-in" ', '"channel": everybody in it', '# members = "opt-in"\n'
    somebody = f"{answers.platform}:{SOMEBODY.get(answers.platform, 'ana')}"
    return f"""\
# Kinkeeper's config. `kinkeeper check` says whether it is right; a running bot takes up changes by itself.
# Every key is explained in docs/config.md, and kinkeeper.example.toml shows them all.
# Tokens and other secrets have no place here: they come from the environment.

[team]
name = {_text(answers.team)}
timezone = {_text(answers.timezone)}      # the zone of every time below
working_days = ["mon", "tue", "wed", "thu", "fri"]
working_hours = "09:00-17:30"      # everything outside them is quiet
# holidays = ["DE-BE"]             # a country ("DE"), or one of its regions: public holidays are days off
# admins = "everyone"              # for a flat team; or people by id: ["{somebody}"]

# Coffee for two, every two weeks: in the end everyone has met everyone.
[[coffee]]
name = "coffee"
channel = {channel}
members = {members}                # {others}; "each-round": who says yes this time
every = "2 weeks"
on = {_text(answers.weekday.lower())}
at = "{answers.at:%H:%M}"
starts = {answers.starts.isoformat()}                # the fortnights are counted from here
odd = "trio"                       # "bye": somebody sits the round out, each in turn

# A prompt to say thanks, every Friday afternoon.
[[gratitude]]
name = "thanks"
channel = {channel}
every = "week"
on = "friday"
at = "15:00"
prompts = ["Who made your week lighter?", "Whose work did you stand on this week?"]

# Who facilitates the team's meeting, a new host each week. Remove the # to use it.
# [[checkin]]
# name = "meeting-host"
# kind = "host"                    # "ring": who looks after whom; "questions": questions for all
# role = "facilitator"
# channel = {channel}
{hosts}# every = "week"
# on = "thursday"
# at = "14:00"
"""


def _channel(answers: Answers) -> str:
    """The reference of a channel: a bare word is a name, unless it can only be an id."""
    typed = answers.channel.strip()
    form = FORMS.get(answers.platform) if answers.platform != "playground" else None
    is_id = form is not None and re.fullmatch(form[0], typed, re.ASCII)
    return typed if typed.startswith("#") or is_id else f"#{typed}"


def _text(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for the one character that JSON leaves as it is."""
    return json.dumps(text.strip(), ensure_ascii=False).replace("\x7f", "\\u007f")
