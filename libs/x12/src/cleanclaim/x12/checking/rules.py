"""The rules of SNIP 4 and 5 by name, with source and acknowledgement code."""

from __future__ import annotations

import msgspec

from cleanclaim.x12.checks import CODE_KINDS
from cleanclaim.x12.findings import Severity
from cleanclaim.x12.reporting import Rule

CLAIM = "005010X222A1, X223A2, X224A2"
PROFESSIONAL = "005010X222A1"
INSTITUTIONAL = "005010X223A2"
REMITTANCE = "005010X221A1"

# who is the patient
SELF_UNSAID = Rule("subscriber-is-patient", f"{CLAIM} 2000B SBR02", 4, "element", "I9")
PATIENT_TWICE = Rule("patient-level-not-used", f"{CLAIM} 2000C HL", 4, "segment", "I9")
SUBSCRIBER_FACTS = Rule(
    "subscriber-facts-missing", f"{CLAIM} 2010BA N3, N4, DMG", 4, "segment", "I6"
)
MEMBER_NUMBER = Rule("member-number-missing", f"{PROFESSIONAL} 2010BA NM109", 4, "element", "I9")
# the claim
ORIGINAL_NUMBER = Rule("original-reference-missing", f"{CLAIM} 2300 REF*F8", 4, "segment", "I6")
ORIGINAL_UNUSED = Rule(
    "original-reference-not-used", f"{CLAIM} 2300 REF*F8", 4, "segment", "I9", "warning"
)
ATTACHMENT = Rule("attachment-number-missing", f"{CLAIM} 2300, 2400 PWK05", 4, "element", "I9")
ACCIDENT_DAY = Rule("accident-day-missing", f"{CLAIM} 2300 DTP*439", 4, "segment", "I6")
ACCIDENT_STATE = Rule("accident-state-missing", f"{CLAIM} 2300 CLM11-4", 4, "element", "I9")
POINTER = Rule("diagnosis-pointer", "005010X222A1 SV107, X224A2 SV311", 4, "element", "I12")
AMBULANCE = Rule(
    "ambulance-facts-missing", f"{PROFESSIONAL} 2300, 2400 CR1; 2310E, 2420G", 4, "segment", "I6"
)
LINE_PLACE = Rule(
    "line-place-not-used", f"{PROFESSIONAL} 2400 SV105", 4, "element", "I13", "warning"
)
# parties that must differ
SAME_PROVIDER = Rule(
    "provider-not-used", "005010X222A1, X224A2 2310B, 2420A", 4, "segment", "I9", "warning"
)
SAME_ADDRESS = Rule(
    "address-not-used", f"{CLAIM} 2010AB; X222A1 2310C", 4, "segment", "I9", "warning"
)
# several payers
PAYER_ORDER = Rule("payer-sequence-twice", f"{CLAIM} 2000B, 2320 SBR01", 4, "element", "I12")
MEDICARE_SECONDARY = Rule(
    "medicare-secondary-reason", f"{PROFESSIONAL} 2000B SBR05", 4, "element", "I9"
)
PAYER_PAID = Rule("other-payer-paid-missing", f"{CLAIM} 2320 AMT*D", 4, "segment", "I6")
PAYER_DAY = Rule("other-payer-day-missing", f"{CLAIM} 2330B, 2430 DTP*573", 4, "segment", "I6")
PAYER_UNKNOWN = Rule("line-payer-unknown", f"{CLAIM} 2430 SVD01 = 2330B NM109", 4, "element", "I12")
NOT_COVERED = Rule("non-covered-total", f"{CLAIM} 2320 AMT*A8", 4, "element", "I12")
# hospital bills
ADMITTED = Rule("admission-missing", f"{INSTITUTIONAL} 2300 DTP*435", 4, "segment", "I6")
DISCHARGED = Rule("discharge-hour-missing", f"{INSTITUTIONAL} 2300 DTP*096", 4, "segment", "I6")
ADMITTING = Rule("admitting-diagnosis-missing", f"{INSTITUTIONAL} 2300 HI*ABJ", 4, "segment", "I6")
ATTENDING = Rule("attending-missing", f"{INSTITUTIONAL} 2310A", 4, "segment", "I6")
FIRST_PROCEDURE = Rule(
    "principal-procedure-missing", f"{INSTITUTIONAL} 2300 HI*BBR", 4, "segment", "I6"
)
LINE_DAY = Rule("line-day-missing", f"{INSTITUTIONAL} 2400 DTP*472", 4, "segment", "I6")
# remittances
BANK_FACTS = Rule("bank-facts-missing", f"{REMITTANCE} BPR05 to BPR15", 4, "element", "I9")
REVERSAL_SIGN = Rule("reversal-sign", f"{REMITTANCE} 1.10.2.8, CLP02 22", 4, "element", "I12")
CHARGE_SIGN = Rule("charge-sign", f"{REMITTANCE} 2100 CLP03", 4, "element", "I12")
PATIENT_SHARE = Rule(
    "patient-share", f"{REMITTANCE} 2100 CLP05 = CAS*PR", 4, "element", "I12", "warning"
)
CROSSOVER = Rule("crossover-carrier-missing", f"{REMITTANCE} 2100 NM1*TT", 4, "segment", "I6")
SERVICE_DAY = Rule("service-day-missing", f"{REMITTANCE} 2100, 2110 DTM", 4, "segment", "I6")
SERVICE_PERIOD = Rule("service-period-open", f"{REMITTANCE} 2110 DTM*150, 151", 4, "segment", "I6")
SUBMITTED_SAME = Rule(
    "submitted-procedure-not-used", f"{REMITTANCE} 2110 SVC06", 4, "element", "I13", "warning"
)

UNKNOWN_CODES = {
    kind: Rule(f"unknown-{kind}", owner, 5, "element", "7", "warning")
    for kind, owner in CODE_KINDS.items()
}


def code_rules(severity: Severity) -> dict[str, Rule]:
    """The rules of SNIP 5 by kind, as grave as the caller wants them."""
    return {
        kind: msgspec.structs.replace(rule, severity=severity)
        for kind, rule in UNKNOWN_CODES.items()
    }
