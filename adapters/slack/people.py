"""Who somebody is on Slack: their name, zone, kind of account and times away, kept in memory and current by events."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Any

from adapters.slack.calling import Api
from bot.ports import Away, NeedsAdmin, Profile, Unreachable

FRESH = 6 * 3600.0  # seconds for which what was read is believed, events aside
NEVER = -inf  # when it was read, of what is not believed; the loop's clock may have begun just now
FEW = 30  # people who are asked about one by one; more are read with everybody in the workspace
AT_ONCE = 5  # questions under way
SLACKBOT = "USLACKBOT"  # Slack itself: it writes to the bot when somebody takes it out of a channel
DND_AT_ONCE = 50  # https://docs.slack.dev/reference/methods/dnd.teamInfo

AWAY_EMOJI = frozenset(
    {
        *("palm_tree", "desert_island", "beach_with_umbrella", "umbrella_on_ground", "airplane"),
        *("airplane_departure", "island", "camping", "snow_capped_mountain", "skier"),
        *("face_with_thermometer", "thermometer", "sick", "sneezing_face", "mask", "face_with_head_bandage"),
        *("hospital", "ambulance", "pill", "baby", "baby_bottle", "no_entry", "no_entry_sign", "zzz"),
    }
)
"""Statuses that say "not here": Slack's own for holidays and illness, and those that people use alike."""

AWAY_WORDS = re.compile(
    r"\b(away|out of (the )?office|ooo|on (a )?(holiday|vacation|leave|sabbatical|parental leave)|vacation(ing)?|"
    r"holidays?|annual leave|parental leave|sick( leave)?|out sick|off sick|ill|pto|time off|day off|"
    r"urlaub|krank|abwesend|elternzeit|vacances|congés?|malade|absent[e]?|vacaciones|ausente|enfermo|enferma|"
    r"ferie|malattia|férias)\b",
    re.IGNORECASE,
)
"""The same in words: "Out of office until Monday"."""

User = Mapping[str, Any]

KEPT = (
    *("id", "team_id", "enterprise_user", "name", "real_name", "tz", "locale", "updated"),
    *("deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted"),
    *("is_admin", "is_owner", "is_primary_owner"),
)
KEPT_OF_PROFILE = ("display_name", "real_name", "status_emoji", "status_text", "status_expiration")
"""What is kept in memory of a person, of whom Slack tells much more. There may be many."""


class People:
    """The people of one workspace, `team`; asked for by id, read from Slack where they are not known or no longer."""

    def __init__(self, api: Api, *, team: str) -> None:
        self._api = api
        self._team = team
        self._users: dict[str, tuple[User, float]] = {}
        self._dnd: dict[str, tuple[Away | None, float]] = {}
        self._asked_for: set[str] = set()  # who is in a channel that somebody asked about

    def concerns(self, account: str) -> bool:
        """Whether a change of this person matters to anybody who asked so far."""
        return account in self._asked_for

    def known(self, account: str) -> Profile | None:
        """The person, if that can be told without asking Slack."""
        held = self._users.get(account)
        return self._profile(held[0]) if held else None

    def name(self, account: str) -> str | None:
        """Their name, if that can be told without asking Slack."""
        held = self._users.get(account)
        return name_of(held[0]) if held else None

    def is_gone(self, account: str) -> bool:
        """Whether they are known to have been deactivated."""
        held = self._users.get(account)
        return held is not None and bool(held[0].get("deleted"))

    def doubt(self) -> None:
        """Believe nothing that was read before: events may have been missed."""
        self._users = {account: (user, NEVER) for account, (user, _) in self._users.items()}
        self._dnd = {account: (away, NEVER) for account, (away, _) in self._dnd.items()}

    def forget(self, account: str) -> None:
        """Believe nothing that was read of this person."""
        self._users.pop(account, None)

    def learn(self, user: User) -> bool:
        """Take in a person as an event brings them; whether they are another than before."""
        account = str(user.get("id") or "")
        before = self._users.get(account)
        if not account or (before is not None and float(user.get("updated") or 0) < _updated(before[0])):
            return False
        if before is not None and "locale" not in user:
            user = {**user, "locale": before[0].get("locale")}
        self._users[account] = kept(user), _now()
        return before is None or self._seen(before[0]) != self._seen(user)

    def learn_dnd(self, account: str, told: Mapping[str, Any]) -> bool:
        """Take in somebody's *do not disturb* as an event brings it; whether it is another than before."""
        before = self._dnd.get(account)
        self._dnd[account] = dnd_of(told), _now()
        return before is None or before[0] != self._dnd[account][0]

    async def profile(self, account: str) -> Profile | None:
        """One person, or None where Slack knows nobody of that id."""
        found = await self._users_of([account])
        return self._profile(found[account]) if account in found else None

    async def profiles(self, accounts: Sequence[str], *, with_dnd: bool = True) -> list[Profile]:
        """These people in their order, without those who are gone or belong to another organisation."""
        self._asked_for.update(accounts)
        found = await self._users_of(accounts)
        here = [a for a in accounts if a in found and not self._is_stranger(found[a])]
        here = [a for a in here if not found[a].get("deleted")]
        if with_dnd:
            await self._read_dnd([a for a in here if not found[a].get("is_bot")])
        return [self._profile(found[a]) for a in here]

    async def is_stranger(self, account: str, *, team: str | None = None) -> bool:
        """Whether they are of another organisation, met in a shared channel; `team` is where an event says they are."""
        if team == self._team:
            return False
        user = (await self._users_of([account])).get(account)
        return user is None or self._is_stranger(user)

    def _seen(self, user: User) -> tuple[object, ...]:
        return self._profile(user), bool(user.get("deleted")), self._is_stranger(user)

    def _is_stranger(self, user: User) -> bool:
        if user.get("is_stranger"):
            return True
        team = user.get("team_id") or self._team
        grid = (user.get("enterprise_user") or {}).get("teams") or ()
        return team != self._team and self._team not in grid

    async def _users_of(self, accounts: Iterable[str]) -> dict[str, User]:
        """Slack's documents of people; who is not in the answer is nobody."""
        wanted = list(dict.fromkeys(accounts))
        fresh_from = _now() - FRESH
        old = [a for a in wanted if a not in self._users or self._users[a][1] < fresh_from]
        if len(old) > FEW:
            await self._read_everybody()
            old = [a for a in old if a not in self._users or self._users[a][1] < fresh_from]
        limit = asyncio.Semaphore(AT_ONCE)

        async def ask(account: str) -> None:
            async with limit:
                try:
                    answer = await self._api.read("users.info", user=account, include_locale=True)
                except Unreachable:  # gone for good, or never there
                    self._users.pop(account, None)
                    return
            self._users[account] = kept(answer["user"]), _now()

        await asyncio.gather(*map(ask, old))
        return {a: self._users[a][0] for a in wanted if a in self._users}

    async def _read_everybody(self) -> None:
        async for user in self._api.pages("users.list", "members", include_locale=True):
            self._users[user["id"]] = kept(user), _now()

    async def _read_dnd(self, accounts: Sequence[str]) -> None:
        if "dnd:read" not in self._api.scopes:
            return
        fresh_from = _now() - FRESH
        old = [a for a in accounts if a not in self._dnd or self._dnd[a][1] < fresh_from]
        for start in range(0, len(old), DND_AT_ONCE):
            some = old[start : start + DND_AT_ONCE]
            try:
                answer = await self._api.read("dnd.teamInfo", users=",".join(some))
            except NeedsAdmin as refused:
                if refused.scope == "workspace":
                    raise
                return  # the permission was taken away: then nobody is away by it
            told = answer.get("users") or {}
            for account in some:
                self._dnd[account] = dnd_of(told.get(account) or {}), _now()

    def _profile(self, user: User) -> Profile:
        dnd = self._dnd.get(str(user["id"]), (None, NEVER))[0]
        away = [found for found in (status_of(user), dnd) if found is not None]
        return Profile(
            id=str(user["id"]),
            name=name_of(user),
            timezone=user.get("tz") or None,
            locale=str(user.get("locale") or "en").replace("_", "-"),
            is_bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
            away=tuple(away),
        )


def kept(user: User) -> User:
    """What the bot has a use for of Slack's document of a person."""
    profile = user.get("profile") or {}
    of_profile = {name: profile[name] for name in KEPT_OF_PROFILE if name in profile}
    return {"profile": of_profile} | {name: user[name] for name in KEPT if name in user}


def name_of(user: User) -> str:
    """What colleagues see: the display name, else the full name, else the account's."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((str(name).strip() for name in names if name and str(name).strip()), str(user.get("id", "")))


def status_of(user: User) -> Away | None:
    """The time away that somebody's status tells of: now, and until it expires.

    https://docs.slack.dev/apis/web-api/user-presence-and-status
    """
    profile = user.get("profile") or {}
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]
    if emoji not in AWAY_EMOJI and not AWAY_WORDS.search(str(profile.get("status_text") or "")):
        return None
    expires = profile.get("status_expiration") or 0
    return Away("status", until=_instant(expires) if expires else None)


def dnd_of(told: Mapping[str, Any]) -> Away | None:
    """The next (or present) stretch of *do not disturb*, as Slack tells it.

    https://docs.slack.dev/reference/methods/dnd.teamInfo
    """
    start, end = told.get("next_dnd_start_ts") or 0, told.get("next_dnd_end_ts") or 0
    if not told.get("dnd_enabled") or end <= start or end <= 1:
        return None
    return Away("dnd", since=_instant(start), until=_instant(end))


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _updated(user: User) -> float:
    return float(user.get("updated") or 0)


def _now() -> float:
    return asyncio.get_running_loop().time()
