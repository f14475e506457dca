"""Puts claims together: `python -m cleanclaim.claims.main api | worker | migrate | openapi`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import MailboxDoor, Measure, ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.chassis.telemetry import names
from cleanclaim.claims import api, edi_in, events_in, jobs, partners, queries, store
from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.claims.settings import Settings

PARTS = ServiceParts(
    name="claims",
    title="Cleanclaim claims",
    summary="What we ask to be paid, and whether it arrived.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    jobs=jobs.JOBS,
    mailbox_doors=(MailboxDoor(takes=edi_in.KINDS, accept=edi_in.take_file),),
    measures=(
        Measure(
            metric=names.CLAIMS_IN_STATE,
            ask=queries.claims_by_state,
            always=[(state.value,) for state in ClaimState],
        ),
    ),
    partners=partners.make,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
