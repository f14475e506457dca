"""Putting an encounter version together from what stands now, and judging it by the rule book."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake import store
from cleanclaim.intake.domain.coverage import Coverage, CoverageUnknown, by_rank
from cleanclaim.intake.domain.encounter import EncounterContent, EncounterVersion
from cleanclaim.intake.domain.finding import DataEntryFinding
from cleanclaim.intake.domain.patient import PatientUnknown
from cleanclaim.intake.domain.payer import Payer
from cleanclaim.intake.domain.rules import Examination, examine


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A version, what was found in it, and the primary payer's days for filing."""

    version: EncounterVersion
    findings: tuple[DataEntryFinding, ...]
    timely_filing_days: int | None = None


async def examine_content(
    work: Work,
    *,
    vault: Vault,
    encounter_id: UUID,
    patient_id: UUID,
    content: EncounterContent,
    received_on: date | None = None,
) -> Examined:
    """Judge what was entered, with the patient and the coverages that stand now, as version 1.

    `received_on` is given for what came in earlier.

    Raises:
        PatientUnknown, CoverageUnknown: the content names what the organization does not have.
    """
    home = await store.home_of(work)
    patient = await store.patient_of(work, vault, patient_id)
    if patient is None:
        raise PatientUnknown(
            "The organization has no patient of this id.",
            pointer="/patient_id",
            fix="Register the patient first, at POST /v1/patients.",
        )
    registered = await store.coverages_of(work, vault, patient_id)
    coverages = _chosen(content, registered)
    payers = await store.payers_of(work, (one.payer_id for one in coverages))
    version = EncounterVersion(
        encounter_id=encounter_id,
        version=1,
        received_on=received_on or work.now.astimezone(ZoneInfo(home.time_zone)).date(),
        content=content,
        patient=patient,
        coverages=tuple(_billable(one, payers, content.service_from_on) for one in coverages),
    )
    examination = Examination(version=version, payers=payers, environment=home.environment)
    return Examined(
        version=version,
        findings=examine(examination),
        timely_filing_days=_filing_days(examination),
    )


def _chosen(content: EncounterContent, registered: list[Coverage]) -> tuple[Coverage, ...]:
    if content.coverage_ids is None:
        day = content.service_from_on
        if content.self_pay:
            return ()
        return by_rank(tuple(one for one in registered if day is None or one.in_force_on(day)))
    known = {one.coverage_id: one for one in registered}
    for place, wanted in enumerate(content.coverage_ids):
        if wanted not in known:
            raise CoverageUnknown(
                "The patient has no coverage of this id.",
                pointer=f"/coverage_ids/{place}",
                fix="Register it at POST /v1/coverages, or leave coverage_ids out.",
            )
    return by_rank(tuple(known[wanted] for wanted in dict.fromkeys(content.coverage_ids)))


def _billable(coverage: Coverage, payers: dict[UUID, Payer], day: date | None) -> Coverage:
    """The coverage with its payer's filing indicator where it has none of its own."""
    payer = payers.get(coverage.payer_id)
    terms = payer.terms_on(day) if payer and day else None
    if coverage.claim_filing_indicator or terms is None:
        return coverage
    return replace(coverage, claim_filing_indicator=terms.claim_filing_indicator)


def _filing_days(examination: Examination) -> int | None:
    for coverage in examination.version.coverages[:1]:
        terms = examination.terms_of(coverage)
        return terms.timely_filing_days if terms else None
    return None


async def filing_days_of(work: Work, *, version: EncounterVersion) -> int | None:
    """The primary payer's days for filing, where they are known."""
    payers = await store.payers_of(work, (one.payer_id for one in version.coverages))
    return _filing_days(Examination(version=version, payers=payers))
