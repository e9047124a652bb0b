"""Everything that is wrong with a parsed document, found in one go: no mistake hides another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.config.explaining import Finding, errors_of, explain, unknown
from bot.config.fields import Table
from bot.config.leaks import ADVICE, names_secret, secrets_in
from bot.config.positions import Path
from bot.config.rituals import RitualConfig
from bot.config.schedule import Contradiction
from bot.config.schema import RITUALS, Config
from bot.config.spelling import quoted, shown
from bot.config.team import RetentionConfig, TeamConfig

AnyTable = TypeVar("AnyTable", bound=Table)
Entry = tuple[Path, Mapping[str, Any]]  # a ritual's table, and where it stands


def check(document: Mapping[str, Any]) -> tuple[Config | None, list[Finding]]:
    """The config, if nothing is wrong with the document; otherwise all that is wrong, in any order."""
    findings = list(_strangers(document))
    team = _single(document, "team", TeamConfig, findings)
    retention = _single(document, "retention", RetentionConfig, findings)
    read: dict[str, list[RitualConfig]] = {kind: [] for kind in RITUALS}
    entries: list[Entry] = []
    for kind, model in RITUALS.items():
        for path, table in _entries(document, kind, findings):
            entries.append((path, table))
            ritual, found = _ritual(table, model)
            findings += [((*path, *where), sentence) for where, sentence in found]
            read[kind] += [ritual] if ritual else []
    findings += _clashes(entries)
    findings += _mixes_without_groups(document, entries)
    findings = _without_secrets(document, findings)
    if findings or team is None:
        return None, findings
    return Config.model_validate({"team": team, "retention": retention or RetentionConfig(), **read}), []


def _strangers(document: Mapping[str, Any]) -> Iterator[Finding]:
    tables = tuple(Config.model_fields)
    for key, value in document.items():
        if key in tables:
            continue
        if names_secret(key):
            yield (key,), f"{quoted(key)} looks like a secret. {ADVICE}"
        elif isinstance(value, dict | list):
            yield (key,), unknown(key, what="table", known=tables)
        else:
            yield (key,), f"{quoted(key)} stands outside every table. Move it below the table it belongs to."


def _single(
    document: Mapping[str, Any], key: str, model: type[AnyTable], findings: list[Finding]
) -> AnyTable | None:
    table = document.get(key, {})
    if not isinstance(table, dict):
        findings.append(((key,), f"Expected a table, [{key}] in single brackets, got {shown(table)}."))
        return None
    try:
        return model.model_validate(table)
    except ValidationError as error:
        if key not in document:
            findings.append(
                ((), f"The table [{key}] is missing. Expected it, with the name of your team in it.")
            )
            return None
        for one in errors_of(error):
            where, sentence = explain(one, table=table, model=model)
            findings.append(((key, *where), sentence))
        return None


def _entries(document: Mapping[str, Any], kind: str, findings: list[Finding]) -> Iterator[Entry]:
    tables = document.get(kind, [])
    if isinstance(tables, dict):
        findings.append(((kind,), f"There can be several of these. Expected [[{kind}]] in double brackets."))
        yield (kind,), tables
        return
    for index, table in enumerate(tables if isinstance(tables, list) else [tables]):
        path = (kind, index) if isinstance(tables, list) else (kind,)
        if isinstance(table, dict):
            yield path, table
        else:
            findings.append((path, f"Expected a table, [[{kind}]] in double brackets, got {shown(table)}."))


def _ritual(table: Mapping[str, Any], model: type[RitualConfig]) -> tuple[RitualConfig | None, list[Finding]]:
    """The ritual, or what is wrong with each of its keys and then with those that are left."""
    try:
        return model.model_validate(table), []
    except ValidationError as error:
        errors = errors_of(error)
    if found := _contradictions(errors[0]):
        return None, found
    findings = [explain(one, table=table, model=model) for one in errors]
    known = frozenset(table).intersection(model.keys())
    wrong = frozenset(str(one["loc"][0]) for one in errors)
    rest = {key: table[key] for key in known - wrong}
    stand_ins = {key: value for key, value in model.stand_ins.items() if key not in rest}
    try:
        model.model_validate({**rest, **stand_ins}, context={"wrong": wrong, "given": known})
    except ValidationError as error:
        findings += _contradictions(errors_of(error)[0])
    return None, findings


def _contradictions(error: Any) -> list[Finding]:
    if error["type"] != "contradictions":
        return []
    found: list[Contradiction] = error["ctx"]["found"]
    return [((contradiction.key,), contradiction.sentence) for contradiction in found]


def _clashes(entries: list[Entry]) -> Iterator[Finding]:
    """Names that are taken: two rituals of one name, and `was` where it cannot say which history is meant."""
    names: set[str] = set()
    for path, table in entries:
        name = table.get("name")
        if isinstance(name, str):
            if name in names:
                sentence = f"Another ritual is called {quoted(name)} already. Expected a name of its own."
                yield (*path, "name"), sentence
            names.add(name)
    taken: set[str] = set()
    for path, table in entries:
        was = table.get("was")
        if not isinstance(was, str):
            continue
        if was == table.get("name"):
            yield (*path, "was"), f"It is called {quoted(was)} still. Leave `was` out, or give it a new name."
        elif was in names:
            sentence = f"There is a ritual {quoted(was)} in this file, which keeps its own history."
            yield (*path, "was"), f"{sentence} Expected the name of one that is there no more."
        elif was in taken:
            yield (*path, "was"), f"Another ritual was {quoted(was)} already. Only one can keep its history."
        taken.add(was)


def _mixes_without_groups(document: Mapping[str, Any], entries: list[Entry]) -> Iterator[Finding]:
    team = document.get("team")
    if isinstance(team, dict) and team.get("groups"):
        return
    for path, table in entries:
        if path[0] == "coffee" and table.get("mix") == "groups":
            sentence = (
                'There are no groups to mix. Expected some in [team], such as groups = { design = ["@ana"] }.'
            )
            yield (*path, "mix"), sentence


def _without_secrets(document: Mapping[str, Any], findings: list[Finding]) -> list[Finding]:
    """The findings, with one for each secret, and none that would repeat one."""
    secrets = dict(secrets_in(document))
    kept = [
        (path, sentence)
        for path, sentence in findings
        if not any(path == secret or value[:12] in sentence for secret, value in secrets.items())
    ]
    return kept + [(path, f"This looks like a secret. {ADVICE}") for path in secrets]
