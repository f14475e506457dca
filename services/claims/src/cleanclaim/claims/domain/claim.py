"""A claim version: our request for payment to one payer, built from an encounter version."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from cleanclaim.claims.domain import numbers
from cleanclaim.claims.domain.directory import Directory, PayerVersion
from cleanclaim.claims.domain.encounter import EncounterCharge, EncounterCoverage, EncounterVersion
from cleanclaim.values.errors import Invalid, Missing

ORIGINAL = "1"
"""CLM05-3 of a first sending, and of a rejected claim that is sent again (it never entered)."""


class NoSuchClaim(Missing):
    """The organization has no claim, or no such version of it."""


class PrimaryCoverageMissing(Invalid):
    """Exactly one coverage must be marked P, or there is nobody to bill first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One billed line; `units` is decimal text, `charge_cents` in cents."""

    line_id: UUID
    line_control_number: str
    procedure_code: str
    modifiers: tuple[str, ...] = ()
    diagnosis_pointers: tuple[int, ...] = ()
    units: str = "1"
    unit_code: str = "UN"
    charge_cents: int
    service_from_on: date
    service_to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPayer:
    """Another payer on file for the same services, by its place in the order."""

    payer_id: UUID
    payer_responsibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVersion:
    """All of a claim version that is no person: ids, codes, days and cents."""

    claim_id: UUID
    claim_number: str
    version: int
    encounter_id: UUID
    encounter_version: int
    patient_account_id: UUID
    coverage_id: UUID
    claim_type: str
    frequency_code: str = ORIGINAL
    patient_control_number: str
    payer_id: UUID
    payer_responsibility: str = "P"
    further_payers: tuple[FurtherPayer, ...] = ()
    billing_provider_id: UUID | None = None
    billing_provider_npi: str
    rendering_provider_npi: str | None = None
    facility_code: str
    diagnosis_codes: tuple[str, ...] = ()
    authorization_present: bool = False
    edit_profile: str | None = None
    lines: tuple[ServiceLine, ...]
    total_charge_cents: int
    service_from_on: date
    service_to_on: date
    file_by_on: date | None = None


def draft(
    encounter: EncounterVersion, *, claim_number: str, version: int, directory: Directory
) -> ClaimVersion:
    """Build the claim version to the primary payer; what is wrong with it the edits will say.

    Raises:
        PrimaryCoverageMissing: no coverage, or more than one, is marked P.
    """
    coverage = _primary(encounter)
    payer = directory.payers.get(coverage.payer_id)
    terms = payer.version_on(encounter.service_from_on) if payer else None
    provider = directory.providers.get(encounter.billing_provider_npi)
    claim_id = numbers.claim_id_of(encounter.encounter_id)
    rendering = encounter.rendering_provider
    return ClaimVersion(
        claim_id=claim_id,
        claim_number=claim_number,
        version=version,
        encounter_id=encounter.encounter_id,
        encounter_version=encounter.encounter_version,
        patient_account_id=encounter.patient_account_id,
        coverage_id=coverage.coverage_id,
        claim_type=encounter.claim_type,
        patient_control_number=numbers.patient_control_number(
            directory.organization_id, claim_number, version
        ),
        payer_id=coverage.payer_id,
        further_payers=tuple(
            FurtherPayer(payer_id=one.payer_id, payer_responsibility=one.order)
            for one in encounter.further
        ),
        billing_provider_id=provider.provider_id if provider else None,
        billing_provider_npi=encounter.billing_provider_npi,
        rendering_provider_npi=rendering.npi if rendering else None,
        facility_code=encounter.place_of_service,
        diagnosis_codes=encounter.diagnoses,
        authorization_present=bool(encounter.prior_authorization_number),
        edit_profile=terms.edits_profile if terms else None,
        lines=tuple(_line(claim_id, claim_number, charge) for charge in encounter.charges),
        total_charge_cents=encounter.total_charge_cents,
        service_from_on=encounter.service_from_on,
        service_to_on=encounter.service_to_on,
        file_by_on=file_by_on(encounter.service_from_on, terms),
    )


def _primary(encounter: EncounterVersion) -> EncounterCoverage:
    primaries = [one for one in encounter.coverages if one.order == "P"]
    if len(primaries) != 1:
        raise PrimaryCoverageMissing(
            f"The encounter has {len(primaries)} coverages of order P; one is billed first.",
            fix="Set the order of its coverages in intake and save the encounter anew.",
        )
    return primaries[0]


def _line(claim_id: UUID, number: str, charge: EncounterCharge) -> ServiceLine:
    return ServiceLine(
        line_id=numbers.line_id_of(claim_id, charge.charge_id),
        line_control_number=numbers.line_control_number(number, charge.line_number),
        procedure_code=charge.procedure_code,
        modifiers=charge.modifiers,
        diagnosis_pointers=charge.diagnosis_pointers,
        units=_decimal_text(charge.units),
        unit_code=charge.unit,
        charge_cents=charge.charge_cents,
        service_from_on=charge.service_from_on,
        service_to_on=charge.service_to_on,
    )


def _decimal_text(units: Decimal) -> str:
    text = f"{units:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def file_by_on(service_from_on: date, terms: PayerVersion | None) -> date | None:
    """Last day for filing: professional claims count from the first day of service.

    Source: the payer's own policy (42 CFR 424.44 for Medicare); None where no policy is known.
    """
    return service_from_on + timedelta(days=terms.timely_filing_days) if terms else None
