"""What a service says when it cannot do what was asked: a sentence to the person who asked, and nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.messages import Say, Value
from bot.domain.phrasing import plain


class Sorry(Exception):
    """It cannot be done; `say` tells the asker what was wrong and what to do."""

    exit_status = 1

    def __init__(self, key: str, **values: Value | Say) -> None:
        self.say = Say(key, values)
        super().__init__(plain(self.say))


class Wrong(Exception):
    """A form was not filled in so that it can be accepted; a sentence for each field."""

    def __init__(self, errors: Mapping[str, Say]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors
