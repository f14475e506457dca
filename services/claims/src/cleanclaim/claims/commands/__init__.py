"""The verbs of claims: what is done when somebody asks, something is heard or time has passed."""

from cleanclaim.claims.commands.answering import record_answers
from cleanclaim.claims.commands.building import ReadyEncounter, build_claims
from cleanclaim.claims.commands.deciding import HeardDecision, record_decisions
from cleanclaim.claims.commands.directory import (
    OrganizationNotConfigured,
    configure_organization,
    save_connection,
    save_payer,
    save_provider,
)
from cleanclaim.claims.commands.dispatch import Dispatch, send_clean_claims, way_out
from cleanclaim.claims.commands.people import (
    Outcome,
    check_claim,
    hold_claim,
    release_claim,
    resend_claim,
)

__all__ = [
    "Dispatch",
    "HeardDecision",
    "OrganizationNotConfigured",
    "Outcome",
    "ReadyEncounter",
    "build_claims",
    "check_claim",
    "configure_organization",
    "hold_claim",
    "record_answers",
    "record_decisions",
    "release_claim",
    "resend_claim",
    "save_connection",
    "save_payer",
    "save_provider",
    "send_clean_claims",
    "way_out",
]
