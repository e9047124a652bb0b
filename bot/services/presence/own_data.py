"""Everything that is a member's own: shown by `/presence mydata`, sent as files by `/presence export`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.models import Member, Team
from bot.domain.commands import Typed
from bot.domain.messages import Code, File, Message, Part, Say
from bot.domain.own_data import Kind, as_json, as_zip
from bot.domain.states import Attention
from bot.services.asking import Asker
from bot.services.outbox import Owed, owe_members
from bot.services.presence.own_rounds import rounds
from bot.services.presence.own_standing import iso, standing, whose
from bot.services.presence.own_words import words
from bot.services.reached import EXPORT

FEW = 3  # rows of a kind that are shown


@dataclass(frozen=True, slots=True)
class Files:
    """An export: all rows as one JSON document, and as a CSV a kind in one zip."""

    document: bytes
    tables: bytes


async def own_data(session: AsyncSession, team: Team, member: Member) -> Sequence[Kind]:
    """Every row that is the member's, by kind, newest first; nobody else's, and no anonymous answers.

    Whom they avoid or care for is theirs; who avoids them or cares for them is not. A fixed number of queries.
    """
    of = await whose(session, team, member)
    return [*await standing(of), *await rounds(of), *await words(of)]


async def mydata(asker: Asker, _typed: Typed) -> Message:
    """A few rows of each kind, the newest first, and how many more there are."""
    parts: list[Part] = [Say("mydata.title")]
    for kind in await own_data(asker.session, asker.team, asker.member):
        if not kind.rows:
            continue
        parts.append(Say(f"mydata.{kind.name}"))
        parts += [part for row in kind.rows[:FEW] for part in row.shown]
        if left := len(kind.rows) - FEW if len(kind.rows) > FEW else 0:
            export = Code("/presence export")
            more = Say("mydata.more", {"count": left, "export": export})
            parts.append(more if kind.counted else Say("mydata.more_uncounted", {"export": export}))
    return Message((*parts, Say("mydata.apart"), Say("mydata.forget", {"forget": Code("/presence forget")})))


async def files(session: AsyncSession, team: Team, member: Member, *, now: datetime) -> Files:
    """A member's export as it is at `now`."""
    kinds = await own_data(session, team, member)
    return Files(as_json(kinds, about={"exported_at": iso(now), "team": team.name}), as_zip(kinds))


async def export(asker: Asker, _typed: Typed) -> Message:
    """Send the asker all their rows, to them alone; the message is emptied as soon as it has arrived."""
    made = await files(asker.session, asker.team, asker.member, now=asker.now)
    message = Message(
        (
            Say("export.here"),
            File("kinkeeper.json", "application/json", made.document, Say("export.json_alt")),
            File("kinkeeper-csv.zip", "application/zip", made.tables, Say("export.zip_alt")),
        )
    )
    owed = Owed(
        what=EXPORT,
        once=f"{EXPORT}:{asker.member.id}:{asker.now.isoformat()}",
        message=message,
        due_at=asker.now,
        attention=Attention.FREE,
        asked_for=True,
    )
    await owe_members(asker.session, asker.team.id, {asker.member.id: owed}, now=asker.now)
    return Message((Say("export.on_its_way"),))
