"""What intake keeps of a payer: since when it stands in the directory, and how it is billed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTerms:
    """What holds for a payer between two days, both included."""

    effective_from_on: date
    effective_to_on: date | None
    claim_filing_indicator: str
    timely_filing_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A payer of the directory with its dated terms, oldest first."""

    payer_id: UUID
    terms: tuple[PayerTerms, ...]

    def terms_on(self, day: date) -> PayerTerms | None:
        for terms in self.terms:
            ends = terms.effective_to_on
            if terms.effective_from_on <= day and (ends is None or day <= ends):
                return terms
        return None
