"""Every data-entry rule once, in the order in which its findings are shown."""

from typing import Final

from cleanclaim.codes.vocabulary import WorkQueue
from cleanclaim.intake.domain.finding import DataEntryFinding, Severity
from cleanclaim.intake.domain.rules import (
    address,
    birth,
    charges,
    consents,
    dates,
    diagnoses,
    member_id,
    names,
    payers,
    procedures,
    providers,
    relationship,
)
from cleanclaim.intake.domain.rules.rule import Check, Examination, Rule

_GUIDE = "837 guide 005010X222A1"


def _rule(
    rule_id: str, title: str, queue: WorkQueue, source: str, check: Check, *, warns: bool = False
) -> Rule:
    severity = Severity.WARNING if warns else Severity.ERROR
    return Rule(
        id=rule_id, title=title, severity=severity, queue=queue.value, source=source, check=check
    )


_REGISTRATION: Final = WorkQueue.REGISTRATION
_ELIGIBILITY: Final = WorkQueue.ELIGIBILITY
_BILLING: Final = WorkQueue.BILLING
_CODING: Final = WorkQueue.CODING
_ENROLLMENT: Final = WorkQueue.PROVIDER_ENROLLMENT

RULES: tuple[Rule, ...] = (
    _rule("A01", "Names are a person's own", _REGISTRATION, _GUIDE, names.check_names),
    _rule("A02", "Birth date is likely", _REGISTRATION, _GUIDE, birth.check_birth_dates),
    _rule("A03", "Served after birth", _REGISTRATION, "logic", birth.check_service_after_birth),
    _rule("A04", "Served before death", _REGISTRATION, "logic", birth.check_service_before_death),
    _rule("A05", "Sex is M, F or U", _REGISTRATION, f"{_GUIDE}, DMG03", birth.check_sex),
    _rule("A06", "Address is whole", _REGISTRATION, "USPS Publication 28", address.check_addresses),
    _rule("A07", "Member number is there", _REGISTRATION, _GUIDE, member_id.check_member_ids),
    _rule(
        "A08", "Medicare number has its form", _REGISTRATION, "CMS, Understanding the MBI",
        member_id.check_beneficiary_ids,
    ),
    _rule(
        "A09", "Synthetic numbers stay in tests", _REGISTRATION, "CMS synthetic data",
        member_id.check_synthetic_ids,
    ),
    _rule("A10", "Self is the patient", _REGISTRATION, f"{_GUIDE}, SBR02", relationship.check_self),
    _rule(
        "A11", "Subscriber is known", _REGISTRATION, f"{_GUIDE}, PAT01", relationship.check_others
    ),
    _rule(
        "A12", "Coverage holds that day", _ELIGIBILITY, "registered dates",
        payers.check_coverage_dates,
    ),
    _rule("A13", "One primary, no gaps", _REGISTRATION, f"{_GUIDE}, SBR01", payers.check_order),
    _rule("A16", "Payer is known", _REGISTRATION, "payer directory", payers.check_payers),
    _rule(
        "A17", "Filing indicator is the payer's", _REGISTRATION, f"{_GUIDE}, SBR09",
        payers.check_filing_indicators,
    ),
    _rule("A20", "Accident is told whole", _BILLING, f"{_GUIDE}, CLM11", consents.check_accident),
    _rule("A21", "Consents are answered", _REGISTRATION, f"{_GUIDE}, CLM06-09",
          consents.check_consents),
    _rule("B01", "NPI proves itself", _ENROLLMENT, "45 CFR 162.406", providers.check_npis),
    _rule("B02", "Somebody bills", _BILLING, f"{_GUIDE}, 2010AA", providers.check_billing_provider),
    _rule("B03", "Providers are identified", _BILLING, f"{_GUIDE}, 2310",
          providers.check_practitioners),
    _rule("B06", "Taxonomy has its shape", _ENROLLMENT, "NUCC", providers.check_taxonomies,
          warns=True),
    _rule("B10", "Facility is whole", _BILLING, f"{_GUIDE}, 2310C", providers.check_facility),
    _rule("C01", "Diagnosis has its shape", _CODING, "ICD-10-CM", diagnoses.check_shapes),
    _rule("C02", "Diagnosis exists that day", _CODING, "ICD-10-CM", diagnoses.check_existence),
    _rule("C03", "Diagnosis is billable", _CODING, "ICD-10-CM", diagnoses.check_billable),
    _rule("C05", "One to twelve diagnoses", _CODING, f"{_GUIDE}, HI", diagnoses.check_count),
    _rule("C06", "No diagnosis twice", _CODING, "logic", diagnoses.check_repeats),
    _rule("C07", "First-listed may be first", _CODING, "ICD-10-CM guidelines, I.B",
          diagnoses.check_first_listed),
    _rule("C11", "Age fits the diagnosis", _CODING, "Medicare Code Editor", diagnoses.check_ages,
          warns=True),
    _rule("D01", "Procedure has its shape", _CODING, "code structure", procedures.check_procedures),
    _rule("D04", "Pointers point", _CODING, f"{_GUIDE}, SV107", procedures.check_pointers),
    _rule("D05", "First pointer may be first", _CODING, "ICD-10-CM guidelines, I.B",
          procedures.check_first_pointers),
    _rule("D06", "Modifiers are well-formed", _CODING, "CMS and AMA lists",
          procedures.check_modifiers),
    _rule("D12", "Modifiers agree", _CODING, "CMS ABN modifiers", procedures.check_clashes),
    _rule("D30", "Place of service exists", _BILLING, "CMS place of service",
          procedures.check_places),
    _rule("E01", "Units are over 0", _BILLING, f"{_GUIDE}, SV104", charges.check_units),
    _rule("E05", "No line twice", _BILLING, "logic", charges.check_repeated_lines),
    _rule("F01", "No service in the future", _BILLING, _GUIDE, dates.check_future),
    _rule("F02", "Days are in order", _BILLING, _GUIDE, dates.check_order),
    _rule("G01", "Total is the sum", _BILLING, f"{_GUIDE}, CLM02", charges.check_total),
    _rule("G02", "Charges are positive", _BILLING, f"{_GUIDE}, SV102", charges.check_amounts),
    _rule("K05", "One to fifty lines", _BILLING, f"{_GUIDE}, 2400", charges.check_line_count),
)  # fmt: skip


def examine(examination: Examination) -> tuple[DataEntryFinding, ...]:
    """All findings of all rules; errors do not hide one another."""
    return tuple(finding for rule in RULES for finding in rule.findings(examination))
