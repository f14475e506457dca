"""Makes a submission of clean claims: prepared with its file first, marked as sent after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cleanclaim.chassis import audit, raw_files
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.claims import edi_out, events_out
from cleanclaim.claims.commands.building import build_one, directory_for, keep_built
from cleanclaim.claims.commands.directory import ssns_of
from cleanclaim.claims.commands.local_days import local_time, time_zone_of
from cleanclaim.claims.commands.threads import story_of
from cleanclaim.claims.domain import numbers
from cleanclaim.claims.domain.directory import usage_for
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.claims.edi_out import Sending
from cleanclaim.claims.store import claims, directory, submissions
from cleanclaim.claims.store.claims import KeptClaim

Encounters = Mapping[tuple[UUID, int], EncounterVersion]
MOST_CLAIMS_PER_SET = 5_000
"""005010X222A1 1.4.1 recommends no more CLM segments in one ST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A submission whose file is written and kept, ready to be handed over."""

    submission_id: UUID
    connection: str
    file_name: str
    content: bytes


async def prepare_submission(  # noqa: PLR0913 - one file and all that it is made of
    work: Work,
    *,
    vault: Vault,
    connection_id: UUID | None,
    claim_ids: Sequence[UUID],
    encounters: Encounters,
    prepared_at: datetime,
    claims_per_set: int = MOST_CLAIMS_PER_SET,
) -> Prepared | None:
    """Write the file of those claims that are still clean, and bind them to it.

    The edits run again, for time has passed and the directory may have changed: what no longer
    passes is held. None where nothing is left to send.
    """
    row = None
    if connection_id is not None:
        row = await directory.connection_of(work, connection_id, for_update=True)
    waiting = await _still_clean(work, claim_ids, encounters)
    passed = await _passing(work, vault, waiting, encounters, prepared_at)
    sendings = [one for one in passed if one.connection.connection_id == connection_id]
    if row is None or connection_id is None or not sendings:
        return None
    interchange = numbers.following(row["last_interchange"])
    group = numbers.following(row["last_group"])
    organization = await directory.organization(work)
    usage = usage_for(organization["environment"] if organization else "test", None)
    content = edi_out.write_file(
        sendings,
        interchange=interchange,
        group=group,
        usage=usage,
        prepared_at=await local_time(work, prepared_at),
        claims_per_set=claims_per_set,
    )
    await directory.take_control_numbers(work, connection_id, interchange, group)
    kept = await raw_files.keep(
        work, vault, kind="837P", content=content, source=f"mailbox:{row['name']}"
    )
    submission = {
        "id": work.runtime.new_id(),
        "connection_id": connection_id,
        "status": "prepared",
        "usage": usage,
        "interchange_control_number": f"{interchange:09d}",
        "group_control_number": str(group),
        "file_name": f"837P_{interchange:09d}.x12",
        "raw_file_id": kept.id,
        "prepared_at": prepared_at,
    }
    await _bind(work, submission, sendings, claims_per_set)
    return Prepared(
        submission_id=submission["id"],
        connection=row["name"],
        file_name=submission["file_name"],
        content=content,
    )


async def _bind(
    work: Work, submission: dict[str, Any], sendings: Sequence[Sending], claims_per_set: int
) -> None:
    """Keep the submission with the sets of its file, and the place of each claim in them."""
    places = _places(sendings, claims_per_set)
    sets = sorted({set_number for _, set_number in places.values()})
    counted = {
        "sets": [{"control_number": one, "status": "sent"} for one in sets],
        "claim_count": len(sendings),
        "total_charge_cents": sum(one.claim.total_charge_cents for one in sendings),
    }
    await submissions.add_submission(work, submission | counted, places)


def _places(sendings: Sequence[Sending], claims_per_set: int) -> dict[UUID, tuple[int, str]]:
    """Claim → (version, ST02): the sets are filled in order, each to the brim."""
    return {
        one.claim.claim_id: (one.claim.version, f"{place // claims_per_set + 1:04d}")
        for place, one in enumerate(sendings)
    }


async def _still_clean(
    work: Work, claim_ids: Sequence[UUID], encounters: Encounters
) -> list[KeptClaim]:
    kept = await claims.claims_with(work, claim_ids, skip_locked=True)
    return [
        one
        for one in kept.values()
        if one.state is ClaimState.CLEAN
        and not one.is_on_its_way
        and (one.encounter_id, one.encounter_version) in encounters
    ]


async def _passing(
    work: Work,
    vault: Vault,
    waiting: Sequence[KeptClaim],
    encounters: Encounters,
    prepared_at: datetime,
) -> list[Sending]:
    """The claims that pass, in the order of the file; the others are held now."""
    known = await directory_for(
        work, [encounters[one.encounter_id, one.encounter_version] for one in waiting]
    )
    rows = await claims.versions_of(work, [(one.claim_id, one.current_version) for one in waiting])
    ssns = await ssns_of(work, vault, known)
    zone = await time_zone_of(work)
    sendings, changed = [], []
    for one in waiting:
        encounter = encounters[one.encounter_id, one.encounter_version]
        row = rows[one.claim_id, one.current_version]
        built = build_one(
            encounter,
            number=one.number,
            version=one.current_version,
            known=known,
            zone=zone,
            built_at=prepared_at,
        )
        sending = edi_out.sending_of(built.claim, encounter, known, ssns=ssns)
        if built.state is ClaimState.CLEAN and sending is not None:
            sendings.append(sending)
        if built.state is ClaimState.HELD or built.claim != claims.read_version(row):
            changed.append(replace(built, cause=row["cause"]))
    await keep_built(work, changed)
    return sorted(sendings, key=Sending.order)


async def finish_submission(work: Work, *, submission_id: UUID, sent_at: datetime) -> bool:
    """Mark a prepared submission and its claims as sent and tell of each claim, once.

    Each claim is told on the thread of its own encounter. False where it was finished before.
    """
    submission = await submissions.mark_sent(work, submission_id, sent_at=sent_at)
    if submission is None:
        return False
    rows = await submissions.mark_claims_submitted(work, submission_id, submitted_at=sent_at)
    await audit.record(
        work,
        action="send",
        resource="Submission",
        resource_id=submission_id,
        count=len(rows),
    )
    for row in rows:
        fact = events_out.claim_submitted(
            claims.read_version(row),
            submission=submission,
            set_control_number=row["set_control_number"],
            warnings=claims.read_findings(row),
            submitted_at=sent_at,
        )
        work.tell(fact, cause=story_of(work, row["cause"]))
    return True


async def prepared_before(work: Work, *, vault: Vault) -> list[Prepared]:
    """What an interrupted run wrote and perhaps did not hand over, with its file."""
    found = []
    for row in await submissions.prepared_submissions(work):
        content = await raw_files.read(work, vault, row["raw_file_id"], purpose="handing_over")
        connection = await directory.connection_of(work, row["connection_id"])
        found.append(
            Prepared(
                submission_id=row["id"],
                connection=connection["name"],
                file_name=row["file_name"],
                content=content,
            )
        )
    return found
