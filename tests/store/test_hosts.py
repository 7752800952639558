from __future__ import annotations

from bot.store.database import Database
from bot.store.hosts import Hosts


async def test_a_server_has_no_host_role_until_one_is_named(database: Database) -> None:
    hosts = Hosts(database)

    assert await hosts.role(11) is None
    await hosts.set_role(11, "Tuesday Readers", 501)
    assert await hosts.role(11) == 501
    assert await hosts.role(12) is None


async def test_the_host_role_can_be_changed_and_taken_back(database: Database) -> None:
    hosts = Hosts(database)
    await hosts.set_role(11, "Tuesday Readers", 501)

    await hosts.set_role(11, "Tuesday Readers", 502)
    assert await hosts.role(11) == 502
    await hosts.set_role(11, "Tuesday Readers", None)
    assert await hosts.role(11) is None
