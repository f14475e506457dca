"""What remittance can be asked."""

from cleanclaim.remittance.queries.counts import held_count, unmatched_count
from cleanclaim.remittance.queries.payments import (
    PaymentFilter,
    claim_payment,
    claim_payments,
    near_claims,
    unmatched_payment,
    unmatched_payments,
)
from cleanclaim.remittance.queries.remittances import (
    RemittanceFilter,
    provider_adjustments,
    remittance,
    remittances,
)

__all__ = [
    "PaymentFilter",
    "RemittanceFilter",
    "claim_payment",
    "claim_payments",
    "held_count",
    "near_claims",
    "provider_adjustments",
    "remittance",
    "remittances",
    "unmatched_count",
    "unmatched_payment",
    "unmatched_payments",
]
