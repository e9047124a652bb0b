"""What is yours you can see and take with you; what others keep for themselves is theirs."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from bot.db.engine import Sessions
from bot.db.models import (
    Assignment,
    Delivery,
    Enrolment,
    MatchMember,
    Member,
    Participation,
    Pause,
    Thanks,
    ThanksRecipient,
    Turn,
)
from bot.domain.messages import File
from tests.journeys.test_forgetting import MORE, ROTATIONS, TEN
from tests.world import CONFIG, World, people, world

WHO = people("Ana", "Ben", "Chloe", "Dev")


def files(acme: World, who: str) -> list[File]:
    """The files that somebody was sent alone, oldest first."""
    return [
        part
        for d in acme.platform.delivered
        if d.sent.conversation == f"D-{who}"
        for part in d.message.parts
        if isinstance(part, File)
    ]


async def exported(acme: World, who: str) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """Somebody's export, as the document and as the tables."""
    assert "on its way" in await acme.says(who, "/presence export")
    document, tables = files(acme, who)[-2:]
    with zipfile.ZipFile(BytesIO(tables.content)) as packed:
        read = {
            name.removesuffix(".csv"): list(csv.DictReader(StringIO(packed.read(name).decode())))
            for name in packed.namelist()
        }
    return json.loads(document.content), read


async def busy(acme: World) -> None:
    """Two weeks in which Ana and the others do all there is to do."""
    await acme.until(TEN)
    await acme.says("ana", "/coffee avoid <@ben>")
    await acme.says("chloe", "/coffee avoid <@ana>")
    await acme.says("ana", "/coffee prefer bye")
    await acme.presses("ana", "We met")
    await acme.until(TEN + timedelta(days=2, hours=1))
    form = await acme.opens("ana", "Answer")
    await acme.submits("ana", form.action, **{f.name: '=quite, "well"' for f in form.fields})
    await acme.says("ana", "/thanks <@ben> for the tea")
    for number in range(5):
        await acme.says("dev", f"/thanks <@ana> number {number}")
    await acme.says("ana", "/coffee pause 2026-02-02")
    await acme.until(TEN + timedelta(days=9))


async def test_mydata_shows_a_little_of_everything_that_is_yours(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.format(more="") + MORE
    async with world(sessions, tmp_path, config=config, who=WHO) as acme:
        await busy(acme)
        shown = await acme.says("ana", "/presence mydata")
        for expected in (
            "Ana, time zone not set, quiet hours not set",
            "Ana, playground:ana",
            "monday-coffee, since Friday, 2 January",
            "A break from monday-coffee until Monday, 2 February",
            "Ben, in monday-coffee",
            "you met",
            "to Ben, Wednesday, 7 January",
            "Ana: for the tea",
            "Dev: number 4",
            '=quite, "well"',
            "pulse, Wednesday, 7 January: you answered",
            "said thanks: thanks",
            "Anonymous answers lead to nobody",
        ):
            assert expected in shown, expected
        assert "number 1" not in shown, "the newest three"
        assert "… /presence export has all." in shown, "and how many were received is counted for nobody"
        assert (
            "and 2 more: /presence export" not in shown.split("Thanks you were given:")[1].split("Answers")[0]
        )
        assert "Chloe, in" not in shown, "who avoids them is somebody else's to know"


async def test_an_export_brings_all_rows_as_json_and_as_csv_and_no_copy_is_kept(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + MORE
    async with world(sessions, tmp_path, config=config, who=WHO) as acme:
        await busy(acme)
        document, tables = await exported(acme, "ana")
        assert document["team"] == "Acme"
        assert [row["words"] for row in document["thanks_received"]] == [
            f"number {n}" for n in (4, 3, 2, 1, 0)
        ]
        assert [row["words"] for row in document["thanks_said"]] == ["for the tea"]
        assert document["avoidances"] == [{"person": "Ben", "ritual": "monday-coffee"}]
        assert document["answers"][0]["question"] == "How is your week?"
        assert document["answers"][0]["words"] == tables["answers"][0]["words"] == '=quite, "well"'
        assert document["matches"][0]["you_said"] == "met"
        assert {row["what"] for row in document["participation"]} == {"introduced", "thanked", "answered"}
        assert document["rituals"][-1]["prefers"] == "bye"
        assert {kind: len(rows) for kind, rows in document.items() if isinstance(rows, list) and rows} == {
            kind: len(rows) for kind, rows in tables.items()
        }
        assert any("for the tea" in row["said"] for row in (await exported(acme, "ben"))[0]["messages"])

        bringing = await acme.rows(Delivery, Delivery.what == "export")
        assert [(d.emptied, d.message) for d in bringing] == [(True, {"parts": []})] * 2


EXPORTED_AS = {
    "account.member_id": "accounts",
    "answer.member_id": "answers",
    "answered.member_id": "questions",
    "asked.member_id": "questions",
    "assignment.cares_for_id": None,  # the carer's
    "assignment.member_id": "assignments",
    "audit.member_id": "changes",
    "avoidance.member_id": "avoidances",
    "avoidance.other_id": None,  # whoever avoids them
    "delivery.member_id": "messages",
    "enrolment.member_id": "rituals",
    "match_member.member_id": "matches",
    "offer.to_id": "offers",
    "participation.member_id": "participation",
    "pause.member_id": "pauses",
    "sign_up.member_id": "sign_ups",
    "thanks.sender_id": "thanks_said",
    "thanks_recipient.member_id": "thanks_received",
    "turn.member_id": "turns",
}
"""Each column that refers to a member, and what an export calls its rows; None: they are another's."""


async def test_every_row_that_refers_to_somebody_is_in_their_export_unless_it_is_anothers(
    sessions: Sessions, tmp_path: Path
) -> None:
    refers = {
        f"{table.name}.{column.name}"
        for table in Member.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "member" for key in column.foreign_keys)
    }
    assert refers == EXPORTED_AS.keys()
    async with world(sessions, tmp_path, config=CONFIG.format(more="") + MORE, who=WHO) as acme:
        await busy(acme)
        document, _ = await exported(acme, "ana")
        assert {kind for kind in EXPORTED_AS.values() if kind} <= document.keys()
        [ana] = [m for m in await acme.rows(Member) if m.name == "Ana"]
        for table in (Enrolment, MatchMember, Participation, Pause, Thanks, ThanksRecipient, Turn):
            column = "sender_id" if table is Thanks else "member_id"
            kind = str(EXPORTED_AS[f"{table.__tablename__}.{column}"])
            assert len(document[kind]) == await acme.count(table, getattr(table, column) == ana.id), kind


async def test_when_and_why_a_round_was_without_you_is_yours_too(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, who=WHO) as acme:
        await acme.says("ana", "/coffee pause 2026-01-06")
        await acme.until(TEN)
        document, tables = await exported(acme, "ana")
        [absence] = document["absences"]
        assert (absence["ritual"], absence["why"]) == ("monday-coffee", "you had paused.")
        assert len(tables["absences"]) == 1
        assert "monday-coffee, Monday, 5 January: you had paused." in await acme.says(
            "ana", "/presence mydata"
        )
        assert (await exported(acme, "ben"))[0]["absences"] == []


async def test_nobody_elses_data_shows_who_avoids_them(sessions: Sessions, tmp_path: Path) -> None:
    config = CONFIG.format(more="") + MORE
    async with world(sessions, tmp_path, config=config, who=WHO) as acme:
        await busy(acme)
        document, _ = await exported(acme, "ben")
        assert document["avoidances"] == []
        assert "avoid" not in json.dumps({k: v for k, v in document.items() if k != "avoidances"})
        assert document["changes"] == document["looks"] == []


async def test_whom_you_look_after_is_yours_and_who_looks_after_you_is_theirs(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + ROTATIONS
    async with world(
        sessions, tmp_path, config=config, who=people("Ana", "Ben", "Chloe", "Dev", "Eva", "Finn")
    ) as acme:
        await acme.until(TEN + timedelta(days=2, hours=5))
        names = {m.id: m.name for m in await acme.rows(Member)}
        ring = {
            names[a.member_id]: names[a.cares_for_id]
            for a in await acme.rows(Assignment, Assignment.role == "carer")
        }
        of_ana = next(carer for carer, person in ring.items() if person == "Ana")
        shown = await acme.says("ana", "/presence me")
        assert f"In care you look after {ring['Ana']} this time." in shown
        await acme.says("ana", "/checkin volunteer retro")
        assert "It is your turn as facilitator for retro on" in await acme.says("ana", "/presence me")

        document, _ = await exported(acme, "ana")
        assert [row["cares_for"] for row in document["assignments"] if row["role"] == "carer"] == [
            ring["Ana"]
        ]
        assert of_ana not in json.dumps(
            {k: v for k, v in document.items() if k not in ("matches", "messages")}
        )

        assert "somebody else to look after you" in await acme.says("ana", "/checkin someone-else care")
        await acme.days(0.01)
        document, _ = await exported(acme, "ana")
        assert [row["asked_for"] for row in document["wishes"]] == ["somebody else"]
        assert of_ana not in json.dumps(document["wishes"])
        assert "asked for somebody else" in await acme.says("ana", "/presence mydata")
        for carer in ring:
            assert (await exported(acme, carer.lower()))[0]["wishes"] == [] or carer == "Ana"


async def test_an_export_waits_for_nothing_that_waits_for_quiet_hours(
    sessions: Sessions, tmp_path: Path
) -> None:
    config = CONFIG.format(more="") + MORE
    async with world(sessions, tmp_path, config=config, who=WHO) as acme:
        await acme.until(TEN + timedelta(hours=9))  # 19:00
        await acme.says("dev", "/thanks <@ana> late in the day")
        assert files(acme, "ana") == []
        document, _ = await exported(acme, "ana")
        assert len(files(acme, "ana")) == 2
        assert document["thanks_received"] == [], "what has not reached them yet can still be taken back"


async def test_an_export_that_cannot_be_delivered_is_kept_no_longer_either(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, who=WHO) as acme:
        acme.platform.closed.add("ana")
        await acme.says("ana", "/presence export")
        [export] = await acme.rows(Delivery, Delivery.what == "export")
        assert export.state.value == "unreachable"
        assert export.message == {"parts": []}
