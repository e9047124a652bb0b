"""Every sentence the bot says: one catalogue a language, the files of `<language>/`, each read once.

A file is a subject. A key is `section.name`, whichever file it stands in. A value is a template with `{names}`, or a
table of plural forms (CLDR categories) chosen by the value called `count`.
https://cldr.unicode.org/index/cldr-spec/plural-rules
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en",)
Template = str | Mapping[str, str]


@cache
def catalogue(language: str) -> Mapping[str, Template]:
    """All sentences of a language by key; KeyError for a language there is no catalogue of, or a key said twice."""
    if language not in LANGUAGES:
        raise KeyError(f"there is no catalogue for {language!r}; there are: {', '.join(LANGUAGES)}")
    found: dict[str, Template] = {}
    for file in sorted(files(__name__).joinpath(language).iterdir(), key=lambda each: each.name):
        for section, sentences in tomllib.loads(file.read_text("utf-8")).items():
            for name, text in sentences.items():
                if (key := f"{section}.{name}") in found:
                    raise KeyError(f"{key} stands in the catalogue twice")
                found[key] = text
    return found


def template(key: str, *, count: int | None = None, language: str = "en") -> str:
    """The template of a sentence, in the plural form for `count` where it has several; KeyError if there is none."""
    found = catalogue(language)[key]
    if isinstance(found, str):
        return found
    if count is None:
        raise KeyError(f"{key} has plural forms, so it needs a count")
    return found.get(_plural_category(count, language), found["other"])


def _plural_category(count: int, language: str) -> str:
    if language == "en":
        return "one" if count == 1 else "other"
    from babel import Locale

    return str(Locale(language).plural_form(count))
