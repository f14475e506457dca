"""Prepares a submission: the file of claims that are still clean, kept sealed before it goes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cleanclaim.chassis import raw_files
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.claims import edi_out
from cleanclaim.claims.commands.building import build_one, directory_for, keep_built
from cleanclaim.claims.commands.directory import ssns_of
from cleanclaim.claims.commands.local_days import local_time, time_zone_of
from cleanclaim.claims.domain import numbers
from cleanclaim.claims.domain.directory import usage_for
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.domain.states import ClaimState, moved
from cleanclaim.claims.edi_out import FileHead, Sending
from cleanclaim.claims.store import claims, directory, submissions
from cleanclaim.claims.store.claims import BuiltClaim, KeptClaim
from cleanclaim.x12 import Unwritable

Encounters = Mapping[tuple[UUID, int], EncounterVersion]
MOST_CLAIMS_PER_SET = 5_000
"""005010X222A1 1.4.1 recommends no more CLM segments in one ST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The claims that shall go through one connection, with all that was read for them."""

    connection_id: UUID | None
    claim_ids: Sequence[UUID]
    encounters: Encounters
    prepared_at: datetime
    claims_per_set: int = MOST_CLAIMS_PER_SET


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A submission whose file is written and kept, ready to be handed over."""

    submission_id: UUID
    connection: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Passed:
    """A claim that passed the edits now, and the pieces that it is written from."""

    built: BuiltClaim
    sending: Sending


async def prepare_submission(work: Work, *, vault: Vault, batch: Batch) -> Prepared | None:
    """Write the file of those claims that are still clean, and bind them to it.

    The edits run again, for time has passed and the directory may have changed: what no longer
    passes is held. None where nothing is left to send.
    """
    row = None
    if batch.connection_id is not None:
        row = await directory.connection_of(work, batch.connection_id, for_update=True)
    passed = await _passing(work, vault, batch)
    if row is None or not passed:
        return None
    head = await _head(work, row, batch)
    passed, content = await _written(work, passed, head)
    if not passed:
        return None
    await directory.take_control_numbers(work, row["id"], head.interchange, head.group)
    kept = await raw_files.keep(
        work, vault, kind="837P", content=content, source=f"mailbox:{row['name']}"
    )
    prepared = Prepared(
        submission_id=work.runtime.new_id(),
        connection=row["name"],
        file_name=f"837P_{head.interchange:09d}.x12",
        content=content,
    )
    submission = {
        "id": prepared.submission_id,
        "connection_id": row["id"],
        "status": "prepared",
        "usage": head.usage,
        "interchange_control_number": f"{head.interchange:09d}",
        "group_control_number": str(head.group),
        "file_name": prepared.file_name,
        "raw_file_id": kept.id,
        "prepared_at": batch.prepared_at,
    }
    await _bind(work, submission, [one.sending for one in passed], batch.claims_per_set)
    return prepared


async def _head(work: Work, row: Mapping[Any, Any], batch: Batch) -> FileHead:
    organization = await directory.organization(work)
    return FileHead(
        interchange=numbers.following(row["last_interchange"]),
        group=numbers.following(row["last_group"]),
        usage=usage_for(organization["environment"] if organization else "test", None),
        prepared_at=await local_time(work, at=batch.prepared_at),
        claims_per_set=batch.claims_per_set,
    )


async def _bind(
    work: Work, submission: dict[str, Any], sendings: Sequence[Sending], claims_per_set: int
) -> None:
    """Keep the submission with the sets of its file, and the place of each claim in them.

    The sets are filled in order, each to the brim.
    """
    places = {
        one.claim.claim_id: (one.claim.version, f"{place // claims_per_set + 1:04d}")
        for place, one in enumerate(sendings)
    }
    sets = sorted({set_number for _, set_number in places.values()})
    counted = {
        "sets": [{"control_number": one, "status": "sent"} for one in sets],
        "claim_count": len(sendings),
        "total_charge_cents": sum(one.claim.total_charge_cents for one in sendings),
    }
    await submissions.add_submission(work, submission | counted, places)


async def _written(
    work: Work, passed: Sequence[_Passed], head: FileHead
) -> tuple[list[_Passed], bytes]:
    """The file, without claims that it cannot say; those are held. Empty where none is left."""
    try:
        return list(passed), await _file(passed, head)
    except Unwritable:
        findings = [(one, edi_out.unwritable(one.sending, on=head.prepared_at)) for one in passed]
    await keep_built(
        work,
        built=[
            replace(
                one.built,
                state=moved(one.built.state, ClaimState.HELD),
                findings=(*one.built.findings, *found),
            )
            for one, found in findings
            if found
        ],
    )
    good = [one for one, found in findings if not found]
    return good, await _file(good, head) if good else b""


async def _file(passed: Sequence[_Passed], head: FileHead) -> bytes:
    # in a thread: a file of thousands of claims takes seconds, and the broker wants a heartbeat
    return await asyncio.to_thread(edi_out.write_file, [one.sending for one in passed], head)


async def _still_clean(work: Work, batch: Batch) -> list[KeptClaim]:
    kept = await claims.claims_with(work, batch.claim_ids, skip_locked=True)
    return [
        one
        for one in kept.values()
        if one.state is ClaimState.CLEAN
        and not one.is_on_its_way
        and (one.encounter_id, one.encounter_version) in batch.encounters
    ]


async def _passing(work: Work, vault: Vault, batch: Batch) -> list[_Passed]:
    """The claims that pass and go through the batch's connection, in the order of the file."""
    waiting = await _still_clean(work, batch)
    read = {one.claim_id: batch.encounters[one.encounter_id, one.encounter_version]
            for one in waiting}  # fmt: skip
    known = await directory_for(work, encounters=read.values())
    rows = await claims.versions_of(work, [(one.claim_id, one.current_version) for one in waiting])
    ssns = await ssns_of(work, vault=vault, known=known)
    zone = await time_zone_of(work)
    passed, changed = [], []
    for one in waiting:
        row = rows[one.claim_id, one.current_version]
        built = build_one(
            read[one.claim_id],
            number=one.number,
            version=one.current_version,
            known=known,
            zone=zone,
            built_at=batch.prepared_at,
            try_writing=False,
        )
        built = replace(
            built, cause=row["cause"], newest_encounter_version=one.newest_encounter_version
        )
        sending = edi_out.sending_of(built.claim, read[one.claim_id], known, ssns=ssns)
        if built.state is ClaimState.CLEAN and sending is not None:
            passed.append(_Passed(built, sending))
        if built.state is ClaimState.HELD or built.claim != claims.read_version(row):
            changed.append(built)
    await keep_built(work, built=changed)
    through = batch.connection_id
    mine = [one for one in passed if one.sending.connection.connection_id == through]
    return sorted(mine, key=lambda one: one.sending.order())
