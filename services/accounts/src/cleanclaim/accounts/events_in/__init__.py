"""What accounts hears."""

from cleanclaim.accounts.events_in import hearing
from cleanclaim.chassis.directory import keep_organizations
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.events import claims, intake, reconcile, remittance

SUBSCRIPTIONS = (
    Subscription(
        model=claims.OrganizationConfigured,
        apply=keep_organizations,
        kind="projector",
        fills="organizations",
    ),
    Subscription(
        model=claims.PayerConfigured, apply=hearing.keep_payers, kind="projector", fills="payers"
    ),
    Subscription(
        model=intake.PatientRegistered,
        apply=hearing.open_patient_accounts,
        kind="projector",
        fills="patient_accounts",
    ),
    Subscription(model=intake.EncounterReady, apply=hearing.book_self_pay_charges, kind="reactor"),
    Subscription(model=claims.ClaimSubmitted, apply=hearing.book_claim_charges, kind="reactor"),
    Subscription(model=remittance.ClaimPaymentPosted, apply=hearing.book_payments, kind="reactor"),
    Subscription(
        model=remittance.ClaimPaymentReversed, apply=hearing.book_reversals, kind="reactor"
    ),
    Subscription(
        model=remittance.ClaimPaymentUnmatched, apply=hearing.book_unmatched, kind="reactor"
    ),
    Subscription(
        model=remittance.ProviderAdjustmentPosted,
        apply=hearing.book_provider_adjustments,
        kind="reactor",
    ),
    Subscription(model=reconcile.DepositRecorded, apply=hearing.book_deposits, kind="reactor"),
    Subscription(model=reconcile.DepositMatched, apply=hearing.book_matches, kind="reactor"),
    Subscription(model=reconcile.VarianceResolved, apply=hearing.book_variances, kind="reactor"),
)
"""Equals the catalogue's listeners of accounts."""
