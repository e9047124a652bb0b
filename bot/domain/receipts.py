"""Receipts of anonymous answers: a code that only its holder has, how it is written, read, and kept as a hash."""

from __future__ import annotations

from hashlib import sha256
from random import Random

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U, which are mistaken for others
LENGTH = 16  # letters of five bits each: 80 bits, which nobody guesses
GROUP = 4
EXAMPLE = "K7QD-2M9X-40TB-HWZ3"

_LOOKS_LIKE = str.maketrans("ILO", "110", "-‐‑–—_.\u00ad")  # hyphens of every sort are only for the eye


def fresh(rng: Random) -> str:
    """A new code. `rng` has to be one that nobody can foretell: never one that follows from a team's seed."""
    return "".join(rng.choice(LETTERS) for _ in range(LENGTH))


def written(code: str) -> str:
    """The code as people read it: "K7QD-2M9X-40TB-HWZ3"."""
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def read(text: str) -> str | None:
    """The code that somebody typed, in whichever case and with whatever between its letters; None if it is none."""
    code = "".join(text.split()).upper().translate(_LOOKS_LIKE)
    return code if len(code) == LENGTH and all(letter in LETTERS for letter in code) else None


def hashed(code: str, question: int) -> str:
    """What is kept of a code: another hash for each question, so that one person's answers have nothing in common."""
    return sha256(f"{code}:{question}".encode()).hexdigest()
