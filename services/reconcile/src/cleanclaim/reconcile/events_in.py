"""What reconcile hears: each fact translated and handed to one command."""

from collections.abc import Sequence
from typing import Any

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.directory import keep_organizations
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.work import Work
from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.claims import ClaimSubmitted, OrganizationConfigured, PayerConfigured
from cleanclaim.events.remittance import (
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    RemittancePosted,
    RemittanceReceived,
)
from cleanclaim.events.wire import Heard
from cleanclaim.reconcile import commands, queries
from cleanclaim.reconcile.commands import HeardReceipt
from cleanclaim.reconcile.domain.clearing import CASH_CLEARING, ClearingPosting, purpose_of
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt


async def know_payers(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    newest = {one.fact.payer_id: one for one in heard}
    await commands.keep_payers(
        work,
        payers=[_payer_row(one) for one in newest.values()],
        on=await queries.day_of(work, heard[-1].envelope.occurred_at),
    )


def _payer_row(one: Heard[PayerConfigured]) -> dict[str, Any]:
    versions = one.fact.versions
    # money may come under an older name or company for long after it changed
    names = {name for version in versions for name in (version.name, *version.remittance_names)}
    companies = {company for version in versions for company in version.originating_company_ids}
    return {
        "id": one.fact.payer_id,
        "name": versions[-1].name,
        "names": sorted(names),
        "company_ids": sorted(companies),
        "version": one.envelope.aggregate_version,
    }


async def expect_receipts(
    work: Work, heard: Sequence[Heard[RemittanceReceived]], _: Fetched
) -> None:
    await commands.expect_receipts(work, heard=[_receipt(one) for one in heard])


async def note_posted(work: Work, heard: Sequence[Heard[RemittancePosted]], _: Fetched) -> None:
    await commands.note_posted(work, heard=[_posted(one) for one in heard])


def _receipt(one: Heard[RemittanceReceived] | Heard[RemittancePosted]) -> HeardReceipt:
    return HeardReceipt(
        receipt=_expected(one.fact),
        cause=Cause.of(one.envelope),
        heard_at=one.envelope.occurred_at,
    )


def _posted(one: Heard[RemittancePosted]) -> HeardReceipt:
    fact = one.fact
    claims_cents = fact.posted_paid_cents + fact.reversed_paid_cents
    posted_cents = claims_cents + fact.unmatched_paid_cents - fact.provider_adjustment_cents
    return HeardReceipt(
        receipt=_expected(fact),
        cause=Cause.of(one.envelope),
        heard_at=one.envelope.occurred_at,
        posted_cents=posted_cents,
        claims_told_cents=claims_cents,
    )


def _expected(fact: RemittanceReceived | RemittancePosted) -> ExpectedReceipt:
    return ExpectedReceipt(
        remittance_id=fact.remittance_id,
        payer_id=fact.payer_id,
        trace_number=fact.trace_number,
        originating_company_id=fact.originating_company_id,
        payment_method=fact.payment_method,
        paid_on=fact.paid_on,
        payment_cents=fact.payment_cents,
    )


async def keep_billed_claims(
    work: Work, heard: Sequence[Heard[ClaimSubmitted]], _: Fetched
) -> None:
    newest: dict[Any, dict[str, Any]] = {}
    for one in heard:
        fact = one.fact
        newest[fact.claim_id] = {
            "id": fact.claim_id,
            "claim_version": fact.claim_version,
            "payer_id": fact.payer_id,
            "total_charge_cents": fact.total_charge_cents,
            "submitted_on": await queries.day_of(work, fact.submitted_at),
            "repeats_charges": fact.related_claim_id is not None,
        }
    await commands.keep_billed_claims(work, claims=list(newest.values()))


async def keep_payments(
    work: Work,
    heard: Sequence[Heard[ClaimPaymentPosted]] | Sequence[Heard[ClaimPaymentReversed]],
    _: Fetched,
) -> None:
    payments = [
        {
            "id": one.fact.claim_payment_id,
            "remittance_id": one.fact.remittance_id,
            "paid_cents": one.fact.paid_cents,
            "from_unapplied": one.fact.from_unapplied,
        }
        for one in heard
    ]
    await commands.keep_payments(work, payments=payments)


async def keep_clearing(work: Work, heard: Sequence[Heard[JournalPosted]], _: Fetched) -> None:
    postings = [
        ClearingPosting(
            posting_id=derived_id(one.fact.entry_id, f"posting:{number}"),
            entry_id=one.fact.entry_id,
            payer_id=posting.payer_id,
            trace_number=posting.trace_number,
            amount_cents=posting.amount_cents,
            effective_on=one.fact.effective_on,
            purpose=purpose_of(one.fact.cause_event_type),
        )
        for one in heard
        for number, posting in enumerate(one.fact.postings)
        if posting.account == CASH_CLEARING
    ]
    await commands.keep_clearing(work, postings=postings)


SUBSCRIPTIONS = (
    Subscription(
        model=OrganizationConfigured,
        apply=keep_organizations,
        kind="projector",
        fills="organizations",
    ),
    Subscription(model=PayerConfigured, apply=know_payers, kind="reactor"),
    Subscription(
        model=ClaimSubmitted, apply=keep_billed_claims, kind="projector", fills="billed_claims"
    ),
    Subscription(model=RemittanceReceived, apply=expect_receipts, kind="reactor"),
    Subscription(model=RemittancePosted, apply=note_posted, kind="reactor"),
    Subscription(
        model=ClaimPaymentPosted, apply=keep_payments, kind="projector", fills="heard_payments"
    ),
    Subscription(
        model=ClaimPaymentReversed, apply=keep_payments, kind="projector", fills="heard_payments"
    ),
    Subscription(
        model=JournalPosted, apply=keep_clearing, kind="projector", fills="clearing_postings"
    ),
)
"""Equals the catalogue's listeners of reconcile."""
