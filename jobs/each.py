"""One thing after another, so that one that fails takes no other's turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


async def each(items: Iterable[Item], do: Callable[[Item], Awaitable[object]]) -> None:
    """Do it for every item; what went wrong is raised at the end."""
    failures: list[Exception] = []
    for item in items:
        try:
            await do(item)
        except Exception as failure:  # noqa: BLE001 raised below, once the others have had their turn
            failures.append(failure)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup(f"{len(failures)} failed", failures)
