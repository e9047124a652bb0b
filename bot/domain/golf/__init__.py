"""Seasons of larger groups: rounds in which no two people are together twice, the *social golfer problem*.

See https://www.csplib.org/Problems/prob010. A round is written as its groups of points, 0, 1, …, to which a
season deals out its members.
"""

from typing import Literal

Odd = Literal["trio", "bye"]  # the rule for who is over: a group one longer or shorter, or to sit out
Blocks = tuple[tuple[int, ...], ...]
