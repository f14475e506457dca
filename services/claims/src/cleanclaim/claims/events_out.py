"""What claims tells: its values as the contracts of the stream."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from cleanclaim.claims.domain.answers import Rank
from cleanclaim.claims.domain.claim import ClaimVersion, ServiceLine
from cleanclaim.claims.domain.directory import Payer, Provider
from cleanclaim.claims.domain.edits import Finding
from cleanclaim.events.claims import (
    Address,
    AnswerFinding,
    AppealLevel,
    ClaimAcknowledged,
    ClaimHeld,
    ClaimLine,
    ClaimRejected,
    ClaimSubmitted,
    EditFinding,
    OrganizationConfigured,
    OtherPayer,
    PayerConfigured,
    PayerVersion,
    ProviderConfigured,
    ProviderVersion,
)

_LONGEST_POINTER = 60
_ANSWERERS = {
    Rank.INTERCHANGE: "clearinghouse",
    Rank.GROUP: "clearinghouse",
    Rank.CLEARINGHOUSE: "clearinghouse",
    Rank.PAYER: "payer",
}


def organization_configured(
    organization_id: UUID, *, name: str, time_zone: str, environment: str
) -> OrganizationConfigured:
    test = environment == "test"
    return OrganizationConfigured(
        organization_id=organization_id,
        name=name,
        time_zone=time_zone,
        environment="test" if test else "live",
    )


def provider_configured(provider: Provider) -> ProviderConfigured:
    """The entry whole; a social security number is not among what it tells."""
    versions = []
    for one in provider.versions:
        fields = asdict(one)
        fields.pop("tin_kind")
        address = Address(**fields.pop("address"))
        versions.append(ProviderVersion(**fields, address=address))
    return ProviderConfigured(provider_id=provider.provider_id, versions=tuple(versions))


def payer_configured(payer: Payer) -> PayerConfigured:
    versions = []
    for one in payer.versions:
        fields = asdict(one)
        levels = tuple(AppealLevel(**level) for level in fields.pop("appeal_levels"))
        where = fields.pop("appeal_address")
        address = Address(**where) if where else None
        versions.append(PayerVersion(**fields, appeal_levels=levels, appeal_address=address))
    return PayerConfigured(payer_id=payer.payer_id, versions=tuple(versions))


def claim_held(claim: ClaimVersion, findings: Sequence[Finding]) -> ClaimHeld:
    return ClaimHeld(
        claim_id=claim.claim_id,
        claim_version=claim.version,
        encounter_id=claim.encounter_id,
        encounter_version=claim.encounter_version,
        payer_id=claim.payer_id,
        claim_type="institutional" if claim.claim_type == "institutional" else "professional",
        total_charge_cents=claim.total_charge_cents,
        file_by_on=claim.file_by_on,
        findings=tuple(
            EditFinding(
                rule_id=one.rule_id,
                severity=one.severity,
                line_id=one.line_id,
                pointer=one.pointer[:_LONGEST_POINTER] if one.pointer else None,
            )
            for one in findings
        ),
    )


def claim_submitted(
    claim: ClaimVersion,
    *,
    submission: Mapping[Any, Any],
    set_control_number: str,
    warnings: Sequence[Finding],
    submitted_at: datetime,
) -> ClaimSubmitted:
    """The version as it was handed over; `submission` is its row.

    Raises:
        ValueError: the version names no billing provider of the directory; it was never clean.
    """
    if claim.billing_provider_id is None:
        raise ValueError("a claim without a billing provider cannot have been submitted")
    return ClaimSubmitted(
        claim_id=claim.claim_id,
        claim_version=claim.version,
        encounter_id=claim.encounter_id,
        encounter_version=claim.encounter_version,
        patient_account_id=claim.patient_account_id,
        coverage_id=claim.coverage_id,
        claim_type="professional",
        frequency_code=claim.frequency_code,
        patient_control_number=claim.patient_control_number,
        payer_id=claim.payer_id,
        payer_responsibility=claim.payer_responsibility,
        other_payers=tuple(
            OtherPayer(payer_id=one.payer_id, payer_responsibility=one.payer_responsibility)
            for one in claim.further_payers
        ),
        billing_provider_id=claim.billing_provider_id,
        billing_provider_npi=claim.billing_provider_npi,
        rendering_provider_npi=claim.rendering_provider_npi,
        facility_code=claim.facility_code,
        diagnosis_codes=claim.diagnosis_codes,
        authorization_present=claim.authorization_present,
        edit_profile=claim.edit_profile,
        accepted_warnings=tuple(one.rule_id for one in warnings if one.severity == "warning"),
        lines=tuple(_line(one) for one in claim.lines),
        total_charge_cents=claim.total_charge_cents,
        service_from_on=claim.service_from_on,
        service_to_on=claim.service_to_on,
        submitted_at=submitted_at,
        file_by_on=claim.file_by_on,
        interchange_control_number=submission["interchange_control_number"],
        group_control_number=submission["group_control_number"],
        transaction_control_number=set_control_number,
        transport="mailbox",
    )


def _line(line: ServiceLine) -> ClaimLine:
    return ClaimLine(
        line_id=line.line_id,
        line_control_number=line.line_control_number,
        procedure_code=line.procedure_code,
        modifiers=line.modifiers,
        diagnosis_pointers=line.diagnosis_pointers,
        units=line.units,
        unit_code=line.unit_code,
        charge_cents=line.charge_cents,
        service_from_on=line.service_from_on,
        service_to_on=line.service_to_on,
    )


def claim_answered(row: Mapping[Any, Any], *, rejected: bool) -> ClaimAcknowledged | ClaimRejected:
    """What a row of `claim_answers` says, as the fact that it changed the claim to."""
    kind = ClaimRejected if rejected else ClaimAcknowledged
    return kind(
        claim_id=row["claim_id"],
        claim_version=row["claim_version"],
        answer=row["answer"],
        answered_by=_ANSWERERS[Rank(row["rank"])],
        findings=tuple(_finding(one) for one in row["findings"]),
        payer_claim_control_number=row["payer_claim_control_number"],
        answered_at=row["answered_at"],
    )


def _finding(kept: Mapping[Any, Any]) -> AnswerFinding:
    line_id = kept.get("line_id")
    return AnswerFinding(**{**kept, "line_id": UUID(line_id) if line_id else None})
