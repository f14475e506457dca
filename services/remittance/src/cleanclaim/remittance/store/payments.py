"""Claim payments read back: posted decisions, and answers that wait for claim or original."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.posting import Answer
from cleanclaim.remittance.store.references import references_of_versions
from cleanclaim.remittance.store.tables import PAYMENTS

CONTENT = TypeAdapter(ClaimPayment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An answer that waits; its patient control number lies sealed beside it."""

    answer: Answer
    reason: str
    claim_id: UUID | None
    digest: bytes | None


async def decisions_of_cases(work: Work, case_ids: Iterable[UUID]) -> dict[UUID, list[Decision]]:
    """All that was posted to the claims of these cases, by case, oldest first."""
    rows = await work.connection.execute(
        select(PAYMENTS)
        .where(
            PAYMENTS.c.organization_id == work.organization_id,
            PAYMENTS.c.case_claim_id.in_(list(set(case_ids))),
            PAYMENTS.c.status == "posted",
        )
        .order_by(PAYMENTS.c.posted_at, PAYMENTS.c.created_at, PAYMENTS.c.sequence)
    )
    found = list(rows.mappings())
    references = await references_of_versions(
        work, {(row["claim_id"], row["claim_version"]) for row in found}
    )
    decisions: dict[UUID, list[Decision]] = {}
    for row in found:
        decision = Decision(
            claim_payment_id=row["id"],
            remittance_id=row["remittance_id"],
            reference=references[row["claim_id"], row["claim_version"]],
            payer_id=row["payer_id"],
            responsibility=row["responsibility"],
            sequence=row["sequence"],
            payment=CONTENT.validate_python(row["payment"]),
            next_payer_id=row["next_payer_id"],
            forwarded_to_payer_id=row["forwarded_to_payer_id"],
            reverses=row["reverses_id"],
            superseding=row["superseding"],
            defects=tuple(row["defects"]),
        )
        decisions.setdefault(row["case_claim_id"], []).append(decision)
    return decisions


async def parked_by_control_number(work: Work, digests: Iterable[bytes]) -> list[Parked]:
    """The answers that wait for a claim with one of these patient control numbers, oldest first."""
    wanted = list(set(digests))
    return await _parked(work, PAYMENTS.c.control_digest.in_(wanted))


async def parked_of_claims(work: Work, claim_ids: Iterable[UUID]) -> list[Parked]:
    """The reversals that know their claim and wait for their original, oldest first."""
    return await _parked(work, PAYMENTS.c.claim_id.in_(list(set(claim_ids))))


async def parked_payment(work: Work, claim_payment_id: UUID) -> Parked | None:
    """The answer of this id if it waits, else None."""
    found = await _parked(work, PAYMENTS.c.id == claim_payment_id)
    return found[0] if found else None


async def _parked(work: Work, condition: Any) -> list[Parked]:
    rows = await work.connection.execute(
        select(PAYMENTS)
        .where(
            PAYMENTS.c.organization_id == work.organization_id,
            PAYMENTS.c.status == "unmatched",
            condition,
        )
        .order_by(PAYMENTS.c.created_at, PAYMENTS.c.remittance_id, PAYMENTS.c.position)
        .with_for_update()
    )
    return [
        Parked(
            answer=Answer(
                claim_payment_id=row["id"],
                remittance_id=row["remittance_id"],
                payer_id=row["payer_id"],
                payment=CONTENT.validate_python(row["payment"]),
                carrier_id=row["carrier_id"],
            ),
            reason=row["reason"],
            claim_id=row["claim_id"],
            digest=row["control_digest"],
        )
        for row in rows.mappings()
    ]


async def by_payer_control_number(
    work: Work, payer_id: UUID, numbers: Iterable[str]
) -> dict[str, UUID]:
    """The claim that a payer gave each of these numbers to, where it was posted (CLP07)."""
    rows = await work.connection.execute(
        select(PAYMENTS.c.payer_claim_control_number, PAYMENTS.c.claim_id).where(
            PAYMENTS.c.organization_id == work.organization_id,
            PAYMENTS.c.payer_claim_control_number.in_(list(set(numbers))),
            PAYMENTS.c.claim_id.is_not(None),
            PAYMENTS.c.payer_id == payer_id,
        )
    )
    return {row.payer_claim_control_number: row.claim_id for row in rows}
