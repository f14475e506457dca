"""ClaimBalance: what was billed for services and where every cent of it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from cleanclaim.accounts.domain.chart import CASH_LEGS, Account

_COLUMN = {
    Account.CONTRACTUAL_ALLOWANCE: "contractual_cents",
    Account.CAPITATION_ALLOWANCE: "capitated_cents",
    Account.DENIAL_WRITE_OFF: "written_off_cents",
    Account.SELF_PAY_DISCOUNT: "written_off_cents",
    Account.CHARITY_CARE: "written_off_cents",
    Account.SMALL_BALANCE_WRITE_OFF: "written_off_cents",
    Account.BAD_DEBT: "written_off_cents",
    Account.PATIENT_RECEIVABLE: "patient_open_cents",
    Account.WITHHOLD_RECEIVABLE: "withheld_open_cents",
    Account.CASH: "patient_paid_cents",
    Account.UNAPPLIED_PATIENT_CASH: "patient_paid_cents",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The sum of postings of one account on one line, in cents: debit positive."""

    account: Account
    amount_cents: int
    line_id: UUID | None = None
    payer_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Balance:
    """billed = paid + adjusted + written off + open + other, in cents, to the cent.

    `other_cents` is what moved on accounts of no claim (a take-back, a refund). `open_by_payer`
    holds what each payer still owes; negative is a credit.
    """

    billed_cents: int = 0
    paid_cents: int = 0
    patient_paid_cents: int = 0
    contractual_cents: int = 0
    capitated_cents: int = 0
    written_off_cents: int = 0
    patient_open_cents: int = 0
    withheld_open_cents: int = 0
    other_cents: int = 0
    open_by_payer: dict[UUID, int] = field(default_factory=dict)

    @property
    def insurance_open_cents(self) -> int:
        return sum(self.open_by_payer.values())

    @property
    def open_cents(self) -> int:
        return self.insurance_open_cents + self.patient_open_cents + self.withheld_open_cents

    @property
    def accounted_cents(self) -> int:
        """The right side of the identity; equals `billed_cents` as long as the book is right."""
        return (
            self.paid_cents
            + self.patient_paid_cents
            + self.contractual_cents
            + self.capitated_cents
            + self.written_off_cents
            + self.open_cents
            + self.other_cents
        )

    @property
    def difference_cents(self) -> int:
        """0, or the book is wrong."""
        return self.billed_cents - self.accounted_cents

    def add(self, moved: Moved) -> None:
        if moved.account is Account.GROSS_CHARGES:
            self.billed_cents -= moved.amount_cents
        elif moved.account in CASH_LEGS:
            self.paid_cents += moved.amount_cents
        elif moved.account is Account.INSURANCE_RECEIVABLE and moved.payer_id is not None:
            owed = self.open_by_payer.get(moved.payer_id, 0)
            self.open_by_payer[moved.payer_id] = owed + moved.amount_cents
        else:
            column = _COLUMN.get(moved.account, "other_cents")
            setattr(self, column, getattr(self, column) + moved.amount_cents)


@dataclass(slots=True)
class ClaimBalance:
    """A claim's balance in all, and line by line (None: the claim's own row)."""

    total: Balance
    by_line: dict[UUID | None, Balance]


def balance_of(sums: Iterable[Moved]) -> ClaimBalance:
    """Reckon the balance from what moved; the identity is proved by `difference_cents` = 0."""
    total, by_line = Balance(), dict[UUID | None, Balance]()
    for one in sums:
        total.add(one)
        by_line.setdefault(one.line_id, Balance()).add(one)
    return ClaimBalance(total, by_line)
