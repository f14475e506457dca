"""Keeps what other services told and this one only compares: payers, claims, payments, the book."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import store
from cleanclaim.reconcile.commands import matching
from cleanclaim.reconcile.domain.clearing import ClearingPosting
from cleanclaim.reconcile.domain.payer import payer_of_company


async def keep_payers(work: Work, *, payers: Sequence[Mapping[str, Any]], on: date) -> None:
    """Keep payers, and recognize by them the deposits that nobody was known for."""
    await store.keep_payers(work, payers)
    await store.one_at_a_time(work)
    waiting = await store.unrecognized_deposits(work)
    if not waiting:
        return
    identities = await store.payer_identities(work)
    found = {
        deposit.deposit_id: payer_id
        for deposit in waiting
        if (payer_id := payer_of_company(deposit.originating_company_id or "", identities))
    }
    await store.set_payers(work, found)
    await matching.match_deposits(work, deposits=await store.deposits(work, found), on=on)


async def keep_billed_claims(work: Work, *, claims: Sequence[Mapping[str, Any]]) -> None:
    """Keep what each claim billed (id, claim_version, payer_id, total_charge_cents, …)."""
    await store.keep_billed_claims(work, claims)


async def keep_payments(work: Work, *, payments: Sequence[Mapping[str, Any]]) -> None:
    """Keep what each claim payment or reversal paid, for the sum of its remittance."""
    await store.keep_payments(work, payments)


async def keep_clearing(work: Work, *, postings: Sequence[ClearingPosting]) -> None:
    """Keep the book's entries on cash clearing."""
    await store.keep_clearing(work, postings)
