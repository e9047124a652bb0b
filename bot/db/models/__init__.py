"""All tables; one module a subject."""

from bot.db.models.base import Base
from bot.db.models.checkin import Answer, Answered, Asked, Assignment, Offer
from bot.db.models.delivery import Conversation, Delivery, Hold, Lease, Received
from bot.db.models.gratitude import Prompt, Thanks, ThanksRecipient
from bot.db.models.people import (
    Account,
    Audit,
    Channel,
    Forgotten,
    Member,
    Participation,
    Team,
    Workspace,
)
from bot.db.models.rituals import (
    Avoidance,
    Enrolment,
    Match,
    MatchMember,
    Pause,
    Ritual,
    RitualChannel,
    Round,
    Season,
    SignUp,
    Turn,
    VoiceRoom,
)

__all__ = [
    "Account",
    "Answer",
    "Answered",
    "Asked",
    "Assignment",
    "Audit",
    "Avoidance",
    "Base",
    "Channel",
    "Conversation",
    "Delivery",
    "Enrolment",
    "Forgotten",
    "Hold",
    "Lease",
    "Match",
    "MatchMember",
    "Member",
    "Offer",
    "Participation",
    "Pause",
    "Prompt",
    "Received",
    "Ritual",
    "RitualChannel",
    "Round",
    "Season",
    "SignUp",
    "Team",
    "Thanks",
    "ThanksRecipient",
    "Turn",
    "VoiceRoom",
    "Workspace",
]
