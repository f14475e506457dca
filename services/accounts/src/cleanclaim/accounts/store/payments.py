"""Remembers what payers decided, so that a reversal finds what it takes back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete, select, text

from cleanclaim.accounts.domain.book.reversal import PostedPayment
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.decision import PayerDecision
from cleanclaim.accounts.domain.journal import Occasion, Posting
from cleanclaim.accounts.store.tables import EARLY_REVERSALS, PAYER_DECISIONS, POSTINGS, among
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work

_DECISION = TypeAdapter(PayerDecision)
_OCCASION = TypeAdapter(Occasion)
_CAUSE = TypeAdapter(Cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyReversal:
    """A reversal that came before what it reverses, with the event that told it."""

    decision: PayerDecision
    occasion: Occasion
    thread: Cause


async def keep_decisions(
    work: Work, decisions: Sequence[tuple[PayerDecision, UUID | None]]
) -> None:
    """Keep decisions with the entries that they made (None: they moved nothing)."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": decision.claim_payment_id,
            "claim_id": decision.claim_id,
            "remittance_id": decision.remittance_id,
            "payer_id": decision.payer_id,
            "paid_cents": decision.paid_cents,
            "paid_on": decision.paid_on,
            "entry_id": entry_id,
            "reverses_id": decision.reverses_id,
        }
        for decision, entry_id in decisions
    ]
    await insert_rows(work.connection, PAYER_DECISIONS, rows)


async def posted_payments(work: Work, ids: Iterable[UUID]) -> dict[UUID, PostedPayment]:
    """Earlier decisions with what they posted, by claim payment."""
    table = PAYER_DECISIONS
    found = await work.connection.execute(
        select(table).where(table.c.organization_id == work.organization_id, among(table.c.id, ids))
    )
    rows = found.mappings().all()
    postings = await _postings(work, [row["entry_id"] for row in rows if row["entry_id"]])
    return {
        row["id"]: PostedPayment(
            claim_payment_id=row["id"],
            paid_cents=row["paid_cents"],
            entry_id=row["entry_id"],
            postings=tuple(postings.get(row["entry_id"], ())),
            reversed_by_id=row["reversed_by_id"],
        )
        for row in rows
    }


async def _postings(work: Work, entry_ids: Sequence[UUID]) -> dict[UUID, list[Posting]]:
    table = POSTINGS
    rows = await work.connection.execute(
        select(table)
        .where(table.c.organization_id == work.organization_id, among(table.c.entry_id, entry_ids))
        .order_by(table.c.entry_id, table.c.position)
    )
    postings: dict[UUID, list[Posting]] = {}
    for row in rows.mappings():
        postings.setdefault(row["entry_id"], []).append(_posting(row))
    return postings


def _posting(row: Any) -> Posting:
    return Posting(
        account=Account(row["account"]),
        amount_cents=row["amount_cents"],
        why=row["why"],
        payer_id=row["payer_id"],
        trace_number=row["trace_number"],
        line_id=row["line_id"],
        open_item_id=row["open_item_id"],
        reason=row["reason"],
    )


async def mark_reversed(work: Work, reversed_by: Sequence[tuple[UUID, UUID]]) -> None:
    """Say of decisions by which other they were taken back: (original, reversal)."""
    if not reversed_by:
        return
    await work.connection.execute(
        text(
            "UPDATE accounts.payer_decisions AS d SET reversed_by_id = v.reversal"
            " FROM unnest(CAST(:originals AS uuid[]), CAST(:reversals AS uuid[]))"
            " AS v(original, reversal)"
            " WHERE d.organization_id = :organization_id AND d.id = v.original"
        ),
        {
            "originals": [original for original, _ in reversed_by],
            "reversals": [reversal for _, reversal in reversed_by],
            "organization_id": work.organization_id,
        },
    )


async def keep_early_reversals(work: Work, early: Sequence[EarlyReversal]) -> None:
    """Keep reversals until what they reverse is heard."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": one.decision.claim_payment_id,
            "reverses_id": one.decision.reverses_id,
            "decision": _DECISION.dump_json(one.decision).decode(),
            "occasion": _OCCASION.dump_json(one.occasion).decode(),
            "thread": _CAUSE.dump_json(one.thread).decode(),
        }
        for one in early
    ]
    await insert_rows(work.connection, EARLY_REVERSALS, rows)


async def take_early_reversals(work: Work, reverses_ids: Iterable[UUID]) -> list[EarlyReversal]:
    """Take out the reversals that waited for these decisions."""
    table = EARLY_REVERSALS
    rows = await work.connection.execute(
        delete(table)
        .where(
            table.c.organization_id == work.organization_id,
            among(table.c.reverses_id, reverses_ids),
        )
        .returning(table.c.decision, table.c.occasion, table.c.thread)
    )
    return [
        EarlyReversal(
            decision=_DECISION.validate_python(row.decision),
            occasion=_OCCASION.validate_python(row.occasion),
            thread=_CAUSE.validate_python(row.thread),
        )
        for row in rows
    ]
