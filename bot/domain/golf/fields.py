"""Rounds from finite fields: lines of one slope are a round, and two lines cross once at most."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from bot.domain.golf import Blocks


def transversals(rows: int, length: int, *, most: int) -> list[Blocks]:
    """`length` rounds (`most` at most) of `length` groups with one of each row: two of one row never meet.

    Row i are the points i·length … (i+1)·length−1. This is a resolvable transversal design, from the field of
    `length` elements or, where there is none, from a product of fields (MacNeish, Euler squares, Annals of
    Mathematics 23, 1922; https://en.wikipedia.org/wiki/Mutually_orthogonal_Latin_squares). Empty if a prime
    power in `length` is less than `rows`: lines of different slopes would meet twice.
    """
    powers = prime_powers(length)
    if not powers or any(prime**exponent < rows for prime, exponent in powers):
        return []
    fields = [_Field.of(prime, exponent) for prime, exponent in powers]
    elements = list(product(*(range(field.size) for field in fields)))
    place = {element: at for at, element in enumerate(elements)}
    found = []
    for slope in elements[:most]:
        columns = []
        for row in range(rows):
            steps = [field.times(s, row) for field, s in zip(fields, slope, strict=True)]
            moved = product(
                *(
                    [field.added(a, step) for a in range(field.size)]
                    for field, step in zip(fields, steps, strict=True)
                )
            )
            columns.append([row * length + place[each] for each in moved])
        found.append(tuple(zip(*columns, strict=True)))
    return found


def prime_powers(number: int) -> list[tuple[int, int]]:
    """The prime powers whose product a positive number is, each as its prime and its exponent."""
    found: list[tuple[int, int]] = []
    prime = 2
    while number > 1:
        if prime * prime > number:
            prime = number
        exponent = 0
        while number % prime == 0:
            number //= prime
            exponent += 1
        if exponent:
            found.append((prime, exponent))
        prime += 1
    return found


class _Field:
    """The field of prime^exponent elements 0, 1, …: polynomials whose coefficients are an element's digits."""

    def __init__(self, prime: int, exponent: int) -> None:
        self.prime, self.exponent, self.size = prime, exponent, int(prime**exponent)
        self.powers = self._powers()
        self.logarithms = {element: at for at, element in enumerate(self.powers)}

    @staticmethod
    @lru_cache(maxsize=32)
    def of(prime: int, exponent: int) -> _Field:
        return _Field(prime, exponent)

    def added(self, a: int, b: int) -> int:
        return self._element([x + y for x, y in zip(self._digits(a), self._digits(b), strict=True)])

    def times(self, a: int, b: int) -> int:
        if not a or not b:
            return 0
        return self.powers[(self.logarithms[a] + self.logarithms[b]) % (self.size - 1)]

    def _digits(self, element: int) -> list[int]:
        return [element // self.prime**at % self.prime for at in range(self.exponent)]

    def _element(self, digits: list[int]) -> int:
        return sum(digit % self.prime * self.prime**at for at, digit in enumerate(digits))

    def _powers(self) -> list[int]:
        """1, x, x² … are all elements but 0, if x is a root of the right polynomial x^exponent = …: the first
        for which no power comes twice."""
        for first in range(1, self.size):
            root = self._digits(first)
            powers = [1]
            while (element := self._by_x(powers[-1], root)) != 1 and len(powers) < self.size:
                powers.append(element)
            if len(set(powers)) == self.size - 1:
                return powers
        raise AssertionError("every finite field has a primitive element")

    def _by_x(self, element: int, root: list[int]) -> int:
        digits = self._digits(element)
        return self._element(
            [lower + digits[-1] * each for lower, each in zip([0, *digits], root, strict=False)]
        )
