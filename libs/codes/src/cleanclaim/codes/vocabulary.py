"""The closed lists of words the tables are written in: causes, actions, owners, dispositions."""

from enum import StrEnum


class RootCause(StrEnum):
    ELIGIBILITY_REGISTRATION = "eligibility_registration"
    AUTHORIZATION = "authorization"
    CODING = "coding"
    MEDICAL_NECESSITY = "medical_necessity"
    DUPLICATE = "duplicate"
    TIMELY_FILING = "timely_filing"
    COB = "cob"
    BUNDLING = "bundling"
    CONTRACTUAL = "contractual"
    PATIENT_RESPONSIBILITY = "patient_responsibility"
    DOCUMENTATION = "documentation"
    PROVIDER_ENROLLMENT = "provider_enrollment"
    # Missing or invalid claim content that is not coding.
    BILLING_DATA = "billing_data"
    NON_COVERED = "non_covered"
    # The payer's error, hold, notice or correction.
    PAYER_PROCESSING = "payer_processing"


class NextAction(StrEnum):
    # Replacement if the payer accepted the first claim, new claim if it was unprocessable.
    CORRECT_AND_RESUBMIT = "correct_and_resubmit"
    APPEAL = "appeal"
    SEND_DOCUMENTATION = "send_documentation"
    VERIFY_COVERAGE = "verify_coverage"
    BILL_OTHER_PAYER = "bill_other_payer"
    BILL_SECONDARY = "bill_secondary"
    # On a denial a proposal for a person, with the signed notice where one is needed.
    BILL_PATIENT = "bill_patient"
    # A proposal: it takes an approval under the organization's limits, posting never does it.
    WRITE_OFF = "write_off"
    POST_ONLY = "post_only"
    FOLLOW_UP = "follow_up"
    # The rest answers claim status, not remittances.
    WAIT = "wait"
    RETRY_LATER = "retry_later"
    MATCH_835 = "match_835"
    NEW_CLAIM = "new_claim"
    CALL_PAYER = "call_payer"


class AppealWorth(StrEnum):
    USUALLY = "usually"
    SOMETIMES = "sometimes"
    RARELY = "rarely"
    NEVER = "never"


class Disposition(StrEnum):
    """What posting does with one adjustment; everything but the first five stays with the payer."""

    CONTRACTUAL = "contractual"
    PATIENT_SHARE = "patient_share"
    NEXT_PAYER = "next_payer"
    WITHHELD = "withheld"
    CAPITATED = "capitated"
    PRIOR_PAYER = "prior_payer"
    DENIED = "denied"
    PAYER_INITIATED = "payer_initiated"
    UNDECIDED = "undecided"


class WorkQueue(StrEnum):
    """The team that owns the fix."""

    AUTHORIZATION = "authorization"
    BILLING = "billing"
    CASE_MANAGEMENT = "case_management"
    CASH_POSTING = "cash_posting"
    CLINICAL_DOCUMENTATION = "clinical_documentation"
    CODING = "coding"
    COMPLIANCE = "compliance"
    CONTRACTING = "contracting"
    DENIALS = "denials"
    ELIGIBILITY = "eligibility"
    HEALTH_INFORMATION = "him"
    PATIENT_FINANCIAL_SERVICES = "patient_financial_services"
    PROVIDER_ENROLLMENT = "provider_enrollment"
    QUALITY = "quality"
    REGISTRATION = "registration"
    WORKERS_COMPENSATION = "workers_compensation"


class AdjustmentGroup(StrEnum):
    """Who owes an adjusted amount (835 CAS01): read it before the reason."""

    # Contract or regulation: the patient may not be billed.
    CO = "CO"
    # Correction and reversal, version 4010 only: read in old files, never written.
    CR = "CR"
    # Neither contractual nor the patient's: prior payer's effect, duplicates, grace periods.
    OA = "OA"
    # The payer thinks the patient does not owe it, without a contract. Medicare does not use it.
    PI = "PI"
    # The next payer's if there is one, else the patient's.
    PR = "PR"

    @property
    def may_bill_patient(self) -> bool:
        return self is AdjustmentGroup.PR

    @property
    def may_be_written(self) -> bool:
        """Version 5010 allows CO, OA, PI and PR in CAS01."""
        return self is not AdjustmentGroup.CR
