"""What denials hears, and what it does about it."""

from cleanclaim.chassis.directory import keep_organizations
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.denials.events_in.directory import keep_payers, keep_providers
from cleanclaim.denials.events_in.postings import (
    open_denials,
    settle_by_payments,
    settle_by_reversals,
)
from cleanclaim.denials.events_in.submissions import follow_rejections, follow_submissions
from cleanclaim.events.claims import (
    ClaimRejected,
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    ProviderConfigured,
)
from cleanclaim.events.remittance import ClaimDenied, ClaimPaymentPosted, ClaimPaymentReversed

SUBSCRIPTIONS = (
    Subscription(
        model=OrganizationConfigured,
        apply=keep_organizations,
        kind="projector",
        fills="organizations",
    ),
    Subscription(
        model=ProviderConfigured, apply=keep_providers, kind="projector", fills="providers"
    ),
    Subscription(model=PayerConfigured, apply=keep_payers, kind="reactor"),
    Subscription(model=ClaimSubmitted, apply=follow_submissions, kind="reactor"),
    Subscription(model=ClaimRejected, apply=follow_rejections, kind="reactor"),
    Subscription(model=ClaimDenied, apply=open_denials, kind="reactor"),
    Subscription(model=ClaimPaymentPosted, apply=settle_by_payments, kind="reactor"),
    Subscription(model=ClaimPaymentReversed, apply=settle_by_reversals, kind="reactor"),
)

__all__ = ["SUBSCRIPTIONS"]
