"""What intake hears: the directory, and which encounters were billed."""

from collections.abc import Sequence
from typing import Any

from cleanclaim.chassis import directory
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import (
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    PayerVersion,
)
from cleanclaim.events.wire import Heard
from cleanclaim.intake import commands
from cleanclaim.intake.commands import SentClaim
from cleanclaim.intake.domain.payer import Payer, PayerTerms

VOID = "8"
"""CLM05-3 of a claim that takes an earlier one back."""


async def keep_organizations(work: Work, heard: Sequence[Heard[Any]], fetched: Fetched) -> None:
    await directory.keep_organizations(work, heard, fetched)
    await commands.note_organization(work)


async def keep_payers(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    payers = [(_payer(one.fact), one.envelope.aggregate_version) for one in heard]
    await commands.keep_payers(work, payers=payers)


async def mark_billed(work: Work, heard: Sequence[Heard[ClaimSubmitted]], _: Fetched) -> None:
    sent = [
        SentClaim(
            encounter_id=one.fact.encounter_id,
            encounter_version=one.fact.encounter_version,
            is_void=one.fact.frequency_code == VOID,
        )
        for one in heard
    ]
    await commands.mark_billed(work, sent=sent)


def _payer(fact: PayerConfigured) -> Payer:
    return Payer(payer_id=fact.payer_id, terms=tuple(_terms(one) for one in fact.versions))


def _terms(version: PayerVersion) -> PayerTerms:
    return PayerTerms(
        effective_from_on=version.effective_from_on,
        effective_to_on=version.effective_to_on,
        claim_filing_indicator=version.claim_filing_indicator,
        timely_filing_days=version.timely_filing_days,
    )


SUBSCRIPTIONS = (
    Subscription(
        model=OrganizationConfigured,
        apply=keep_organizations,
        kind="projector",
        fills="organizations",
    ),
    Subscription(model=PayerConfigured, apply=keep_payers, kind="projector", fills="payers"),
    Subscription(model=ClaimSubmitted, apply=mark_billed, kind="reactor"),
)
"""Equals the catalogue's listeners of intake."""
