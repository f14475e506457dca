"""Hands clean claims over: the one sequence of several transactions, safe to break off anywhere.

Prepared with its file (committed), put into the mailbox, then marked as sent and told (committed).
The doors that start it hand in what it must ask of the world; it calls out only between
transactions.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.context import ServiceContext
from cleanclaim.chassis.mailbox import FolderMailbox
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Workroom
from cleanclaim.claims.commands.preparing import (
    MOST_CLAIMS_PER_SET,
    Batch,
    Encounters,
    Prepared,
    prepare_submission,
)
from cleanclaim.claims.commands.submitting import finish_submission, prepared_before
from cleanclaim.claims.store import submissions
from cleanclaim.values.errors import Unavailable

CLAIMS_PER_FILE = 5_000

ReadEncounters = Callable[[Iterable[tuple[UUID, int]]], Awaitable[Encounters]]
Put = Callable[[str, str, bytes], Awaitable[None]]
"""Hands a file over, once however often it is asked: connection, file name, content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One organization's way out."""

    organization_id: UUID
    workroom: Workroom
    vault: Vault
    read_encounters: ReadEncounters
    put: Put
    principal: Principal | None = None
    claims_per_set: int = MOST_CLAIMS_PER_SET


class MailboxNotConfigured(Unavailable):
    """The service was started without the folder that files are handed over in."""


def way_out(
    context: ServiceContext, organization_id: UUID, principal: Principal | None = None
) -> Dispatch:
    """The way out of one organization in a running service: its mailboxes, and intake to ask.

    Raises:
        MailboxNotConfigured: there is no folder to put files into.
    """
    root = context.settings.mailbox_root
    if root is None:
        raise MailboxNotConfigured(
            "This service has no mailbox folder.", fix="Set CLEANCLAIM_CLAIMS_MAILBOX_ROOT."
        )

    async def read(wanted: Iterable[tuple[UUID, int]]) -> Encounters:
        found: Encounters = await context.partners.encounter_versions(organization_id, wanted)
        return found

    async def put(connection: str, name: str, content: bytes) -> None:
        await FolderMailbox(root / str(organization_id) / connection).put(name, content)

    return Dispatch(
        organization_id=organization_id,
        workroom=context.workroom,
        vault=context.vault,
        read_encounters=read,
        put=put,
        principal=principal,
        claims_per_set=getattr(context.settings, "claims_per_set", MOST_CLAIMS_PER_SET),
    )


async def send_clean_claims(
    dispatch: Dispatch, *, claim_ids: Sequence[UUID] | None = None
) -> list[UUID]:
    """Finish what was begun, then send all clean claims (or those named); the submissions' ids.

    Raises:
        Unavailable: intake or the mailbox does not answer; the next run goes on from there.
    """
    sent = await finish_prepared(dispatch)
    tried: set[UUID] = set()
    while True:
        batch = await _next_batch(dispatch, claim_ids, tried)
        if not batch:
            return sent
        for connection_id, waiting in batch.items():
            tried |= set(waiting)
            prepared = await _prepare(dispatch, connection_id, waiting)
            if prepared is not None:
                await _hand_over(dispatch, prepared)
                sent.append(prepared.submission_id)


async def finish_prepared(dispatch: Dispatch) -> list[UUID]:
    """Hand over what an interrupted run had prepared; its file may be there already."""
    async with dispatch.workroom.work(dispatch.organization_id) as work:
        waiting = await prepared_before(work, vault=dispatch.vault)
    for prepared in waiting:
        await _hand_over(dispatch, prepared)
    return [prepared.submission_id for prepared in waiting]


async def _next_batch(
    dispatch: Dispatch, claim_ids: Sequence[UUID] | None, tried: set[UUID]
) -> dict[UUID | None, dict[UUID, tuple[UUID, int]]]:
    """Claims that wait, by connection: claim → (encounter, version)."""
    async with dispatch.workroom.reading(dispatch.organization_id) as work:
        rows = await submissions.clean_claims(
            work, claim_ids=claim_ids, limit=CLAIMS_PER_FILE + len(tried)
        )
    batch: dict[UUID | None, dict[UUID, tuple[UUID, int]]] = {}
    for row in rows:
        if row["id"] not in tried:
            waiting = batch.setdefault(row["connection_id"], {})
            waiting[row["id"]] = (row["encounter_id"], row["encounter_version"])
    return batch


async def _prepare(
    dispatch: Dispatch, connection_id: UUID | None, waiting: dict[UUID, tuple[UUID, int]]
) -> Prepared | None:
    encounters = await dispatch.read_encounters(waiting.values())
    async with dispatch.workroom.work(
        dispatch.organization_id, principal=dispatch.principal
    ) as work:
        batch = Batch(
            connection_id=connection_id,
            claim_ids=list(waiting),
            encounters=encounters,
            prepared_at=work.now,
            claims_per_set=dispatch.claims_per_set,
        )
        return await prepare_submission(work, vault=dispatch.vault, batch=batch)


async def _hand_over(dispatch: Dispatch, prepared: Prepared) -> None:
    await dispatch.put(prepared.connection, prepared.file_name, prepared.content)
    dispatch.workroom.runtime.fail_point(FailPoint.SUBMISSION_AFTER_PUT)
    async with dispatch.workroom.work(
        dispatch.organization_id, principal=dispatch.principal
    ) as work:
        await finish_submission(work, submission_id=prepared.submission_id, sent_at=work.now)
