"""The doors of a service in a process of their own: facts told evenly, one a transaction."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from floors import ORGANIZATION
from small_service import METADATA, NAME, a_payer

from cleanclaim.chassis.db import Database
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.work import Workroom

TELLERS = 8
"""Requests that tell at the same time."""


def tell_evenly(database_url: str, told: Sequence[UUID], rate: int) -> float:
    """Tell a fact of each payer, `rate` a second or as many as go; how many a second it were."""
    return asyncio.run(_tell(database_url, told, rate))


async def _tell(database_url: str, told: Sequence[UUID], rate: int) -> float:
    database = Database(database_url, application="benchmark", pool_size=TELLERS)
    room = Workroom(service=NAME, database=database, runtime=SystemRuntime(), metadata=METADATA)
    started = time.perf_counter()

    async def teller(first: int) -> None:
        for number in range(first, len(told), TELLERS):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            async with room.work(ORGANIZATION) as work:
                work.tell(a_payer(told[number]))

    await asyncio.gather(*map(teller, range(TELLERS)))
    took = time.perf_counter() - started
    await database.close()
    return len(told) / took
