"""What remittance hears, and what follows from it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.directory import keep_organizations
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import (
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    PayerVersion,
    ProviderConfigured,
)
from cleanclaim.events.wire import Heard
from cleanclaim.remittance import commands
from cleanclaim.remittance.domain.claim_reference import (
    ClaimReference,
    FurtherPayer,
    ReferenceLine,
    normalised,
)
from cleanclaim.remittance.domain.directory import PayerReference, ProviderReference


async def keep_payers(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    newest = {one.fact.payer_id: one for one in heard}
    await commands.know_payers(
        work,
        entries=[
            (
                payer_id,
                one.envelope.aggregate_version,
                tuple(_payer(payer_id, version) for version in one.fact.versions),
            )
            for payer_id, one in newest.items()
        ],
    )


def _payer(payer_id: UUID, version: PayerVersion) -> PayerReference:
    return PayerReference(
        payer_id=payer_id,
        from_on=version.effective_from_on,
        to_on=version.effective_to_on,
        names=(version.name, *version.remittance_names),
        identifiers=(version.payer_identifier, *version.remittance_identifiers),
        originating_company_ids=version.originating_company_ids,
    )


async def keep_providers(
    work: Work, heard: Sequence[Heard[ProviderConfigured]], _: Fetched
) -> None:
    newest = {one.fact.provider_id: one for one in heard}
    await commands.know_providers(
        work,
        entries=[
            (
                provider_id,
                one.envelope.aggregate_version,
                tuple(
                    ProviderReference(
                        provider_id=provider_id,
                        from_on=version.effective_from_on,
                        to_on=version.effective_to_on,
                        npi=version.npi,
                        tin=version.tin,
                    )
                    for version in one.fact.versions
                ),
            )
            for provider_id, one in newest.items()
        ],
    )


async def keep_claims(work: Work, heard: Sequence[Heard[ClaimSubmitted]], _: Fetched) -> None:
    """Keep each claim as sent; a payment that waited for one is posted now."""
    await commands.know_claims(
        work,
        sent=[
            (_reference(one), one.fact.related_claim_id, Cause.of(one.envelope)) for one in heard
        ],
    )


def _reference(heard: Heard[ClaimSubmitted]) -> ClaimReference:
    fact = heard.fact
    return ClaimReference(
        claim_id=fact.claim_id,
        claim_version=fact.claim_version,
        case_claim_id=fact.related_claim_id or fact.claim_id,
        patient_control_number=normalised(fact.patient_control_number),
        claim_type=fact.claim_type,
        patient_account_id=fact.patient_account_id,
        payer_id=fact.payer_id,
        responsibility=fact.payer_responsibility,
        further_payers=tuple(
            FurtherPayer(payer_id=one.payer_id, responsibility=one.payer_responsibility)
            for one in fact.other_payers
        ),
        lines=tuple(_line(line) for line in fact.lines),
        charge_cents=fact.total_charge_cents,
        service_from_on=fact.service_from_on,
        service_to_on=fact.service_to_on,
        cause=Cause.of(heard.envelope).as_json(),
    )


def _line(line: Any) -> ReferenceLine:
    return ReferenceLine(
        line_id=line.line_id,
        control_number=line.line_control_number,
        code=line.procedure_code or line.revenue_code or "",
        modifiers=line.modifiers,
        charge_cents=line.charge_cents,
        service_from_on=line.service_from_on,
        service_to_on=line.service_to_on,
    )


SUBSCRIPTIONS = (
    Subscription(
        model=OrganizationConfigured,
        apply=keep_organizations,
        kind="projector",
        fills="organizations",
    ),
    Subscription(
        model=PayerConfigured, apply=keep_payers, kind="projector", fills="payer_references"
    ),
    Subscription(
        model=ProviderConfigured,
        apply=keep_providers,
        kind="projector",
        fills="provider_references",
    ),
    Subscription(model=ClaimSubmitted, apply=keep_claims, kind="reactor"),
)
