"""Puts denials together: `python -m cleanclaim.denials.main api | worker | migrate | openapi`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.denials import api, events_in, jobs, store
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
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
