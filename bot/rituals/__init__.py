"""What each kind of ritual decides and says; pure. One file a kind, one line each here."""

from bot.rituals.coffee import Coffee
from bot.rituals.kind import RitualKind

KINDS: dict[str, RitualKind] = {kind.name: kind for kind in (Coffee(),)}
