"""Deposits, receipts and payers with sentence-like defaults."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.reconcile.domain.deposit import Deposit
from cleanclaim.reconcile.domain.payer import PayerIdentity
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt

MONDAY = date(2026, 3, 2)
COMPANY = "1999999999"
_NAMES = UUID("01980000-0000-7000-8000-00000000ffff")


def an_id(name: str) -> UUID:
    return uuid5(_NAMES, name)


PRAIRIE, HARBOR = an_id("Prairie Mutual"), an_id("Harbor Health")


def a_receipt(name: str = "R", **changes: Any) -> ExpectedReceipt:
    fields: dict[str, Any] = {
        "remittance_id": an_id(name),
        "payer_id": PRAIRIE,
        "trace_number": "T1",
        "originating_company_id": COMPANY,
        "payment_method": "ACH",
        "paid_on": MONDAY,
        "payment_cents": 150_00,
    }
    return ExpectedReceipt(**fields | changes)


def a_deposit(name: str = "D", **changes: Any) -> Deposit:
    fields: dict[str, Any] = {
        "deposit_id": an_id(name),
        "amount_cents": 150_00,
        "deposited_on": MONDAY,
        "method": "ACH",
        "trace_number": "T1",
        "originating_company_id": COMPANY,
        "payer_id": PRAIRIE,
    }
    return Deposit(**fields | changes)


def without_trace(name: str = "D", **changes: Any) -> Deposit:
    return a_deposit(name, **{"trace_number": None, "originating_company_id": None} | changes)


def a_payer(payer_id: UUID, *names: str, companies: tuple[str, ...] = ()) -> PayerIdentity:
    return PayerIdentity(
        payer_id=payer_id, names=frozenset(names), company_ids=frozenset(companies)
    )
