"""What a service says when it cannot do what was asked: a sentence to the person who asked, and nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.messages import Form, Say, Value


class Sorry(Exception):
    """It cannot be done; `say` tells the asker what was wrong and what to do."""

    def __init__(self, key: str, **values: Value | Say) -> None:
        super().__init__(key)
        self.say = Say(key, values)


class Wrong(Exception):
    """A form was not filled in so that it can be accepted; a sentence for each field."""

    def __init__(self, errors: Mapping[str, Say]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class NeedsForm(Exception):
    """There is more to know before it can be done: this form asks for it."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.action)
        self.form = form
