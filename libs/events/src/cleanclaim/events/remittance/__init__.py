"""What remittance tells: what payers said of payments and of claims, judged once."""

from cleanclaim.events.remittance.payments import (
    Adjustment,
    ClaimDenied,
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    ClaimPaymentUnmatched,
    DeniedLine,
    PaidLine,
)
from cleanclaim.events.remittance.remittances import (
    ProviderAdjustment,
    ProviderAdjustmentPosted,
    RemittanceHeld,
    RemittancePosted,
    RemittanceReceived,
)

__all__ = [
    "Adjustment",
    "ClaimDenied",
    "ClaimPaymentPosted",
    "ClaimPaymentReversed",
    "ClaimPaymentUnmatched",
    "DeniedLine",
    "PaidLine",
    "ProviderAdjustment",
    "ProviderAdjustmentPosted",
    "RemittanceHeld",
    "RemittancePosted",
    "RemittanceReceived",
]
