"""What every introduction in a channel says, whichever the ritual: who takes part, how to join, how to leave."""

from __future__ import annotations

from bot.domain.interactions import action
from bot.domain.messages import Button, Buttons, Code, Message, Say

HELLO = Message((Say("taking_part.hello"),))  # comes first where the bot is new
MORE = Message((Say("taking_part.more", {"help": Code("/kinkeeper help")}),))  # comes last there
BY_EVERYBODY = "channel"


def taking_part(command: str, ritual_id: int, *, members: str) -> Message:
    """Who takes part by the config's `members` ("channel" or "opt-in"), and what changes that: `/command leave` …"""
    said = Say(
        "taking_part.everybody" if members == BY_EVERYBODY else "taking_part.up_to_you",
        {verb: Code(f"/{command} {verb}") for verb in ("join", "leave", "pause")},
    )
    if members == BY_EVERYBODY:
        return Message((said,))
    return Message((said, Buttons((Button(action("join", ritual_id), Say("taking_part.join"), "primary"),))))
