"""Puts reconcile together: `python -m cleanclaim.reconcile.main api | worker | migrate`."""

import sys
from pathlib import Path

from cleanclaim.chassis.context import MailboxDoor, Measure, ServiceParts
from cleanclaim.chassis.entry import run
from cleanclaim.chassis.telemetry import names
from cleanclaim.reconcile import api, edi_in, events_in, jobs, queries, store
from cleanclaim.reconcile.domain.variance import VarianceKind
from cleanclaim.reconcile.settings import Settings

_KINDS = [(kind.value,) for kind in VarianceKind]

PARTS = ServiceParts(
    name="reconcile",
    title="Cleanclaim reconcile",
    summary="Whether the money came, and whether it was the right money.",
    metadata=store.METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(api.router,),
    subscriptions=events_in.SUBSCRIPTIONS,
    jobs=jobs.JOBS,
    mailbox_doors=(MailboxDoor(takes=frozenset({"BAI2"}), accept=edi_in.take_file),),
    measures=(
        Measure(metric=names.VARIANCES_OPEN, ask=queries.open_variances, always=_KINDS),
        Measure(metric=names.VARIANCE_CENTS_OPEN, ask=queries.open_variance_cents, always=_KINDS),
    ),
    append_only=store.APPEND_ONLY,
)

if __name__ == "__main__":
    sys.exit(run(PARTS))
