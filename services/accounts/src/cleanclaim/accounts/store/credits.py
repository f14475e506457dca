"""Finds what became a credit, and brings the money at stake of open work items up to date."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select, text

from cleanclaim.accounts.domain.attention import Attention
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.store.tables import CLAIMS, SUBLEDGER_LINES, among
from cleanclaim.chassis.work import Work


async def roots_of(work: Work, claim_ids: Iterable[UUID]) -> set[UUID]:
    """The first claims for the same services, of the claims that are known."""
    rows = await work.connection.execute(
        select(CLAIMS.c.root_claim_id)
        .where(CLAIMS.c.organization_id == work.organization_id, among(CLAIMS.c.id, claim_ids))
        .distinct()
    )
    return {row.root_claim_id for row in rows}


async def insurance_credits(work: Work, roots: Iterable[UUID]) -> dict[UUID, int]:
    """Cents that payers have paid too much, by first claim; only claims that have a credit."""
    lines = SUBLEDGER_LINES
    by_payer = (
        select(CLAIMS.c.root_claim_id, func.sum(lines.c.amount_cents).label("cents"))
        .join(
            CLAIMS,
            (CLAIMS.c.organization_id == lines.c.organization_id)
            & (CLAIMS.c.id == lines.c.claim_id),
        )
        .where(
            lines.c.organization_id == work.organization_id,
            lines.c.account == Account.INSURANCE_RECEIVABLE.value,
            among(CLAIMS.c.root_claim_id, roots),
        )
        .group_by(CLAIMS.c.root_claim_id, lines.c.payer_id)
        .having(func.sum(lines.c.amount_cents) < 0)
    )
    credit: dict[UUID, int] = {}
    for row in await work.connection.execute(by_payer):
        credit[row.root_claim_id] = credit.get(row.root_claim_id, 0) - int(row.cents)
    return credit


async def patient_credits(work: Work, account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Cents that patients have paid too much, by account; only accounts that have a credit."""
    lines = SUBLEDGER_LINES
    rows = await work.connection.execute(
        select(lines.c.patient_account_id, func.sum(lines.c.amount_cents).label("cents"))
        .where(
            lines.c.organization_id == work.organization_id,
            lines.c.account == Account.PATIENT_RECEIVABLE.value,
            among(lines.c.patient_account_id, account_ids),
        )
        .group_by(lines.c.patient_account_id)
        .having(func.sum(lines.c.amount_cents) < 0)
    )
    return {row.patient_account_id: -int(row.cents) for row in rows}


async def revalue_items(work: Work, items: Sequence[Attention]) -> None:
    """Bring the value of open work items up to date; owner, due day and state stay."""
    if not items:
        return
    await work.connection.execute(
        text(
            "UPDATE accounts.work_items AS w"
            " SET value_cents = v.value_cents, version = w.version + 1"
            " FROM unnest(CAST(:kinds AS text[]), CAST(:subjects AS uuid[]),"
            " CAST(:reasons AS text[]), CAST(:cents AS bigint[]))"
            " AS v(kind, subject_id, reason, value_cents)"
            " WHERE w.organization_id = :organization_id AND w.status <> 'closed'"
            " AND w.kind = v.kind AND w.subject_id = v.subject_id AND w.reason = v.reason"
            " AND w.value_cents <> v.value_cents"
        ),
        {
            "kinds": [one.kind for one in items],
            "subjects": [one.subject_id for one in items],
            "reasons": [one.reason for one in items],
            "cents": [one.value_cents for one in items],
            "organization_id": work.organization_id,
        },
    )
