"""Every sentence the bot says: one catalogue a language, `<language>.toml`, read once.

A key is `section.name`. A value is a template with `{names}`, or a table of plural forms (CLDR categories) chosen by
the value called `count`. https://cldr.unicode.org/index/cldr-spec/plural-rules
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
    """All sentences of a language by key; KeyError for a language there is no catalogue of."""
    if language not in LANGUAGES:
        raise KeyError(f"there is no catalogue for {language!r}; there are: {', '.join(LANGUAGES)}")
    document = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text("utf-8"))
    return {
        f"{section}.{name}": text
        for section, sentences in document.items()
        for name, text in sentences.items()
    }


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
