"""How claims and their versions are remembered, whole batches at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain import numbers
from cleanclaim.claims.domain.answers import Rank, Standing
from cleanclaim.claims.domain.claim import ClaimVersion
from cleanclaim.claims.domain.edits import Finding
from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.claims.store.records import as_json, from_json
from cleanclaim.claims.store.tables import CLAIM_COUNTS, CLAIM_VERSIONS, CLAIMS


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClaim:
    """A claim as its row says: state, money, days, and where it stands among the answers."""

    claim_id: UUID
    number: int
    claim_number: str
    encounter_id: UUID
    state: ClaimState
    current_version: int
    encounter_version: int
    newest_encounter_version: int
    payer_id: UUID
    total_charge_cents: int
    service_from_on: date
    file_by_on: date | None
    hold_reason: str | None
    submission_id: UUID | None
    answer_rank: int
    answered_on: date | None

    @property
    def is_on_its_way(self) -> bool:
        """Part of a file that is being handed over: too late to change it."""
        return self.state is ClaimState.CLEAN and self.submission_id is not None

    @property
    def standing(self) -> Standing:
        return Standing(state=self.state, rank=Rank(self.answer_rank), answered_on=self.answered_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltClaim:
    """A claim version to be remembered, with what the edits found and the thread it hangs on."""

    number: int
    claim: ClaimVersion
    state: ClaimState
    newest_encounter_version: int
    built_at: datetime
    findings: tuple[Finding, ...] = ()
    cause: Mapping[Any, Any] = field(default_factory=dict)
    hold_reason: str | None = None


_KEPT = (
    "number", "claim_number", "encounter_id", "state", "current_version", "encounter_version",
    "newest_encounter_version", "payer_id", "total_charge_cents", "service_from_on", "file_by_on",
    "hold_reason", "submission_id", "answer_rank", "answered_on",
)  # fmt: skip


def read_claim(row: Mapping[Any, Any]) -> KeptClaim:
    fields = {name: row[name] for name in _KEPT} | {"state": ClaimState(row["state"])}
    return KeptClaim(claim_id=row["id"], **fields)


async def claims_of_encounters(work: Work, encounter_ids: Iterable[UUID]) -> dict[UUID, KeptClaim]:
    """The claims of these encounters by encounter, locked until the work ends."""
    rows = await work.connection.execute(
        select(CLAIMS)
        .where(
            CLAIMS.c.organization_id == work.organization_id,
            CLAIMS.c.encounter_id.in_(sorted(set(encounter_ids))),
        )
        .order_by(CLAIMS.c.number)
        .with_for_update()
    )
    return {row["encounter_id"]: read_claim(row) for row in rows.mappings()}


async def claims_with(
    work: Work, claim_ids: Iterable[UUID], *, skip_locked: bool = False
) -> dict[UUID, KeptClaim]:
    """These claims by id, locked until the work ends."""
    rows = await work.connection.execute(
        select(CLAIMS)
        .where(
            CLAIMS.c.organization_id == work.organization_id,
            CLAIMS.c.id.in_(sorted(set(claim_ids))),
        )
        .order_by(CLAIMS.c.number)
        .with_for_update(skip_locked=skip_locked)
    )
    return {row["id"]: read_claim(row) for row in rows.mappings()}


async def take_claim_numbers(work: Work, count: int) -> range:
    """Numbers for so many new claims of the organization, each given once."""
    if count == 0:
        return range(0)
    rows = await insert_rows(
        work.connection,
        CLAIM_COUNTS,
        [
            {
                "organization_id": work.organization_id,
                "id": work.organization_id,
                "last_number": count,
            }
        ],
        on_conflict="(organization_id, id) DO UPDATE SET"
        " last_number = claim_counts.last_number + excluded.last_number",
        returning=("last_number",),
    )
    last = int(rows[0]["last_number"])
    return range(last - count + 1, last + 1)


async def save_built(work: Work, built: Sequence[BuiltClaim]) -> None:
    """Keep claims with their current versions; a version that was not sent is replaced."""
    rows = [_claim_row(work, one) for one in built]
    kept = {"organization_id", "id", "number", "claim_number", "encounter_id", "built_at"}
    changes = ", ".join(
        f"{name} = excluded.{name}" for name in (rows or [{}])[0] if name not in kept
    )
    await insert_rows(
        work.connection,
        CLAIMS,
        rows,
        on_conflict=f"(organization_id, id) DO UPDATE SET {changes}",
    )
    await insert_rows(
        work.connection,
        CLAIM_VERSIONS,
        [_version_row(work, one) for one in built],
        on_conflict="(organization_id, id) DO UPDATE SET"
        " encounter_version = excluded.encounter_version, content = excluded.content,"
        " findings = excluded.findings, cause = excluded.cause, built_at = excluded.built_at"
        " WHERE claim_versions.submission_id IS NULL",
    )


def _claim_row(work: Work, built: BuiltClaim) -> dict[str, Any]:
    claim = built.claim
    return {
        "organization_id": work.organization_id,
        "id": claim.claim_id,
        "number": built.number,
        "claim_number": claim.claim_number,
        "encounter_id": claim.encounter_id,
        "state": str(built.state),
        "current_version": claim.version,
        "encounter_version": claim.encounter_version,
        "newest_encounter_version": built.newest_encounter_version,
        "payer_id": claim.payer_id,
        "claim_type": claim.claim_type,
        "total_charge_cents": claim.total_charge_cents,
        "service_from_on": claim.service_from_on,
        "service_to_on": claim.service_to_on,
        "file_by_on": claim.file_by_on,
        "hold_reason": built.hold_reason,
        "submission_id": None,
        "answer_rank": 0,
        "answered_on": None,
        "clean_since": built.built_at if built.state is ClaimState.CLEAN else None,
        "built_at": built.built_at,
        "changed_at": built.built_at,
    }


def _version_row(work: Work, built: BuiltClaim) -> dict[str, Any]:
    claim = built.claim
    return {
        "organization_id": work.organization_id,
        "id": numbers.version_id_of(claim.claim_id, claim.version),
        "claim_id": claim.claim_id,
        "version": claim.version,
        "encounter_version": claim.encounter_version,
        "patient_control_number": claim.patient_control_number,
        "content": as_json(claim),
        "findings": as_json(built.findings),
        "cause": dict(built.cause),
        "built_at": built.built_at,
    }


async def save_findings(
    work: Work, claim_id: UUID, version: int, findings: Sequence[Finding]
) -> None:
    await work.connection.execute(
        update(CLAIM_VERSIONS)
        .where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            CLAIM_VERSIONS.c.claim_id == claim_id,
            CLAIM_VERSIONS.c.version == version,
        )
        .values(findings=as_json(tuple(findings)))
    )


async def change_claims(
    work: Work, claim_ids: Iterable[UUID], *, changed_at: datetime, **values: Any
) -> None:
    """Set the same columns of several claims."""
    ids = sorted(set(claim_ids))
    if not ids:
        return
    await work.connection.execute(
        update(CLAIMS)
        .where(CLAIMS.c.organization_id == work.organization_id, CLAIMS.c.id.in_(ids))
        .values(changed_at=changed_at, **values)
    )


async def heard_of_versions(
    work: Work, newest: Mapping[UUID, int], *, changed_at: datetime
) -> None:
    """Remember the newest encounter version that was heard of for each claim."""
    for claim_id, version in newest.items():
        await work.connection.execute(
            update(CLAIMS)
            .where(CLAIMS.c.organization_id == work.organization_id, CLAIMS.c.id == claim_id)
            .values(
                newest_encounter_version=func.greatest(CLAIMS.c.newest_encounter_version, version),
                changed_at=changed_at,
            )
        )


async def save_payer_numbers(work: Work, numbers_given: Mapping[UUID, str]) -> None:
    """Remember the payer's own numbers of claims."""
    by_number: dict[str, list[UUID]] = {}
    for claim_id, number in numbers_given.items():
        by_number.setdefault(number, []).append(claim_id)
    for number, ids in by_number.items():
        await work.connection.execute(
            update(CLAIMS)
            .where(CLAIMS.c.organization_id == work.organization_id, CLAIMS.c.id.in_(ids))
            .values(payer_claim_control_number=number)
        )


async def versions_of(
    work: Work, wanted: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], RowMapping]:
    """Rows of claim versions by (claim, version)."""
    pairs = sorted(set(wanted))
    if not pairs:
        return {}
    rows = await work.connection.execute(
        select(CLAIM_VERSIONS).where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            tuple_(CLAIM_VERSIONS.c.claim_id, CLAIM_VERSIONS.c.version).in_(pairs),
        )
    )
    return {(row["claim_id"], row["version"]): row for row in rows.mappings()}


async def versions_with_numbers(
    work: Work, patient_control_numbers: Iterable[str]
) -> dict[str, RowMapping]:
    """Rows of claim versions by CLM01."""
    rows = await work.connection.execute(
        select(CLAIM_VERSIONS).where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            CLAIM_VERSIONS.c.patient_control_number.in_(sorted(set(patient_control_numbers))),
        )
    )
    return {row["patient_control_number"]: row for row in rows.mappings()}


def read_version(row: Mapping[Any, Any]) -> ClaimVersion:
    return from_json(ClaimVersion, row["content"])


def read_findings(row: Mapping[Any, Any]) -> tuple[Finding, ...]:
    return tuple(from_json(Finding, one) for one in row["findings"])
