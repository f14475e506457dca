"""Deposit: money seen in the bank, what kind of line showed it, and what became of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from cleanclaim.reconcile.domain.bank_calendar import window_ends_on
from cleanclaim.values.errors import Conflict, Missing


class NoSuchDeposit(Missing):
    """The organization has no deposit of that id."""


class DepositAlreadyMatched(Conflict):
    """The deposit is explained by a remittance already."""


class DepositNotMatchable(Conflict):
    """A returned item takes money back: no remittance explains it."""


class DepositState(StrEnum):
    UNMATCHED = "unmatched"
    MATCHED = "matched"
    RETURNED = "returned"
    EXPLAINED = "explained"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """Money in the bank, in cents; negative where the bank took it back."""

    deposit_id: UUID
    amount_cents: int
    deposited_on: date
    method: str
    trace_number: str | None = None
    originating_company_id: str | None = None
    payer_id: UUID | None = None
    state: DepositState = DepositState.UNMATCHED

    @property
    def window_ends_on(self) -> date:
        """The last day on which its remittance is only awaited."""
        return window_ends_on(self.deposited_on, self.method)


# BAI2 type codes (BAI Cash Management Balance Reporting Specifications, version 2).
_RETURNS = frozenset({"552", "555", "557", "558"})
"""Credit reversal, deposited item returned, individual ACH return item, ACH reversal debit."""
_METHODS = {
    "115": "CHK",  # lockbox deposit
    "116": "CHK",  # item in lockbox deposit
    "142": "ACH",  # ACH credit received
    "165": "ACH",  # preauthorized ACH credit
    "166": "ACH",  # ACH settlement
    "169": "ACH",  # miscellaneous ACH credit
    "175": "CHK",  # check deposit package
    "195": "WIRE",  # incoming money transfer
    "206": "WIRE",  # book transfer credit
    "208": "WIRE",  # international money transfer credit
    "301": "CHK",  # commercial deposit
    "555": "CHK",
    "557": "ACH",
    "558": "ACH",
}


TEXT_ONLY = 890


class LineKind(StrEnum):
    CREDIT = "credit"
    RETURN = "return"
    OTHER_DEBIT = "other_debit"
    NOTICE = "notice"


def kind_of_line(type_code: str) -> LineKind | None:
    """What a detail line's type code says; None where the code is none of the specification.

    100-399 and 920-959 are credits, 400-699 and 960-999 debits, 890 carries text only. Of the
    debits only returned items undo a receipt; the others are the organization's own payments.
    """
    if not (len(type_code) == 3 and type_code.isdigit()):
        return None
    number = int(type_code)
    if type_code in _RETURNS:
        return LineKind.RETURN
    if 100 <= number <= 399 or 920 <= number <= 959:
        return LineKind.CREDIT
    if 400 <= number <= 699 or 960 <= number <= 999:
        return LineKind.OTHER_DEBIT
    return LineKind.NOTICE if number == TEXT_ONLY else None


def method_of(type_code: str) -> str:
    """How the money moved: ACH, CHK, WIRE, CARD, or OTHER where the code does not say."""
    return _METHODS.get(type_code, "OTHER")
