"""Hands each batch of facts of one type to one command."""

from collections.abc import Sequence
from typing import Any, TypeVar

from cleanclaim.accounts import commands
from cleanclaim.accounts.commands import Happened
from cleanclaim.accounts.domain.account import PatientAccount
from cleanclaim.accounts.domain.journal import Occasion
from cleanclaim.accounts.events_in import translation
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.subscriptions import Fetched
from cleanclaim.chassis.work import Work
from cleanclaim.events import claims, intake, reconcile, remittance
from cleanclaim.events.wire import Heard

FactT = TypeVar("FactT")


def _happened(one: Heard[Any], fact: FactT) -> Happened[FactT]:
    envelope = one.envelope
    occasion = Occasion(
        event_id=envelope.event_id,
        event_type=envelope.event_type,
        occurred_at=envelope.occurred_at,
    )
    return Happened(fact=fact, occasion=occasion, thread=Cause.of(envelope))


async def keep_payers(
    work: Work, heard: Sequence[Heard[claims.PayerConfigured]], _: Fetched
) -> None:
    payers = [
        (one.fact.payer_id, one.fact.versions[-1].name, one.envelope.aggregate_version)
        for one in heard
    ]
    await commands.keep_payers(work, payers=payers)


async def open_patient_accounts(
    work: Work, heard: Sequence[Heard[intake.PatientRegistered]], _: Fetched
) -> None:
    accounts = [
        (
            PatientAccount(
                patient_account_id=one.fact.patient_account_id,
                patient_id=one.fact.patient_id,
                patient_version=one.fact.patient_version,
            ),
            one.envelope.occurred_at,
        )
        for one in heard
    ]
    await commands.open_patient_accounts(work, accounts=accounts)


async def book_self_pay_charges(
    work: Work, heard: Sequence[Heard[intake.EncounterReady]], _: Fetched
) -> None:
    ready = [_happened(one, translation.ready_encounter(one.fact)) for one in heard]
    await commands.book_encounters(work, ready=ready)


async def book_claim_charges(
    work: Work, heard: Sequence[Heard[claims.ClaimSubmitted]], _: Fetched
) -> None:
    submitted = [_happened(one, translation.submitted_claim(one.fact)) for one in heard]
    await commands.book_claims(work, submitted=submitted)


async def book_payments(
    work: Work, heard: Sequence[Heard[remittance.ClaimPaymentPosted]], _: Fetched
) -> None:
    decisions = [_happened(one, translation.payer_decision(one.fact)) for one in heard]
    await commands.book_payments(work, decisions=decisions)


async def book_reversals(
    work: Work, heard: Sequence[Heard[remittance.ClaimPaymentReversed]], _: Fetched
) -> None:
    reversals = [_happened(one, translation.payer_decision(one.fact)) for one in heard]
    await commands.book_reversals(work, reversals=reversals)


async def book_unmatched(
    work: Work, heard: Sequence[Heard[remittance.ClaimPaymentUnmatched]], _: Fetched
) -> None:
    payments = [_happened(one, translation.unmatched_payment(one.fact)) for one in heard]
    await commands.book_unmatched(work, payments=payments)


async def book_provider_adjustments(
    work: Work, heard: Sequence[Heard[remittance.ProviderAdjustmentPosted]], _: Fetched
) -> None:
    adjustments = [_happened(one, translation.provider_adjustment(one.fact)) for one in heard]
    await commands.book_provider_adjustments(work, adjustments=adjustments)


async def book_deposits(
    work: Work, heard: Sequence[Heard[reconcile.DepositRecorded]], _: Fetched
) -> None:
    deposits = [
        _happened(
            one,
            translation.deposit(one.fact),
        )
        for one in heard
    ]
    await commands.book_deposits(work, deposits=deposits)


async def book_matches(
    work: Work, heard: Sequence[Heard[reconcile.DepositMatched]], _: Fetched
) -> None:
    matches = [_happened(one, translation.deposit_match(one.fact)) for one in heard]
    await commands.book_matches(work, matches=matches)


async def book_variances(
    work: Work, heard: Sequence[Heard[reconcile.VarianceResolved]], _: Fetched
) -> None:
    variances = [_happened(one, translation.resolved_variance(one.fact)) for one in heard]
    await commands.book_variances(work, variances=variances)
