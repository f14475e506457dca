"""What claims tells: the directory, and the life of a claim until the payer has decided."""

from cleanclaim.events.claims.directory import (
    Address,
    AppealLevel,
    OrganizationConfigured,
    PayerConfigured,
    PayerVersion,
    ProviderConfigured,
    ProviderVersion,
)
from cleanclaim.events.claims.submission import (
    AnswerFinding,
    ClaimAcknowledged,
    ClaimHeld,
    ClaimLine,
    ClaimRejected,
    ClaimSubmitted,
    EditFinding,
    OtherPayer,
)

__all__ = [
    "Address",
    "AnswerFinding",
    "AppealLevel",
    "ClaimAcknowledged",
    "ClaimHeld",
    "ClaimLine",
    "ClaimRejected",
    "ClaimSubmitted",
    "EditFinding",
    "OrganizationConfigured",
    "OtherPayer",
    "PayerConfigured",
    "PayerVersion",
    "ProviderConfigured",
    "ProviderVersion",
]
