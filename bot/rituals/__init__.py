"""What each kind of ritual decides and says; pure. One file a kind, one line each here, by what the config plays."""

from bot.rituals.coffee import Coffee
from bot.rituals.gratitude import Gratitude
from bot.rituals.host import Host
from bot.rituals.kind import RitualKind
from bot.rituals.questions import Questions
from bot.rituals.ring import CareRing

KINDS: dict[str, RitualKind] = {
    kind.name: kind for kind in (Coffee(), Gratitude(), Host(), CareRing(), Questions())
}
