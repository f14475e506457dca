"""SeenLine: a line of a bank statement recognized as a deposit, the same in whichever file."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.reconcile.domain.deposit import Deposit, DepositState, LineKind, method_of
from cleanclaim.reconcile.domain.payer import PayerIdentity, payer_named_in, payer_of_company
from cleanclaim.reconcile.domain.statement import AccountStatement, Finding, StatementLine
from cleanclaim.reconcile.domain.trace import Trace, trace_in

_LOCKBOX = frozenset({"115", "116"})
_CHECK_NUMBER = re.compile(r"[0-9A-Za-z-]{3,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLine:
    """A deposit, the account it came to, and the bank's own words, which are sealed."""

    deposit: Deposit
    account_id: UUID
    type_code: str
    wording: dict[str, Any] = field(repr=False)


def deposit_of(
    line: StatementLine,
    *,
    account_id: UUID,
    on: date,
    payers: Sequence[PayerIdentity],
    counted: Counter[str],
) -> SeenLine:
    """The deposit that a credit or a returned item is.

    Its id follows from what the bank says of it, so that the same line in another file is the
    same deposit. Where lines of one file agree in all, `counted` tells them apart in their order.
    """
    trace = _trace_of(line)
    identity = _identity(line, trace, on)
    counted[identity] += 1
    company = trace.company_id
    payer_id = payer_of_company(company, payers) if company else None
    deposit = Deposit(
        deposit_id=uuid5(account_id, f"{identity}|{counted[identity]}"),
        amount_cents=line.signed_cents,
        deposited_on=on,
        method=method_of(line.type_code),
        trace_number=trace.number,
        originating_company_id=company,
        payer_id=payer_id or payer_named_in(line.text_lines, payers),
        state=DepositState.RETURNED if line.kind is LineKind.RETURN else DepositState.UNMATCHED,
    )
    wording = {
        "bank_reference": line.bank_reference,
        "customer_reference": line.customer_reference,
        "text": list(line.text_lines),
    }
    return SeenLine(
        deposit=deposit, account_id=account_id, type_code=line.type_code, wording=wording
    )


def _trace_of(line: StatementLine) -> Trace:
    # a continuation may carry the text into the place of a reference
    found = trace_in([line.bank_reference, line.customer_reference, *line.text_lines])
    if found.number is None and line.type_code in _LOCKBOX:
        # a lockbox gives the check's number, which is TRN02 of its remittance
        check = _CHECK_NUMBER.fullmatch(line.customer_reference)
        return Trace(check[0] if check else None, found.company_id)
    return found


def _identity(line: StatementLine, trace: Trace, on: date) -> str:
    # a bank's own reference is proof enough; without one, all that the line says counts
    said = [trace.number, trace.company_id] if not line.bank_reference else []
    parts = [on, line.type_code, line.signed_cents, line.bank_reference, line.customer_reference]
    return "|".join(str(part or "") for part in [*parts, *said])


def unknown_account(statement: AccountStatement) -> Finding:
    """The finding for an account that the organization has not named."""
    return Finding(
        line=statement.line,
        record="03",
        rule="bank_account_unknown",
        message="the account is none that this organization keeps",
        fix="Add it (POST /v1/bank-accounts) and send the same file again.",
    )
