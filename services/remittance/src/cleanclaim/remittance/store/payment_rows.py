"""Claim payments written: verdicts as rows, all of a remittance with one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.posting import Answer, Noted, Posted, Verdict, Waiting
from cleanclaim.remittance.store.payments import CONTENT
from cleanclaim.remittance.store.tables import PAYMENTS


@dataclass(frozen=True, slots=True)
class Sealed:
    """The patient control number of an answer that waits: a digest to find it, and sealed."""

    digest: bytes
    sealed: bytes


async def add_verdicts(
    work: Work, verdicts: Sequence[Verdict], sealed: Mapping[UUID, Sealed]
) -> None:
    """Remember what became of the claim payments of one remittance."""
    rows = [row for verdict in verdicts for row in _rows(verdict, sealed, work.now)]
    given = [{"organization_id": work.organization_id, **row} for row in rows]
    await insert_rows(work.connection, PAYMENTS, given)


def _rows(verdict: Verdict, sealed: Mapping[UUID, Sealed], now: datetime) -> list[dict[str, Any]]:
    if isinstance(verdict, Posted):
        denied = verdict.denial.denied_cents if verdict.denial else 0
        own = _posted(verdict.decision, denied, now)
        return ([_posted(verdict.superseded, 0, now)] if verdict.superseded else []) + [own]
    if isinstance(verdict, Waiting):
        return [_waiting(verdict, sealed[verdict.answer.claim_payment_id], now)]
    return [_noted(verdict, now)]


def _posted(decision: Decision, denied_cents: int, now: datetime) -> dict[str, Any]:
    return {
        "id": decision.claim_payment_id,
        "remittance_id": decision.remittance_id,
        **_shared(decision.payment, now),
        "status": "posted",
        "reason": None,
        "control_digest": None,
        "control_sealed": None,
        "carrier_id": None,
        "denied_cents": denied_cents,
        "posted_at": now,
        **_decided(decision),
    }


def _waiting(waiting: Waiting, sealed: Sealed, now: datetime) -> dict[str, Any]:
    return _undecided(waiting.answer, now) | {
        "status": "unmatched",
        "reason": waiting.reason,
        "control_digest": sealed.digest,
        "control_sealed": sealed.sealed,
        "claim_id": waiting.claim_id,
    }


def _noted(noted: Noted, now: datetime) -> dict[str, Any]:
    return _undecided(noted.answer, now) | {
        "status": "noted",
        "reason": noted.reason,
        "control_digest": None,
        "control_sealed": None,
        "claim_id": None,
    }


def _undecided(answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "id": answer.claim_payment_id,
        "remittance_id": answer.remittance_id,
        **_shared(answer.payment, now),
        "carrier_id": answer.carrier_id,
        "denied_cents": 0,
        "posted_at": None,
        "claim_version": None,
        "case_claim_id": None,
        "payer_id": answer.payer_id,
        "responsibility": None,
        "sequence": None,
        "next_payer_id": None,
        "forwarded_to_payer_id": None,
        "reverses_id": None,
        "superseding": False,
        "defects": [],
    }


def _shared(payment: ClaimPayment, now: datetime) -> dict[str, Any]:
    return {
        "position": payment.position,
        "claim_status_code": payment.status,
        "payer_claim_control_number": payment.payer_claim_control_number,
        "charge_cents": payment.charge_cents,
        "paid_cents": payment.paid_cents,
        "service_from_on": payment.service_from_on,
        "payment": CONTENT.dump_json(_without_number(payment)).decode(),
        "from_unapplied": False,
        "matched_by": None,
        "created_at": now,
    }


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "claim_id": decision.reference.claim_id,
        "claim_version": decision.reference.claim_version,
        "case_claim_id": decision.reference.case_claim_id,
        "payer_id": decision.payer_id,
        "responsibility": decision.responsibility,
        "sequence": decision.sequence,
        "next_payer_id": decision.next_payer_id,
        "forwarded_to_payer_id": decision.forwarded_to_payer_id,
        "reverses_id": decision.reverses,
        "superseding": decision.superseding,
        "defects": list(decision.defects),
    }


def _without_number(payment: ClaimPayment) -> ClaimPayment:
    # what the payer wrote as CLP01 may be anybody's number: it is kept sealed or not at all
    return replace(payment, patient_control_number="")


async def settle_parked(work: Work, posted: Sequence[Posted], *, matched_by: str) -> None:
    """Write that answers which waited are posted now; the number they bore is dropped."""
    rows = [
        {
            "status": "posted",
            "reason": None,
            "control_digest": None,
            "control_sealed": None,
            "denied_cents": one.denial.denied_cents if one.denial else 0,
            "charge_cents": one.decision.payment.charge_cents,
            "paid_cents": one.decision.payment.paid_cents,
            "payment": CONTENT.dump_python(_without_number(one.decision.payment), mode="json"),
            "from_unapplied": True,
            "matched_by": matched_by,
            "posted_at": work.now,
            **_decided(one.decision),
        }
        for one in posted
    ]
    ids = [one.decision.claim_payment_id for one in posted]
    await _update(work, ids, rows)


async def remember_claims(work: Work, waiting: Sequence[Waiting]) -> None:
    """Write that waiting answers know their claim or another reason now, and wait on."""
    rows = [{"reason": one.reason, "claim_id": one.claim_id} for one in waiting]
    await _update(work, [one.answer.claim_payment_id for one in waiting], rows)


async def note_parked(work: Work, noted: Sequence[Noted]) -> None:
    """Write that waiting answers turned out to post nothing."""
    rows = [
        {"status": "noted", "reason": one.reason, "control_digest": None, "control_sealed": None}
        for one in noted
    ]
    await _update(work, [one.answer.claim_payment_id for one in noted], rows)


async def _update(work: Work, ids: Sequence[UUID], rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    statement = (
        update(PAYMENTS)
        .where(
            PAYMENTS.c.organization_id == work.organization_id, PAYMENTS.c.id == bindparam("of_id")
        )
        .values({name: bindparam(f"new_{name}") for name in rows[0]})
    )
    given = [
        {"of_id": row_id} | {f"new_{name}": value for name, value in row.items()}
        for row_id, row in zip(ids, rows, strict=True)
    ]
    await work.connection.execute(statement, given)
