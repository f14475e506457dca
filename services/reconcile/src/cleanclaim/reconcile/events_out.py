"""What reconcile tells, made from the domain's results."""

from datetime import date
from uuid import UUID

from cleanclaim.events.reconcile import (
    DepositMatched,
    DepositPart,
    DepositRecorded,
    VarianceOpened,
    VarianceResolved,
)
from cleanclaim.reconcile.domain.deposit import Deposit
from cleanclaim.reconcile.domain.matching import Match
from cleanclaim.reconcile.domain.variance import Variance


def deposit_recorded(
    deposit: Deposit, *, bank_account_id: UUID, bank_statement_id: UUID | None
) -> DepositRecorded:
    return DepositRecorded(
        deposit_id=deposit.deposit_id,
        bank_account_id=bank_account_id,
        bank_statement_id=bank_statement_id,
        amount_cents=deposit.amount_cents,
        deposited_on=deposit.deposited_on,
        method=deposit.method,
        payer_id=deposit.payer_id,
        trace_number=deposit.trace_number,
        originating_company_id=deposit.originating_company_id,
    )


def deposit_matched(match: Match, *, match_id: UUID) -> DepositMatched:
    explained_cents = sum(part.amount_cents for part in match.parts)
    return DepositMatched(
        deposit_id=match.deposit.deposit_id,
        match_id=match_id,
        parts=tuple(
            DepositPart(
                remittance_id=part.remittance_id,
                payer_id=part.payer_id,
                trace_number=part.trace_number,
                amount_cents=part.amount_cents,
            )
            for part in match.parts
        ),
        deposited_on=match.deposit.deposited_on,
        amount_cents=match.deposit.amount_cents,
        unexplained_cents=match.deposit.amount_cents - explained_cents,
        inferred=match.inferred,
    )


def variance_opened(variance: Variance) -> VarianceOpened:
    return VarianceOpened(
        variance_id=variance.variance_id,
        kind=variance.kind.value,
        expected_cents=variance.expected_cents,
        actual_cents=variance.actual_cents,
        difference_cents=variance.difference_cents,
        payer_id=variance.payer_id,
        remittance_id=variance.remittance_id,
        deposit_id=variance.deposit_id,
        trace_number=variance.trace_number,
        opened_on=variance.opened_on,
    )


def variance_resolved(variance: Variance, *, resolved_on: date) -> VarianceResolved:
    return VarianceResolved(
        variance_id=variance.variance_id,
        kind=variance.kind.value,
        expected_cents=variance.expected_cents,
        actual_cents=variance.actual_cents,
        difference_cents=variance.difference_cents,
        payer_id=variance.payer_id,
        remittance_id=variance.remittance_id,
        deposit_id=variance.deposit_id,
        trace_number=variance.trace_number,
        opened_on=variance.opened_on,
        outcome=variance.status,
        reason=variance.reason,
        written_off_cents=variance.written_off_cents,
        resolved_on=resolved_on,
    )
