"""What is kept in memory for a while."""

from __future__ import annotations

from adapters.kept import Kept


async def test_of_more_than_fit_the_oldest_is_forgotten() -> None:
    kept: Kept[str, int] = Kept(most=2, seconds=60)
    for number, name in enumerate(("a", "b", "c")):
        kept.put(name, number)
    assert [kept.get(name) for name in ("a", "b", "c")] == [None, 1, 2]


async def test_what_is_put_anew_is_the_newest() -> None:
    kept: Kept[str, int] = Kept(most=2, seconds=60)
    for name in ("a", "b", "a", "c"):
        kept.put(name, 1)
    assert [kept.get(name) for name in ("a", "b", "c")] == [1, None, 1]


async def test_nothing_is_kept_longer_than_it_is_of_use_or_once_it_was_dropped() -> None:
    over: Kept[str, int] = Kept(most=2, seconds=0)
    over.put("a", 1)
    assert over.get("a") is None
    kept: Kept[str, int] = Kept(most=2, seconds=60)
    kept.put("a", 1)
    kept.drop("a")
    assert kept.get("a") is None
