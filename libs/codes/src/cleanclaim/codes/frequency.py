"""Claim frequency: original, replacement or void (837 CLM05-3, last digit of the type of bill)."""

from enum import StrEnum


class ClaimFrequency(StrEnum):
    """The values this project knows; 7 and 8 must name the payer's control number (REF*F8)."""

    NONPAYMENT = "0"
    ORIGINAL = "1"
    FIRST_INTERIM = "2"
    CONTINUING_INTERIM = "3"
    LAST_INTERIM = "4"
    LATE_CHARGE = "5"
    REPLACEMENT = "7"
    VOID = "8"
    FINAL_HOME_HEALTH = "9"

    @property
    def names_an_earlier_claim(self) -> bool:
        return self in {ClaimFrequency.REPLACEMENT, ClaimFrequency.VOID}

    @property
    def professional(self) -> bool:
        """Whether a professional claim (837P) may carry it; the rest are institutional."""
        return self in {
            ClaimFrequency.ORIGINAL,
            ClaimFrequency.REPLACEMENT,
            ClaimFrequency.VOID,
        }
