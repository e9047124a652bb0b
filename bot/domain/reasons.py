"""A round's groups as a plan in which each member is told why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from bot.domain.pairs import Bye, Group, History, Pair, Partner, Plan, Reason, SoftRule, Why, Wishes, pair


def explained(
    groups: Iterable[Collection[int]],
    left: Sequence[int],
    present: Sequence[int],
    wishes: Wishes,
    *,
    turns: int,
    pairs: bool,
) -> Plan:
    """The plan of these groups, with reasons; `left` are those in none, first the `turns` whose turn it is."""
    made = []
    for group in groups:
        trio = pairs and len(group) > 2
        reasons = {each: _reason(each, group, present, wishes, trio=trio) for each in sorted(group)}
        made.append(Group(tuple(reasons), reasons))
    byes = [
        Bye(member, "turn", Reason(Why.BYE_TURN))
        if at < turns
        else Bye(member, "no_match", Reason(Why.NO_MATCH_LEFT))
        for at, member in enumerate(left)
    ]
    return Plan(
        tuple(sorted(made, key=lambda each: each.members)), tuple(sorted(byes, key=lambda each: each.member))
    )


def _reason(
    member: int, group: Collection[int], present: Sequence[int], wishes: Wishes, *, trio: bool
) -> Reason:
    history = wishes.history
    partners = [
        Partner(each, _why(pair(member, each), history), history.last.get(pair(member, each)))
        for each in sorted(group)
        if each != member
    ]

    def elsewhere(is_better: Callable[[int], bool]) -> bool:
        return any(is_better(x) and x not in group and wishes.allowed(member, x) for x in present)

    rules: list[SoftRule] = []
    again = [each for each in partners if each.why is Why.LONGEST_SINCE]
    last = max((each.last for each in again if each.last is not None), default=-1)
    whys = {each.why for each in partners}
    if whys != {Why.NEVER_INTRODUCED} and elsewhere(lambda x: x != member and wishes.never(member, x)):
        rules.append(SoftRule.NEVER_INTRODUCED)
    if Why.LONGEST_SINCE in whys:
        if elsewhere(lambda x: x != member and pair(member, x) in history.owed):
            rules.append(SoftRule.OWED_AGAIN)
        if elsewhere(lambda x: x != member and history.last.get(pair(member, x), last) < last):
            rules.append(SoftRule.LONGEST_SINCE)
    if any(wishes.hours(member, each.member) == 0 for each in partners) and elsewhere(
        lambda x: x != member and wishes.hours(member, x) > 0
    ):
        rules.append(SoftRule.OVERLAP)
    if any(not wishes.mixes(member, each.member) for each in partners) and elsewhere(
        lambda x: wishes.mixes(member, x)
    ):
        rules.append(SoftRule.MIX)
    why = Why.TRIO_BECAUSE_ODD if trio else min((each.why for each in partners), key=list(Why).index)
    return Reason(why, tuple(partners), tuple(rules))


def _why(who: Pair, history: History) -> Why:
    if who not in history.last:
        return Why.NEVER_INTRODUCED
    return Why.OWED_AGAIN if who in history.owed else Why.LONGEST_SINCE
