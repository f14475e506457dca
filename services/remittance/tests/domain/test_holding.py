"""Who pays whom, and what holds a remittance."""

from datetime import date

import pytest

from cleanclaim.remittance.domain.balancing import equations
from cleanclaim.remittance.domain.directory import (
    PayerReference,
    ProviderReference,
    Recognised,
    recognise_carrier,
    recognise_payee,
    recognise_payer,
)
from cleanclaim.remittance.domain.holding import Namesake, contradicts, reasons_to_hold
from cleanclaim.remittance.domain.remittance import Fault, Payee, Payer

from .builders import CLAIM, PAID_ON, PRIMARY, SECONDARY, a_head, a_payment, a_remittance

PRAIRIE = PayerReference(
    payer_id=PRIMARY, from_on=date(2020, 1, 1), to_on=None,
    names=("Prairie Mutual", "PRAIRIE-MUTUAL HEALTH"), identifiers=("PMH01",),
    originating_company_ids=("1999999999",),
)  # fmt: skip
HARVEST = PayerReference(
    payer_id=SECONDARY, from_on=date(2020, 1, 1), to_on=None,
    names=("Harvest",), identifiers=("HSUP1",), originating_company_ids=("1888888888",),
)  # fmt: skip
CLOSED = PayerReference(
    payer_id=CLAIM, from_on=date(2020, 1, 1), to_on=date(2025, 12, 31),
    names=("Old Plan",), identifiers=("OLD",), originating_company_ids=(),
)  # fmt: skip

PAYERS = [
    # name, identifiers, TRN03, who or why not
    ("PRAIRIE  MUTUAL.", (), "", PRIMARY),
    ("prairie mutual health", (), "1000000000", PRIMARY),
    ("SOMEBODY", ("pmh01",), "", PRIMARY),
    ("SOMEBODY", (), "1999999999", PRIMARY),
    ("SOMEBODY", ("X",), "1000000000", "unknown_payer"),
    ("HARVEST", (), "1999999999", "ambiguous_payer"),
    ("HARVEST", ("PMH01",), "", "ambiguous_payer"),
    ("OLD PLAN", (), "", "unknown_payer"),
    ("", (), "", "unknown_payer"),
]


@pytest.mark.parametrize(("name", "identifiers", "origin", "expected"), PAYERS)
def test_a_payer_is_recognised(name, identifiers, origin, expected) -> None:
    head = a_head(1, originating_company_id=origin)
    payer = Payer(name=name, identifiers=identifiers)
    found = recognise_payer(payer, head, [PRAIRIE, HARVEST, CLOSED])
    assert (found.id or found.reason) == expected


def test_a_carrier_is_recognised_by_number_before_name() -> None:
    known = [PRAIRIE, HARVEST]
    assert recognise_carrier("HSUP1", "PRAIRIE MUTUAL", known, PAID_ON) == SECONDARY
    assert recognise_carrier("", "HARVEST", known, PAID_ON) == SECONDARY
    assert recognise_carrier("", "NOBODY", known, PAID_ON) is None


CLINIC = ProviderReference(
    provider_id=CLAIM, from_on=date(2020, 1, 1), to_on=None, npi="1234567893", tin="001234567"
)
PAYEES = [
    (Payee(npi="1234567893"), CLAIM),
    (Payee(tin="001234567"), CLAIM),
    (Payee(npi="1999999984", tin="001234567"), "unknown_payee"),
    (Payee(), "unknown_payee"),
]


@pytest.mark.parametrize(("payee", "expected"), PAYEES)
def test_a_payee_is_recognised(payee: Payee, expected: object) -> None:
    found = recognise_payee(payee, PAID_ON, [CLINIC])
    assert (found.id or found.reason) == expected


KNOWN = Recognised(id=PRIMARY)
FAULT = Fault(rule="se-count", place="SE01", message="wrong")
SUMS_UP = a_remittance(a_payment())
REASONS = {
    "nothing": (SUMS_UP, ()),
    "a fault": (a_remittance(a_payment(), faults=(FAULT,)), ("malformed",)),
    "no head": (a_remittance(head=None), ("unreadable",)),
    "no head and a fault": (a_remittance(head=None, faults=(FAULT,)), ("malformed", "unreadable")),
    "no balance": (a_remittance(a_payment(), payment=1), ("unbalanced",)),
    "a negative payment": (a_remittance(a_payment(-1_00, -1_00, "")), ("negative_payment",)),
    "a debit": (a_remittance(a_payment(), head=a_head(50_00, is_debit=True)), ("debit",)),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_holds_a_remittance(name: str) -> None:
    remittance, expected = REASONS[name]
    tried = equations(remittance)
    assert reasons_to_hold(remittance, tried=tried, payer=KNOWN, payee=KNOWN) == expected


NAMESAKES = [
    (SUMS_UP, "posted", (), True),
    (SUMS_UP, "held", ("unknown_payer",), True),
    (SUMS_UP, "held", ("duplicate",), True),
    (SUMS_UP, "held", ("unbalanced",), False),
    (SUMS_UP, "held", ("malformed", "unknown_payer"), False),
    (SUMS_UP, "rejected", (), False),
    (a_remittance(), "posted", (), False),
]


@pytest.mark.parametrize(("remittance", "status", "reasons", "expected"), NAMESAKES)
def test_who_stands_in_the_way(remittance, status, reasons, expected) -> None:
    earlier = Namesake(remittance_id=CLAIM, status=status, reasons=reasons)
    assert contradicts(remittance, earlier) is expected
