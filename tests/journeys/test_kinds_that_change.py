"""A round ends as what it was opened, whatever the config makes of its ritual meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.db.engine import Sessions
from bot.db.models import Participation
from bot.domain.states import Participated
from tests.journeys import test_hosts, test_ring
from tests.journeys.test_hosts import ANNOUNCED, RETRO, announcement, host
from tests.journeys.test_ring import FRIDAY, TUESDAY, WEEK, assert_nobody_else_can_tell, rings
from tests.world import world

RING = test_ring.CONFIG.format(more="")
RING_AS_HOSTS = RING.replace('"ring"', '"host"\nrole = "facilitator"')
HOSTS = test_hosts.CONFIG.format(more="")
HOSTS_AS_RING = (
    HOSTS.replace('"host"', '"ring"')
    .replace('role = "facilitator"\n', "")
    .replace('announce_before = "1 day"\n', "")
)


async def test_a_ring_under_way_stays_one_and_names_nobody_as_a_host(
    sessions: Sessions, tmp_path: Path
) -> None:
    async with world(sessions, tmp_path, config=RING, now=FRIDAY) as acme:
        await acme.until(TUESDAY)
        [before] = await rings(acme)
        await acme.configure(RING_AS_HOSTS)
        assert "Thank you for looking after" in await acme.presses("ana", "Done")
        assert "Thank you for looking after" in await acme.says("ben", "/checkin done")
        for line in ("volunteer", "pass"):
            assert "No round of care is open" in await acme.says("dev", f"/checkin {line}")
        assert "6 January" not in await acme.says("dev", "/checkin hosts")
        assert "somebody else to look after you" in await acme.says("dev", "/checkin someone-else")
        [moved] = await rings(acme)
        await acme.says("chloe", "/checkin leave")
        assert "chloe" not in (await rings(acme))[0]
        await assert_nobody_else_can_tell(acme, before, moved)
        await acme.until(TUESDAY + WEEK)
        done = [row.what for row in await acme.rows(Participation)]
        assert (done.count(Participated.CHECKED_IN), done.count(Participated.HOSTED)) == (2, 0)
        assert "facilitator for care on Tuesday, 13 January" in acme.platform.within("C-general")[-1]


async def test_a_host_who_is_announced_stays_one_until_it_is_over(sessions: Sessions, tmp_path: Path) -> None:
    async with world(sessions, tmp_path, config=HOSTS, now=FRIDAY) as acme:
        await acme.until(ANNOUNCED)
        first = host(acme)
        await acme.configure(HOSTS_AS_RING)
        await acme.presses(first, "Pass")
        second = host(acme)
        assert second != first
        assert "facilitator for retro" in announcement(acme)
        await acme.says(second, "/checkin leave")
        third = host(acme)
        assert third not in (first, second)
        await acme.until(RETRO + timedelta(days=2))
        assert announcement(acme).startswith(f"{third.title()} was facilitator for retro")
        assert await acme.count(Participation, Participation.what == Participated.HOSTED) == 1
