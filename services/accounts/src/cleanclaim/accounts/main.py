"""Puts accounts together: `python -m cleanclaim.accounts.main api | worker | migrate | openapi`."""

import sys
from pathlib import Path

from cleanclaim.accounts import api, events_in, store
from cleanclaim.accounts.settings import Settings
from cleanclaim.chassis.context import ServiceParts
from cleanclaim.chassis.entry import run

PARTS = ServiceParts(
    name="accounts",
    title="Cleanclaim accounts",
    summary="What each account owes, and why: the keeper of the book.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
