"""Puts intake together: `python -m cleanclaim.intake.main api | worker | migrate | openapi`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.intake import api, events_in, jobs, store
from cleanclaim.intake.settings import Settings

PARTS = ServiceParts(
    name="intake",
    title="Cleanclaim intake",
    summary="Who came, what was done, what is covered.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    jobs=jobs.JOBS,
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
