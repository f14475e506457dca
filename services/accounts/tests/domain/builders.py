"""Facts of the domain with defaults that read like a sentence."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from cleanclaim.accounts.domain.decision import Adjustment, DecidedLine, PayerDecision
from cleanclaim.accounts.domain.journal import JournalEntry, Occasion

NAMES = UUID("01980a60-0000-7000-8000-000000000001")
A_DAY = date(2026, 3, 2)


def named(name: str) -> UUID:
    """The id that a name of a test stands for."""
    return uuid5(NAMES, name)


def an_occasion(name: str = "event", event_type: str = "cleanclaim.test.Fact.v1") -> Occasion:
    return Occasion(
        event_id=named(f"event:{name}"),
        event_type=event_type,
        occurred_at=datetime(2026, 3, 2, 14, tzinfo=UTC),
    )


def an_adjustment(
    disposition: str = "contractual", reason_code: str = "45", amount_cents: int = 50_00
) -> Adjustment:
    return Adjustment(reason_code=reason_code, amount_cents=amount_cents, disposition=disposition)


def a_line(
    *adjustments: Adjustment, paid_cents: int = 134_00, line: str | None = "C1.L1"
) -> DecidedLine:
    return DecidedLine(
        line_id=named(line) if line else None, paid_cents=paid_cents, adjustments=adjustments
    )


def a_decision(
    *lines: DecidedLine,
    name: str = "P1",
    claim: str = "C1",
    payer: str = "X",
    trace: str = "T1",
    paid_cents: int | None = None,
    status: str = "1",
    next_payer: str | None = None,
    claim_adjustments: tuple[Adjustment, ...] = (),
    from_unapplied: bool = False,
    reverses: str | None = None,
) -> PayerDecision:
    total = sum(line.paid_cents for line in lines)
    return PayerDecision(
        claim_payment_id=named(name),
        remittance_id=named(f"R-{trace}"),
        claim_id=named(claim),
        patient_account_id=named("A1"),
        payer_id=named(payer),
        claim_status_code=status,
        trace_number=trace,
        paid_on=A_DAY,
        paid_cents=total if paid_cents is None else paid_cents,
        next_payer_id=named(next_payer) if next_payer else None,
        adjustments=claim_adjustments,
        lines=lines,
        from_unapplied=from_unapplied,
        reverses_id=named(reverses) if reverses else None,
    )


def moves(entry: JournalEntry | None) -> list[tuple[str, int]]:
    """An entry as a reader would write it down: account and signed cents, in order."""
    return [(one.account.value, one.amount_cents) for one in entry.postings] if entry else []
