"""How submissions, the answers to them and payers' decisions are remembered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain.adjudication import Decision
from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.claims.store.tables import (
    ACKNOWLEDGEMENTS,
    CLAIM_ANSWERS,
    CLAIM_DECISIONS,
    CLAIM_VERSIONS,
    CLAIMS,
    CONNECTIONS,
    PAYERS,
    SUBMISSIONS,
)


async def clean_claims(
    work: Work, *, claim_ids: Iterable[UUID] | None, limit: int
) -> Sequence[RowMapping]:
    """Claims that wait for a file, the longest waiting first: id, encounter and connection."""
    columns = (CLAIMS.c.id, CLAIMS.c.encounter_id, CLAIMS.c.encounter_version,
               PAYERS.c.connection_id, CLAIMS.c.clean_since)  # fmt: skip
    same_payer = (PAYERS.c.organization_id == CLAIMS.c.organization_id) & (
        PAYERS.c.id == CLAIMS.c.payer_id
    )
    statement = (
        select(*columns)
        .select_from(CLAIMS.outerjoin(PAYERS, same_payer))
        .where(
            CLAIMS.c.organization_id == work.organization_id,
            CLAIMS.c.state == ClaimState.CLEAN,
            CLAIMS.c.submission_id.is_(None),
        )
        .order_by(CLAIMS.c.clean_since, CLAIMS.c.number)
        .limit(limit)
    )
    if claim_ids is not None:
        statement = statement.where(CLAIMS.c.id.in_(sorted(set(claim_ids))))
    return (await work.connection.execute(statement)).mappings().all()


async def add_submission(
    work: Work, row: Mapping[Any, Any], places: Mapping[UUID, tuple[int, str]]
) -> None:
    """Keep a prepared submission and bind its claims to it: claim → (version, ST02)."""
    await insert_rows(
        work.connection, SUBMISSIONS, [{"organization_id": work.organization_id, **row}]
    )
    await work.connection.execute(
        update(CLAIMS)
        .where(CLAIMS.c.organization_id == work.organization_id, CLAIMS.c.id.in_(sorted(places)))
        .values(submission_id=row["id"], changed_at=row["prepared_at"])
    )
    by_set: dict[str, list[tuple[UUID, int]]] = {}
    for claim_id, (version, set_number) in places.items():
        by_set.setdefault(set_number, []).append((claim_id, version))
    for set_number, pairs in by_set.items():
        await work.connection.execute(
            update(CLAIM_VERSIONS)
            .where(
                CLAIM_VERSIONS.c.organization_id == work.organization_id,
                tuple_(CLAIM_VERSIONS.c.claim_id, CLAIM_VERSIONS.c.version).in_(sorted(pairs)),
            )
            .values(submission_id=row["id"], set_control_number=set_number)
        )


async def prepared_submissions(work: Work) -> Sequence[RowMapping]:
    """Submissions whose file was written and perhaps not handed over, oldest first."""
    rows = await work.connection.execute(
        select(SUBMISSIONS)
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.status == "prepared",
        )
        .order_by(SUBMISSIONS.c.prepared_at, SUBMISSIONS.c.id)
    )
    return rows.mappings().all()


async def mark_sent(work: Work, submission_id: UUID, *, sent_at: datetime) -> RowMapping | None:
    """Mark a prepared submission as sent; None where it was marked before."""
    rows = await work.connection.execute(
        update(SUBMISSIONS)
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.id == submission_id,
            SUBMISSIONS.c.status == "prepared",
        )
        .values(status="sent", sent_at=sent_at)
        .returning(SUBMISSIONS)
    )
    found: RowMapping | None = rows.mappings().first()
    return found


async def mark_claims_submitted(
    work: Work, submission_id: UUID, *, submitted_at: datetime
) -> Sequence[RowMapping]:
    """Mark the claims of a submission as submitted; returns their version rows."""
    mine = (CLAIMS.c.organization_id == work.organization_id) & (
        CLAIMS.c.submission_id == submission_id
    )
    await work.connection.execute(
        update(CLAIMS).where(mine).values(state=ClaimState.SUBMITTED, changed_at=submitted_at)
    )
    rows = await work.connection.execute(
        update(CLAIM_VERSIONS)
        .where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            CLAIM_VERSIONS.c.submission_id == submission_id,
        )
        .values(submitted_at=submitted_at)
        .returning(CLAIM_VERSIONS)
    )
    return sorted(rows.mappings(), key=lambda row: str(row["patient_control_number"]))


async def submissions_numbered(
    work: Work, *, group: str | None = None, interchange: str | None = None
) -> Sequence[RowMapping]:
    """Submissions with this GS06 or ISA13, the newest first, locked."""
    statement = select(SUBMISSIONS).where(SUBMISSIONS.c.organization_id == work.organization_id)
    if group is not None:
        statement = statement.where(SUBMISSIONS.c.group_control_number == group)
    if interchange is not None:
        statement = statement.where(SUBMISSIONS.c.interchange_control_number == interchange)
    rows = await work.connection.execute(
        statement.order_by(SUBMISSIONS.c.prepared_at.desc()).with_for_update()
    )
    return rows.mappings().all()


async def ends_of(work: Work, connection_id: UUID) -> tuple[str, str] | None:
    """ISA06 and ISA08 of a connection's files."""
    rows = await work.connection.execute(
        select(CONNECTIONS.c.sender_id, CONNECTIONS.c.receiver_id).where(
            CONNECTIONS.c.organization_id == work.organization_id,
            CONNECTIONS.c.id == connection_id,
        )
    )
    found = rows.first()
    return (found.sender_id, found.receiver_id) if found else None


async def save_set_statuses(
    work: Work, submission_id: UUID, *, sets: Sequence[Mapping[Any, Any]], status: str
) -> None:
    await work.connection.execute(
        update(SUBMISSIONS)
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.id == submission_id,
        )
        .values(sets=list(sets), status=status)
    )


async def versions_in_sets(
    work: Work, submission_id: UUID, set_numbers: Iterable[str]
) -> Sequence[RowMapping]:
    """Version rows of a submission's sets."""
    rows = await work.connection.execute(
        select(CLAIM_VERSIONS)
        .where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            CLAIM_VERSIONS.c.submission_id == submission_id,
            CLAIM_VERSIONS.c.set_control_number.in_(sorted(set(set_numbers))),
        )
        .order_by(CLAIM_VERSIONS.c.patient_control_number)
    )
    return rows.mappings().all()


async def add_acknowledgement(work: Work, row: Mapping[Any, Any]) -> None:
    await insert_rows(
        work.connection, ACKNOWLEDGEMENTS, [{"organization_id": work.organization_id, **row}]
    )


async def save_report(work: Work, acknowledgement_id: UUID, report: Mapping[Any, Any]) -> None:
    await work.connection.execute(
        update(ACKNOWLEDGEMENTS)
        .where(
            ACKNOWLEDGEMENTS.c.organization_id == work.organization_id,
            ACKNOWLEDGEMENTS.c.id == acknowledgement_id,
        )
        .values(report=dict(report))
    )


async def acknowledgement_of_file(work: Work, raw_file_id: UUID) -> RowMapping | None:
    rows = await work.connection.execute(
        select(ACKNOWLEDGEMENTS).where(
            ACKNOWLEDGEMENTS.c.organization_id == work.organization_id,
            ACKNOWLEDGEMENTS.c.raw_file_id == raw_file_id,
        )
    )
    return rows.mappings().first()


async def add_answers(work: Work, rows: Sequence[Mapping[Any, Any]]) -> None:
    full = [{"organization_id": work.organization_id, **row} for row in rows]
    await insert_rows(work.connection, CLAIM_ANSWERS, full)


async def add_decisions(work: Work, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Keep payers' decisions, each once."""
    full = [{"organization_id": work.organization_id, **row} for row in rows]
    await insert_rows(
        work.connection, CLAIM_DECISIONS, full, on_conflict="(organization_id, id) DO NOTHING"
    )


async def decisions_on(work: Work, claim_ids: Iterable[UUID]) -> dict[UUID, list[Decision]]:
    """All decisions heard of these claims."""
    rows = await work.connection.execute(
        select(CLAIM_DECISIONS).where(
            CLAIM_DECISIONS.c.organization_id == work.organization_id,
            CLAIM_DECISIONS.c.claim_id.in_(sorted(set(claim_ids))),
        )
    )
    found: dict[UUID, list[Decision]] = {}
    for row in rows.mappings():
        decision = Decision(
            claim_payment_id=row["id"],
            claim_status_code=row["claim_status_code"],
            reverses=row["reverses"],
        )
        found.setdefault(row["claim_id"], []).append(decision)
    return found
