"""Puts denials together: `python -m cleanclaim.denials.main api | worker | migrate | openapi`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import Measure, ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.chassis.telemetry import names
from cleanclaim.denials import api, events_in, jobs, queries, store
from cleanclaim.denials.domain.status import Status
from cleanclaim.denials.settings import Settings

PARTS = ServiceParts(
    name="denials",
    title="Cleanclaim denials",
    summary="Why it was refused, and what we do about it.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    jobs=jobs.JOBS,
    measures=(
        Measure(
            metric=names.DENIALS_IN_STATUS,
            ask=queries.cases_by_status,
            always=[(status.value,) for status in Status],
        ),
    ),
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
