"""Texts cut to a length, and addresses told from the sentence around them."""

from __future__ import annotations

_CLOSING = {")": "(", "]": "[", "}": "{"}


def cut(text: str, most: int) -> str:
    """At most so many characters; what was cut ends with "…", at the end of a word where one is near."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole_words = kept.rpartition(" ")[0]
    if text[most - 1] != " " and len(whole_words) >= most // 2:
        kept = whole_words
    return f"{kept.rstrip()}…"


def without_closing(address: str, *, marks: str) -> str:
    """The address without the punctuation (`marks`, and brackets opened before it) of the sentence that it ends."""
    while address:
        last = address[-1]
        if last in marks or (last in _CLOSING and address.count(last) > address.count(_CLOSING[last])):
            address = address[:-1]
        else:
            break
    return address
