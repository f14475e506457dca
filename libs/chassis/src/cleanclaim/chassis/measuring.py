"""Looks at what nobody counts as it happens: queues, parked keys, open work, a service's own state.

Every worker looks at the queues; those with the role `jobs` go through the organizations as well.
Several workers then tell the same numbers, so dashboards and alerts take the largest of them.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from cleanclaim.chassis import outbox, telemetry
from cleanclaim.chassis.context import Measure, ServiceContext
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.telemetry import names
from cleanclaim.chassis.work_items import open_by_kind

ROUND_SECONDS = 15.0

log = logger(__name__)

Numbers = Mapping[tuple[str, ...], int]


class MeasureRound:
    """Sets the gauges of one process every quarter of a minute."""

    def __init__(
        self, context: ServiceContext, measures: Sequence[Measure], *, organizations: bool
    ) -> None:
        self._context = context
        self._measures = measures
        self._organizations = organizations

    async def run(self, stopping: asyncio.Event) -> None:
        """Measure until told to stop; a database that is away leaves the last numbers standing."""
        while not stopping.is_set():
            try:
                await self.measure()
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                log.event("measuring_waits", error_type=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS):
                    await stopping.wait()

    async def measure(self) -> None:
        """Look once at everything and set the gauges."""
        await self._measure_queues()
        if self._organizations:
            await self._measure_organizations()

    async def _measure_queues(self) -> None:
        room = self._context.workroom
        async with room.database.connect() as connection:
            waiting = await outbox.pending(connection, room.tables)
            parked = await connection.scalar(
                select(func.count()).select_from(room.tables.parked_keys)
            )
        telemetry.metrics.outbox_pending.labels(room.service).set(waiting)
        telemetry.metrics.parked_keys.labels(room.service).set(parked or 0)

    async def _measure_organizations(self) -> None:
        room = self._context.workroom
        items: Counter[tuple[str, ...]] = Counter()
        found: dict[str, Counter[tuple[str, ...]]] = {}
        for measure in self._measures:
            found[measure.metric.name] = Counter(dict.fromkeys(measure.always, 0))
        for organization in await room.organizations():
            async with room.reading(organization["id"]) as work:
                for kind, count in (await open_by_kind(work)).items():
                    items[(room.service, kind)] += count
                for measure in self._measures:
                    found[measure.metric.name].update(await measure.ask(work))
        show(names.WORK_ITEMS_OPEN, items)
        for measure in self._measures:
            show(measure.metric, found[measure.metric.name])


def show(metric: names.Metric, numbers: Numbers) -> None:
    """Set a gauge to these numbers by its labels' values, and to nothing else."""
    gauge = telemetry.metrics.gauge_of(metric)
    if not metric.labels:
        gauge.set(sum(numbers.values()))
        return
    # without a pause between, so that no scrape sees it half filled
    gauge.clear()
    for labels, number in numbers.items():
        gauge.labels(*labels).set(number)
