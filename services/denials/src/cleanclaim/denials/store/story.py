"""What was heard of a claim: versions sent, decisions of its payer, reversals."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import exists, select, text

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.work import Work
from cleanclaim.denials.domain.heard import ClaimDecision, Submission
from cleanclaim.denials.domain.settlement import DecidedLine, Decision, SentVersion
from cleanclaim.denials.store.tables import DECISIONS, REJECTIONS, REVERSALS, SUBMISSIONS

_LINES = TypeAdapter(tuple[DecidedLine, ...])


async def lock_claims(work: Work, claim_ids: Collection[UUID]) -> None:
    """Let one transaction at a time work on the cases of a claim, in one order for all."""
    # unnest gives the keys in their order, so that two transactions never wait for each other
    await work.connection.execute(
        text(
            "SELECT pg_advisory_xact_lock(hashtextextended(key, 0))"
            " FROM unnest(CAST(:keys AS text[])) AS key"
        ),
        {"keys": [f"denials:{work.organization_id}:{one}" for one in sorted(claim_ids)]},
    )


async def keep_submissions(work: Work, submissions: Sequence[Submission]) -> None:
    rows = [
        {
            "organization_id": work.organization_id,
            "id": derived_id(one.claim_id, f"submission:{one.sent.claim_version}"),
            "claim_id": one.claim_id,
            "claim_version": one.sent.claim_version,
            "frequency_code": one.sent.frequency_code,
            "billing_provider_id": one.billing_provider_id,
            "other_payer_ids": [str(payer) for payer in one.other_payer_ids],
            "line_ids": sorted(str(line) for line in one.sent.line_ids),
            "total_charge_cents": one.total_charge_cents,
            "service_from_on": one.service_from_on,
            "service_to_on": one.service_to_on,
            "submitted_at": one.submitted_at,
            "file_by_on": one.file_by_on,
        }
        for one in submissions
    ]
    await insert_rows(
        work.connection, SUBMISSIONS, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def keep_decisions(work: Work, decisions: Sequence[ClaimDecision]) -> None:
    rows = [
        {
            "organization_id": work.organization_id,
            "id": one.decision.claim_payment_id,
            "claim_id": one.claim_id,
            "claim_version": one.decision.claim_version,
            "payer_id": one.payer_id,
            "payment_sequence": one.decision.payment_sequence,
            "paid_cents": one.decision.paid_cents,
            "refused_cents": one.decision.refused_cents,
            "lines": _LINES.dump_python(one.decision.lines, mode="json"),
            "next_payer_id": one.next_payer_id,
            "forwarded": one.forwarded,
        }
        for one in decisions
    ]
    await insert_rows(
        work.connection, DECISIONS, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def keep_reversals(work: Work, reversals: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Keep (reversal's id, claim, reversed decision's id), heard of that decision or not."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": reversal_id,
            "claim_id": claim_id,
            "reverses_claim_payment_id": reversed_id,
        }
        for reversal_id, claim_id, reversed_id in reversals
    ]
    await insert_rows(
        work.connection, REVERSALS, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def keep_rejections(work: Work, rejections: Collection[tuple[UUID, int]]) -> None:
    """Keep (claim, version) that was refused at the door; the row's id is its submission's."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": derived_id(claim_id, f"submission:{version}"),
            "claim_id": claim_id,
            "claim_version": version,
        }
        for claim_id, version in rejections
    ]
    await insert_rows(
        work.connection, REJECTIONS, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def submissions_of(work: Work, claim_ids: Collection[UUID]) -> dict[UUID, list[Submission]]:
    refused = exists().where(
        REJECTIONS.c.organization_id == SUBMISSIONS.c.organization_id,
        REJECTIONS.c.id == SUBMISSIONS.c.id,
    )
    rows = await work.connection.execute(
        select(SUBMISSIONS, refused.label("rejected"))
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.claim_id.in_(list(claim_ids)),
        )
        .order_by(SUBMISSIONS.c.claim_version)
    )
    found: dict[UUID, list[Submission]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append(_submission(row))
    return found


async def decisions_of(work: Work, claim_ids: Collection[UUID]) -> dict[UUID, list[ClaimDecision]]:
    """The decisions on claims, each with whether a reversal undid it."""
    undone = exists().where(
        REVERSALS.c.organization_id == DECISIONS.c.organization_id,
        REVERSALS.c.reverses_claim_payment_id == DECISIONS.c.id,
    )
    rows = await work.connection.execute(
        select(DECISIONS, undone.label("taken_back"))
        .where(
            DECISIONS.c.organization_id == work.organization_id,
            DECISIONS.c.claim_id.in_(list(claim_ids)),
        )
        .order_by(DECISIONS.c.payment_sequence)
    )
    found: dict[UUID, list[ClaimDecision]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append(_decision(row))
    return found


def _submission(row: Any) -> Submission:
    return Submission(
        claim_id=row.claim_id,
        sent=SentVersion(
            claim_version=row.claim_version,
            frequency_code=row.frequency_code,
            line_ids=frozenset(UUID(line) for line in row.line_ids),
            rejected=row.rejected,
        ),
        billing_provider_id=row.billing_provider_id,
        other_payer_ids=tuple(UUID(payer) for payer in row.other_payer_ids),
        total_charge_cents=row.total_charge_cents,
        service_from_on=row.service_from_on,
        service_to_on=row.service_to_on,
        submitted_at=row.submitted_at,
        file_by_on=row.file_by_on,
    )


def _decision(row: Any) -> ClaimDecision:
    return ClaimDecision(
        claim_id=row.claim_id,
        payer_id=row.payer_id,
        decision=Decision(
            claim_payment_id=row.id,
            payment_sequence=row.payment_sequence,
            claim_version=row.claim_version,
            paid_cents=row.paid_cents,
            refused_cents=row.refused_cents,
            lines=_LINES.validate_python(row.lines),
            taken_back=row.taken_back,
        ),
        next_payer_id=row.next_payer_id,
        forwarded=row.forwarded,
    )
