"""Opens bank accounts and records statements: all deposits of a file, or none of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cleanclaim.chassis import audit, raw_files, work_items
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import events_out, store
from cleanclaim.reconcile.commands import matching, variances
from cleanclaim.reconcile.domain.bank_account import last_four, normalized_number
from cleanclaim.reconcile.domain.deposit import Deposit, LineKind
from cleanclaim.reconcile.domain.payer import PayerIdentity
from cleanclaim.reconcile.domain.seen import SeenLine, deposit_of, unknown_account
from cleanclaim.reconcile.domain.statement import (
    AccountStatement,
    BankAccountKnown,
    Finding,
    ReadStatement,
)
from cleanclaim.reconcile.domain.variance import of_returned

NUMBER_INDEX = "bank_account_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTaken:
    """What became of a file: its statement, and the findings where it was refused."""

    statement_id: UUID
    findings: tuple[Finding, ...] = ()
    already_known: bool = False

    @property
    def accepted(self) -> bool:
        return not self.findings


async def open_bank_account(
    work: Work, *, vault: Vault, name: str, bank_name: str, account_number: str
) -> UUID:
    """Add an account whose statements are taken; its number is sealed.

    Raises:
        BankAccountKnown: the organization has an account of this number.
        AccountNumberUnreadable: the number holds other than digits and letters.
    """
    number = normalized_number(account_number)
    account_id = work.runtime.new_id()
    place = Place("bank_accounts", "sealed_number", account_id)
    added = await store.add_account(
        work,
        {
            "id": account_id,
            "name": name,
            "bank_name": bank_name,
            "sealed_number": await vault.seal(work, place, account_number.encode()),
            "number_index": await vault.blind(work, NUMBER_INDEX, number),
            "last_four": last_four(number),
            "opened_at": work.now,
        },
    )
    if not added:
        raise BankAccountKnown(
            "An account of this number is kept already.", fix="List bank accounts and use it."
        )
    await audit.record(work, action="write", resource="BankAccount", resource_id=account_id)
    return account_id


async def record_statement(
    work: Work, *, vault: Vault, content: bytes, read: ReadStatement, source: str, on: date
) -> StatementTaken:
    """Keep a bank's file; record its deposits and match them, or keep why it was refused.

    The same file again changes nothing, unless it was refused before and its trouble is gone. A
    deposit that another file showed already is recorded once.
    """
    raw = await raw_files.keep(work, vault, kind="BAI2", content=content, source=source)
    await store.one_at_a_time(work)
    statement_id = derived_id(raw.id, "bank_statement")
    known = await store.statement_of_file(work, raw.id)
    if known is not None and known["status"] == "accepted":
        return StatementTaken(statement_id=statement_id, already_known=True)
    accounts = await _accounts_of(work, vault, read)
    findings = (*read.findings, *(unknown_account(one) for one, found in accounts if not found))
    recording = _Recording(statement_id=statement_id, file_id=raw.id, source=source)
    if findings:
        await _refuse(work, recording, findings)
        return StatementTaken(statement_id=statement_id, findings=findings)
    await _accept(
        work,
        recording,
        vault=vault,
        on=on,
        accounts=[(one, found) for one, found in accounts if found],
    )
    return StatementTaken(statement_id=statement_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recording:
    statement_id: UUID
    file_id: UUID
    source: str

    def row(self, work: Work, **rest: Any) -> dict[str, Any]:
        return {
            "id": self.statement_id,
            "raw_file_id": self.file_id,
            "format": "BAI2",
            "source": self.source,
            "received_at": work.now,
            "recorded_count": 0,
            "known_count": 0,
            "findings": [],
            "accounts": [],
        } | rest


async def _accounts_of(
    work: Work, vault: Vault, read: ReadStatement
) -> list[tuple[AccountStatement, UUID | None]]:
    indexes = [
        await vault.blind(work, NUMBER_INDEX, normalized_number(one.account_number, strict=False))
        for one in read.accounts
    ]
    known = await store.accounts_by_number(work, indexes)
    return [(one, known.get(index)) for one, index in zip(read.accounts, indexes, strict=True)]


async def _refuse(work: Work, recording: _Recording, findings: Sequence[Finding]) -> None:
    rows = [
        {"line": one.line, "record": one.record, "rule": one.rule, "message": one.message,
         "fix": one.fix}
        for one in findings
    ]  # fmt: skip
    await store.save_statement(work, recording.row(work, status="refused", findings=rows))
    item = work_items.WorkItem(
        kind="bank_statement_refused",
        subject_type="bank_statement",
        subject_id=recording.statement_id,
        reason=findings[0].rule,
        priority=80,
        priority_terms={"a day's deposits are unknown": 80},
        next_actions=("ask_bank_for_file", "add_bank_account"),
    )
    await work_items.open_items(work, [item], opened_at=work.now)


async def _accept(
    work: Work,
    recording: _Recording,
    *,
    vault: Vault,
    on: date,
    accounts: Sequence[tuple[AccountStatement, UUID]],
) -> None:
    payers = await store.payer_identities(work)
    seen = [line for one, account_id in accounts for line in _seen(one, account_id, payers)]
    known = await store.known_deposits(work, [one.deposit.deposit_id for one in seen])
    new = [one for one in seen if one.deposit.deposit_id not in known]
    summary = [_account_summary(one, account_id) for one, account_id in accounts]
    await store.save_statement(
        work,
        recording.row(
            work,
            status="accepted",
            accounts=summary,
            recorded_count=len(new),
            known_count=len(seen) - len(new),
        ),
    )
    await work_items.close_items(
        work, [recording.statement_id], outcome="accepted", closed_at=work.now
    )
    await _record(work, vault, new, statement_id=recording.statement_id)
    returned = [one.deposit for one in new if one.deposit.amount_cents < 0]
    await variances.open_all(
        work, variances=[(of_returned(one, opened_on=on), work.cause) for one in returned]
    )
    received = [one.deposit for one in new if one.deposit.amount_cents >= 0]
    await matching.match_deposits(work, deposits=received, on=on)


def _seen(
    statement: AccountStatement, account_id: UUID, payers: Sequence[PayerIdentity]
) -> list[SeenLine]:
    """The lines that are deposits, each with an id that the same line has in any file."""
    counted: Counter[str] = Counter()
    found = []
    for line in statement.lines:
        if line.kind not in {LineKind.CREDIT, LineKind.RETURN}:
            continue
        seen = deposit_of(
            line, account_id=account_id, on=statement.as_of_on, payers=payers, counted=counted
        )
        found.append(seen)
    return found


async def _record(
    work: Work, vault: Vault, seen: Sequence[SeenLine], *, statement_id: UUID
) -> None:
    rows = [
        _deposit_row(work, one, statement_id)
        | {"sealed_text": await vault.seal_json(work, text_place(one.deposit), one.wording)}
        for one in seen
    ]
    await store.add_deposits(work, rows)
    for one in seen:
        work.tell(
            events_out.deposit_recorded(
                one.deposit, bank_account_id=one.account_id, bank_statement_id=statement_id
            )
        )


def text_place(deposit: Deposit) -> Place:
    """Where a deposit's wording is sealed."""
    return Place("deposits", "sealed_text", deposit.deposit_id)


def _deposit_row(work: Work, seen: SeenLine, statement_id: UUID) -> dict[str, Any]:
    deposit = seen.deposit
    return {
        "id": deposit.deposit_id,
        "bank_account_id": seen.account_id,
        "bank_statement_id": statement_id,
        "amount_cents": deposit.amount_cents,
        "deposited_on": deposit.deposited_on,
        "method": deposit.method,
        "type_code": seen.type_code,
        "trace_number": deposit.trace_number,
        "originating_company_id": deposit.originating_company_id,
        "payer_id": deposit.payer_id,
        "state": deposit.state.value,
        "waiting_reason": None,
        "window_ends_on": deposit.window_ends_on,
        "cause": work.cause.as_json(),
        "recorded_at": work.now,
    }


def _account_summary(statement: AccountStatement, account_id: UUID) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "bank_account_id": str(account_id),
        "as_of_on": statement.as_of_on.isoformat(),
        "opening_cents": statement.opening_cents,
        "closing_cents": statement.closing_cents,
    }
    for kind in (LineKind.CREDIT, LineKind.RETURN, LineKind.OTHER_DEBIT):
        lines = [line for line in statement.lines if line.kind is kind]
        summary[f"{kind.value}_count"] = len(lines)
        summary[f"{kind.value}_cents"] = statement.total_cents(kind)
    return summary
