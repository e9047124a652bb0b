"""What shows that each feature works on each platform: the rows of `parity.toml`, their page, what is wrong in them.

Tests are read, never run: a name in the rows is the name of a test without `test_`, or `file: name` where several have
it. Write the page anew with `python -m tests.adapters.parity`.
"""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from bot.domain.commands import COMMANDS

REPOSITORY = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("parity.toml")
PAGE = REPOSITORY / "docs" / "parity.md"
ANEW = ".venv/bin/python -m tests.adapters.parity"

Platform = Literal["slack", "discord", "playground"]
PLATFORMS: tuple[Platform, ...] = ("slack", "discord", "playground")
RULES = ("tests/journeys", "tests/bot/domain")
PLACES: Mapping[Platform, tuple[str, ...]] = {
    "slack": ("tests/adapters/slack",),
    "discord": ("tests/adapters/discord",),
    "playground": (
        "tests/adapters/playground",
        "tests/adapters/test_playground.py",
        "tests/adapters/test_colleagues.py",
        "tests/bot/test_playing.py",
    ),
}
CONTRACT = ("tests/adapters/contract.py", "tests/adapters/hearing_contract.py")
SKIPS = {"skip", "skipif", "xfail", "importorskip", "__test__"}

INTRODUCTION = """\
# The same on every platform

This page lists every feature of the bot with the tests that show it on Slack, on Discord and in the playground, or with
the platform's own limit where there is one. `tests/adapters/test_parity.py` holds it to the tests;
`{anew}` writes it anew from `tests/adapters/parity.toml`.

What stands under *for all* is decided once, and tested on both database engines, or belongs to the *contract* that each
platform keeps in front of its own server on loopback: where a column says *contract*, the platform runs those tests as
they are. The other words are files of tests of that platform alone. A link's title names the tests.

| | feature | for all | Slack | Discord | playground |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a platform does not offer, what people have instead, and where it is documented."""

    platform: Platform
    says: str
    address: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One row. `contract` are tests that each platform runs; `nowhere` is a feature that no platform has yet."""

    where: str
    what: str
    verbs: Sequence[str] = ()
    rules: Sequence[str] = ()
    contract: Sequence[str] = ()
    slack: Sequence[str] = ()
    discord: Sequence[str] = ()
    playground: Sequence[str] = ()
    limits: Sequence[str] = ()
    nowhere: bool = False

    def own(self, platform: Platform) -> Sequence[str]:
        """The tests of this platform alone."""
        return {"slack": self.slack, "discord": self.discord, "playground": self.playground}[platform]


@dataclass(slots=True)
class Found:
    """The tests of some files by their names; those that may not run are in `skipped`."""

    by_name: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    skipped: set[str] = field(default_factory=set)

    def of(self, name: str) -> list[Path]:
        """The files that a name of the rows may mean: exactly one, where all is well."""
        file, _, alone = name.rpartition(": ")
        return [path for path in self.by_name.get(alone, []) if not file or path.stem == f"test_{file}"]


@dataclass(frozen=True, slots=True)
class Contract:
    """The platforms' contract: its tests, and those of them that let a platform answer that it cannot tell."""

    tests: Mapping[str, Path]
    lenient: frozenset[str]


@cache
def _module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _files(places: Sequence[str], within: Path) -> Iterator[Path]:
    """The files of tests that these are, or that are in them."""
    for place in (within / place for place in places):
        yield from sorted(place.rglob("test_*.py")) if place.is_dir() else [place]


def _skips(node: ast.AST) -> bool:
    return any(
        (isinstance(n, ast.Attribute) and n.attr in SKIPS) or (isinstance(n, ast.Name) and n.id in SKIPS)
        for n in ast.walk(node)
    )


def _tests_in(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def _marked(body: Sequence[ast.stmt]) -> bool:
    """Whether a line of the module or class itself says that its tests are skipped."""
    return any(
        _skips(node) for node in body if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr | ast.If)
    )


@cache
def collected(*places: str, within: Path = REPOSITORY) -> Found:
    """The tests that stand in these files and folders."""
    tests = Found()
    for path in _files(places, within):
        body = _module(path).body
        for test in _tests_in(body):
            name = test.name.removeprefix("test_")
            tests.by_name[name].append(path)
            if _skips(test) or _marked(body):
                tests.skipped.add(name)
    return tests


@cache
def contract(within: Path = REPOSITORY) -> Contract:
    """What every platform is held to."""
    tests: dict[str, Path] = {}
    lenient = set()
    for path in (within / file for file in CONTRACT):
        for node in _module(path).body:
            for test in _tests_in(node.body) if isinstance(node, ast.ClassDef) else ():
                name = test.name.removeprefix("test_")
                tests[name] = path
                if any(isinstance(n, ast.Name) and n.id == "CannotTell" for n in ast.walk(test)):
                    lenient.add(name)
    return Contract(tests, frozenset(lenient))


def held_to_contract(platform: Platform, wanted: Contract, within: Path = REPOSITORY) -> frozenset[str]:
    """The tests of the contract that all of a platform's classes run as they stand there, none skipped."""
    run: list[frozenset[str]] = []
    for module in map(_module, _files(PLACES[platform], within)):
        for node in module.body:
            if isinstance(node, ast.ClassDef) and "ChatPlatformContract" in map(ast.unparse, node.bases):
                its_own = {test.name.removeprefix("test_") for test in _tests_in(node.body)}
                ends = _skips(node) or _marked(module.body) or not node.name.startswith("Test")
                run.append(frozenset() if ends else frozenset(wanted.tests) - its_own)
    return frozenset.intersection(*run) if run else frozenset()


def rows() -> tuple[list[Feature], dict[str, Limit]]:
    """The features in their order, and the limits by name."""
    written = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    return (
        [Feature(**feature) for feature in written["feature"]],
        {name: Limit(**limit) for name, limit in written["limit"].items()},
    )


def problems(
    features: Sequence[Feature], limits: Mapping[str, Limit], within: Path = REPOSITORY
) -> list[str]:
    """What is wrong with the rows, a sentence each; none where they are true."""
    return [
        *_of_names(features, within),
        *_of_cells(features, limits, contract(within)),
        *_of_limits(features, limits, within),
        *_of_verbs(features),
    ]


def _of_names(features: Sequence[Feature], within: Path) -> Iterator[str]:
    """Each test that is named is there, once, and runs."""
    rules = collected(*RULES, within=within)
    own = {platform: collected(*PLACES[platform], within=within) for platform in PLATFORMS}
    wanted = contract(within)
    runs = {platform: held_to_contract(platform, wanted, within) for platform in PLATFORMS}
    for each in features:
        for tests, names in ((rules, each.rules), *((own[p], each.own(p)) for p in PLATFORMS)):
            for name in names:
                if len(tests.of(name)) != 1:
                    yield f"{each.what}: {len(tests.of(name))} tests are called {name!r}"
                if name.rpartition(": ")[2] in tests.skipped:
                    yield f"{each.what}: {name!r} may be skipped"
        for name in each.contract:
            if name not in wanted.tests:
                yield f"{each.what}: the contract has no test {name!r}"
            for platform in PLATFORMS:
                if name in wanted.tests and name not in runs[platform]:
                    yield f"{each.what}: {platform} does not run {name!r} as the contract has it"
    named = {name for each in features for name in each.contract}
    yield from (f"no feature names the contract's {name!r}" for name in wanted.tests if name not in named)


def _of_cells(features: Sequence[Feature], limits: Mapping[str, Limit], wanted: Contract) -> Iterator[str]:
    """Each cell has a test that shows the feature there, or a limit of that platform."""
    for each in features:
        told = {limits[name].platform for name in each.limits if name in limits}
        for platform in PLATFORMS:
            shown = [*each.own(platform), *(name for name in each.contract if name not in wanted.lenient)]
            if each.nowhere and (shown or told):
                yield f"{each.what}: it is nowhere and yet on {platform}"
            if not each.nowhere and not shown and platform not in told:
                yield f"{each.what}: nothing shows it on {platform}"


def _of_limits(features: Sequence[Feature], limits: Mapping[str, Limit], within: Path) -> Iterator[str]:
    """Each limit is named somewhere and can be read about: on the platform's own pages, or here."""
    pages = {"slack": "https://docs.slack.dev/", "discord": "https://docs.discord.com/developers/"}
    named = {name for each in features for name in each.limits}
    yield from (f"there is no limit {name!r}" for name in named - limits.keys())
    for name, limit in limits.items():
        if name not in named:
            yield f"no feature names the limit {name!r}"
        if limit.platform == "playground":
            documented = (within / limit.address).is_file()
        else:
            documented = limit.address.startswith(pages[limit.platform])
        if not documented:
            yield f"{name}: {limit.address} is no page of {limit.platform}"


def _of_verbs(features: Sequence[Feature]) -> Iterator[str]:
    """Each command there is stands in a row, and what is nowhere is no command."""
    there = {f"{command} {verb.name}".strip() for command, verbs in COMMANDS.items() for verb in verbs}
    rows = {verb: each for each in features for verb in each.verbs}
    yield from (f"no feature names /{verb}" for verb in there - rows.keys())
    for verb, each in rows.items():
        if each.nowhere == (verb in there):
            yield f"{each.what}: /{verb} is {'there' if each.nowhere else 'no command'}"


def page(features: Sequence[Feature], limits: Mapping[str, Limit]) -> str:
    """The page, as it stands in the docs."""
    rules = collected(*RULES)
    own = {platform: collected(*PLACES[platform]) for platform in PLATFORMS}
    wanted = contract()

    def cell(each: Feature, platform: Platform) -> str:
        if each.nowhere:
            return "not yet"
        told = [_sentence(limits[name]) for name in each.limits if limits[name].platform == platform]
        shown = _links({name: own[platform].of(name) for name in each.own(platform)})
        if any(name not in wanted.lenient for name in each.contract):
            shown.append("contract")
        return "; ".join([*told, ", ".join(shown)] if shown else told)

    lines = []
    for each in features:
        everywhere = {name: rules.of(name) for name in each.rules}
        everywhere |= {name: [wanted.tests[name]] for name in each.contract}
        cells = [", ".join(_links(everywhere)) or "—", *(cell(each, platform) for platform in PLATFORMS)]
        lines.append(f"| {each.where} | {each.what} | {' | '.join(cells)} |\n")
    return INTRODUCTION.format(anew=ANEW) + "".join(lines)


def _sentence(limit: Limit) -> str:
    address = limit.address if "://" in limit.address else f"../{limit.address}"
    return f"{limit.says} ([limit]({address}))"


def _links(named: Mapping[str, Sequence[Path]]) -> list[str]:
    """One link a file, titled with the tests in it."""
    by_file: dict[Path, list[str]] = defaultdict(list)
    for name, paths in named.items():
        for path in paths[:1]:
            by_file[path].append(name.rpartition(": ")[2].replace("_", " "))
    return [
        f'[{_subject(path)}](../{path.relative_to(REPOSITORY).as_posix()} "{"; ".join(names)}")'
        for path, names in by_file.items()
    ]


def _subject(path: Path) -> str:
    """What a file of tests is about, in the words of its name."""
    subject = path.stem.removeprefix("test_")
    for platform in PLATFORMS:
        subject = subject.removesuffix(f"_on_{platform}")
    return subject.replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(*rows()), encoding="utf-8")
