"""A member's own data as it is shown and exported: rows by kind, as parts of a message, as JSON, as CSV in a zip."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from bot.domain.messages import Part

Field = str | int | bool | None
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same rows make the same zip, whenever they are packed


@dataclass(frozen=True, slots=True)
class Row:
    """One row: how the member is shown it, and its fields in an export."""

    shown: tuple[Part, ...]
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind, newest first; `name` is what an export calls it, and `mydata.<name>` its title.

    `counted` False: how many there are is told to nobody, not even to the member themselves.
    """

    name: str
    rows: Sequence[Row]
    counted: bool = True


def as_json(kinds: Sequence[Kind], *, about: Mapping[str, Field]) -> bytes:
    """One document: who and when, then the rows by kind."""
    document = {**about, **{kind.name: [dict(row.fields) for row in kind.rows] for kind in kinds}}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def as_zip(kinds: Sequence[Kind]) -> bytes:
    """A zip with a CSV (UTF-8, a header, every word letter for letter) for each kind that has rows."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind in kinds:
            if kind.rows:
                info = zipfile.ZipInfo(f"{kind.name}.csv", LONG_AGO)
                info.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(info, _csv(kind))
    return made.getvalue()


def _csv(kind: Kind) -> str:
    text = StringIO(newline="")
    written = csv.DictWriter(text, fieldnames=list(kind.rows[0].fields))
    written.writeheader()
    written.writerows(dict(row.fields) for row in kind.rows)
    return text.getvalue()
