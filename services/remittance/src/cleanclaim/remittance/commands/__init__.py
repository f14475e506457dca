"""What remittance does when asked: take remittances in, release, reject, match, hear claims."""

from cleanclaim.remittance.commands.hearing import know_claims, know_payers, know_providers
from cleanclaim.remittance.commands.matching import match_payment
from cleanclaim.remittance.commands.releasing import reject_remittance, release_remittance
from cleanclaim.remittance.commands.taking import KNOWN_ALREADY, Taken, take_remittances

__all__ = [
    "KNOWN_ALREADY",
    "Taken",
    "know_claims",
    "know_payers",
    "know_providers",
    "match_payment",
    "reject_remittance",
    "release_remittance",
    "take_remittances",
]
