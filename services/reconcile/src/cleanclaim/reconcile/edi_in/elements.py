"""Single fields of BAI2 records, read strictly; what breaks a rule becomes a finding."""

from dataclasses import dataclass, field
from datetime import date, datetime

from cleanclaim.reconcile.domain.deposit import LineKind, kind_of_line
from cleanclaim.reconcile.domain.statement import MOST_FINDINGS, Finding, StatementLine
from cleanclaim.reconcile.edi_in.records import Fields, Record

_LONGEST_AMOUNT = 15
_LONGEST_COUNT = 10
_NO_MORE = frozenset({"", "0", "1", "2", "Z"})
"""Funds types without further fields: unknown, immediate, one day, two or more days, blank."""


@dataclass(slots=True)
class Elements:
    """Reads fields and collects findings."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether so much is wrong that more findings would help nobody."""
        return len(self.findings) >= MOST_FINDINGS

    def broken(self, record: Record, rule: str, message: str, fix: str) -> None:
        self.findings.append(
            Finding(line=record.line, record=record.code[:2], rule=rule, message=message, fix=fix)
        )

    def day(self, record: Record, text: str, name: str) -> date | None:
        """YYMMDD as the specification has it (this century), or YYYYMMDD as some banks write."""
        pattern = {6: "%y%m%d", 8: "%Y%m%d"}.get(len(text))
        if pattern is not None and text.isascii() and text.isdigit():
            century = "" if len(text) == len("YYYYMMDD") else "20"
            try:
                return datetime.strptime(century + text, "%Y%m%d").date()  # noqa: DTZ007
            except ValueError:
                pass
        self.broken(record, "date", f"the {name} is no day", "Write it as YYMMDD.")
        return None

    def currency(self, record: Record, text: str) -> str:
        if text not in {"", "USD"}:
            self.broken(
                record, "currency", "the currency is not USD",
                "Ask the bank for a file of the dollar accounts alone.",
            )  # fmt: skip
        return text

    def cents(self, record: Record, text: str, *, signed: bool = False) -> int:
        """Whole cents: digits without a decimal point; a sign only in summaries and totals."""
        digits = text[1:] if signed and text[:1] in {"+", "-"} else text
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_AMOUNT):
            self.broken(
                record,
                "amount",
                "an amount is no plain number of cents",
                "Write digits with two implied decimals: 150000 is $1,500.00.",
            )
            return 0
        return -int(digits) if text.startswith("-") else int(digits)

    def count(self, record: Record, text: str, counted: int, rule: str) -> None:
        readable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT
        if readable and int(text) == counted:
            return
        self.broken(
            record,
            rule,
            f"the record gives another count than the {counted} that are there",
            "Ask the bank for the file again; records were lost or added.",
        )

    def funds(self, record: Record, fields: Fields) -> None:
        """Pass over a funds type and the fields that its letter brings with it (S, V, D)."""
        kind = fields.take()
        if kind in _NO_MORE:
            return
        if kind in {"S", "V"}:
            for _ in range(3 if kind == "S" else 2):
                fields.take()
            return
        parts = fields.take() if kind == "D" else ""
        if not (parts.isascii() and parts.isdigit() and len(parts) <= 2):
            self.broken(
                record, "funds_type", "the funds type is none of 0, 1, 2, S, V, D, Z",
                "Ask the bank for a BAI2 file, version 2.",
            )  # fmt: skip
            return
        for _ in range(2 * int(parts)):
            fields.take()

    def line(self, record: Record) -> StatementLine | None:
        """One detail record (16) with its continuations."""
        fields = record.fields()
        type_code, amount = fields.take(), fields.take()
        kind = kind_of_line(type_code)
        if kind is None:
            self.broken(
                record,
                "type_code",
                "the type code is none that tells a credit from a debit",
                "Ask the bank which BAI2 code it means; it is not guessed.",
            )
            return None
        # a line that only carries text (890) may leave its amount out
        cents = 0 if kind is LineKind.NOTICE and not amount else self.cents(record, amount)
        self.funds(record, fields)
        return StatementLine(
            line=record.line,
            type_code=type_code,
            kind=kind,
            amount_cents=cents,
            bank_reference=fields.take(),
            customer_reference=fields.take(),
            text_lines=fields.text_lines(),
        )
