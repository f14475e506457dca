"""Puts remittance together: `python -m cleanclaim.remittance.main api | worker | migrate …`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import MailboxDoor, Measure, ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.chassis.telemetry import names
from cleanclaim.remittance import api, edi_in, events_in, queries, store
from cleanclaim.remittance.settings import Settings

PARTS = ServiceParts(
    name="remittance",
    title="Cleanclaim remittance",
    summary="What the payer answered: remittances, claim payments, provider adjustments.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    mailbox_doors=(MailboxDoor(takes=frozenset({"HP"}), accept=edi_in.take_file),),
    measures=(
        Measure(metric=names.HELD_REMITTANCES, ask=queries.held_count),
        Measure(metric=names.UNMATCHED_REMITTANCES, ask=queries.unmatched_count),
    ),
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
