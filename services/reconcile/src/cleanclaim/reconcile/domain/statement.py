"""BankStatement: one file of a bank as it was read, or the findings that refuse it whole."""

from dataclasses import dataclass, field
from datetime import date

from cleanclaim.reconcile.domain.deposit import LineKind
from cleanclaim.values.errors import Conflict, Detail, Invalid, Missing

MOST_FINDINGS = 100


class NoSuchBankStatement(Missing):
    """The organization has no bank statement of that id."""


class NoSuchBankAccount(Missing):
    """The organization has no bank account of that id."""


class BankAccountKnown(Conflict):
    """An account is kept once for each organization."""


class BankStatementRefused(Invalid):
    """The file breaks a rule of its format; nothing of it was recorded, and it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule: the line of the file (from 1), the record type, the rule, the fix.

    Never an account number, text or name of the file.
    """

    line: int
    record: str
    rule: str
    message: str
    fix: str

    def detail(self) -> Detail:
        return Detail(self.rule, f"line {self.line}: {self.message}", f"/{self.line}", self.fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One detail line (16): amount in cents, always as the bank writes it, without a sign."""

    line: int
    type_code: str
    kind: LineKind
    amount_cents: int
    bank_reference: str = ""
    customer_reference: str = ""
    text_lines: tuple[str, ...] = ()

    @property
    def signed_cents(self) -> int:
        """Positive for a credit, negative for a debit."""
        return self.amount_cents if self.kind is LineKind.CREDIT else -self.amount_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """One account on one day (03 … 49); balances in cents where the bank gives them."""

    line: int
    account_number: str = field(repr=False)
    as_of_on: date
    lines: tuple[StatementLine, ...] = ()
    opening_cents: int | None = None
    closing_cents: int | None = None

    def total_cents(self, kind: LineKind) -> int:
        return sum(line.amount_cents for line in self.lines if line.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement:
    """What a file held, and every finding; with a finding nothing of it may be recorded."""

    accounts: tuple[AccountStatement, ...]
    findings: tuple[Finding, ...]

    @property
    def acceptable(self) -> bool:
        return not self.findings


def refusal(findings: tuple[Finding, ...]) -> BankStatementRefused:
    """All that is wrong with a file, as one error."""
    return BankStatementRefused(
        f"The bank's file breaks {len(findings)} rule(s); nothing of it was recorded.",
        fix="Ask the bank for a corrected file and send it again.",
        details=tuple(finding.detail() for finding in findings),
    )
