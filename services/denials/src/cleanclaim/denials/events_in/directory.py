"""Payers and billing providers as the directory tells them."""

from collections.abc import Sequence

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.subscriptions import Fetched
from cleanclaim.chassis.work import Work
from cleanclaim.denials import commands
from cleanclaim.denials.domain.policy import AppealLevel, PayerPolicy
from cleanclaim.events.claims import PayerConfigured, ProviderConfigured
from cleanclaim.events.claims.directory import PayerVersion
from cleanclaim.events.wire import Heard


async def keep_payers(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    """Keep what payers allow; the deadlines of their open cases follow."""
    newest = {one.fact.payer_id: one for one in heard}
    last = heard[-1].envelope
    await commands.record_payers(
        work,
        payers={
            payer_id: (
                one.envelope.aggregate_version,
                tuple(_policy(version) for version in one.fact.versions),
            )
            for payer_id, one in newest.items()
        },
        trigger=commands.Trigger(cause=Cause.of(last), at=last.occurred_at),
    )


async def keep_providers(
    work: Work, heard: Sequence[Heard[ProviderConfigured]], _: Fetched
) -> None:
    """Keep the name and NPI under which providers bill."""
    await commands.record_providers(
        work,
        providers={
            one.fact.provider_id: (
                one.envelope.aggregate_version,
                one.fact.versions[-1].name,
                one.fact.versions[-1].npi,
            )
            for one in heard
        },
    )


def _policy(version: PayerVersion) -> PayerPolicy:
    return PayerPolicy(
        effective_from_on=version.effective_from_on,
        effective_to_on=version.effective_to_on,
        name=version.name,
        claim_filing_indicator=version.claim_filing_indicator,
        timely_filing_days=version.timely_filing_days,
        corrected_claim_days=version.corrected_claim_days,
        takes_replacement=version.takes_replacement,
        appeal_levels=tuple(
            AppealLevel(level=one.level, days=one.days, basis=one.basis)
            for one in version.appeal_levels
        ),
    )
