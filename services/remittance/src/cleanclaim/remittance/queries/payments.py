"""Questions about claim payments, those that wait, and the claims they may be meant for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.claim_reference import ClaimReference
from cleanclaim.remittance.store.payments import CONTENT
from cleanclaim.remittance.store.references import reference_in
from cleanclaim.remittance.store.tables import PAYMENTS, REFERENCES, REMITTANCES
from cleanclaim.values.errors import Missing

Row = RowMapping
# Payers round to the month or drop the day: claims this near are worth a look.
_NEAR_DAYS = 3
_MOST_NEAR = 200


class NoSuchClaimPayment(Missing):
    """The organization has no claim payment of that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """What a list of claim payments is narrowed by; None narrows nothing."""

    remittance_id: UUID | None = None
    claim_id: UUID | None = None
    status: str | None = None


async def claim_payment(work: Work, claim_payment_id: UUID) -> Row:
    """One claim payment, posted, waiting or noted. Raises NoSuchClaimPayment."""
    rows = await work.connection.execute(_payments(work).where(PAYMENTS.c.id == claim_payment_id))
    row = rows.mappings().first()
    if row is None:
        raise NoSuchClaimPayment("there is no such claim payment", fix="check the id")
    return row


async def unmatched_payment(work: Work, claim_payment_id: UUID) -> Row:
    """One claim payment that waits. Raises NoSuchClaimPayment, also where it is posted by now."""
    row = await claim_payment(work, claim_payment_id)
    if row["status"] != "unmatched":
        raise NoSuchClaimPayment(
            "this claim payment does not wait (any more)",
            fix="read it at /v1/claim-payments",
        )
    return row


async def claim_payments(
    work: Work, wanted: PaymentFilter, *, limit: int, after: Sequence[Any] | None
) -> list[Row]:
    """Claim payments in the order of their remittance, one more than `limit` if there are more."""
    statement = _payments(work)
    for column, value in (
        (PAYMENTS.c.remittance_id, wanted.remittance_id),
        (PAYMENTS.c.claim_id, wanted.claim_id),
        (PAYMENTS.c.status, wanted.status),
    ):
        if value is not None:
            statement = statement.where(column == value)
    order = (PAYMENTS.c.remittance_id, PAYMENTS.c.position, PAYMENTS.c.id)
    if after is not None:
        position = (UUID(after[0]), int(after[1]), UUID(after[2]))
        statement = statement.where(tuple_(*order) > position)
    rows = await work.connection.execute(statement.order_by(*order).limit(limit + 1))
    return list(rows.mappings())


async def unmatched_payments(work: Work, *, limit: int, after: Sequence[Any] | None) -> list[Row]:
    """The claim payments that wait for a claim or an original."""
    return await claim_payments(work, PaymentFilter(status="unmatched"), limit=limit, after=after)


def _payments(work: Work) -> Any:
    return (
        select(
            PAYMENTS,
            REMITTANCES.c.trace_number,
            REMITTANCES.c.payment_method,
            REMITTANCES.c.paid_on,
        )
        .join(
            REMITTANCES,
            (REMITTANCES.c.organization_id == PAYMENTS.c.organization_id)
            & (REMITTANCES.c.id == PAYMENTS.c.remittance_id),
        )
        .where(PAYMENTS.c.organization_id == work.organization_id)
    )


async def near_claims(work: Work, row: Row) -> tuple[ClaimPayment, list[ClaimReference]]:
    """A waiting payment as it was read, and claims with its charge or about its service day."""
    payment: ClaimPayment = CONTENT.validate_python(row["payment"])
    conditions: list[Any] = [REFERENCES.c.charge_cents == abs(payment.charge_cents)]
    if payment.service_from_on is not None:
        near = timedelta(days=_NEAR_DAYS)
        conditions.append(
            REFERENCES.c.service_from_on.between(
                payment.service_from_on - near, payment.service_from_on + near
            )
        )
    rows = await work.connection.execute(
        select(REFERENCES)
        .where(REFERENCES.c.organization_id == work.organization_id, or_(*conditions))
        .order_by(
            (REFERENCES.c.charge_cents == abs(payment.charge_cents)).desc(),
            REFERENCES.c.claim_id,
            REFERENCES.c.claim_version.desc(),
        )
        .limit(_MOST_NEAR)
    )
    newest: dict[UUID, ClaimReference] = {}
    for found in rows.mappings():
        newest.setdefault(found["claim_id"], reference_in(found))
    return payment, list(newest.values())
