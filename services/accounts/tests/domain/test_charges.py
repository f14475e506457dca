"""Which charges a version books, and what of the version before it counters."""

import pytest

from cleanclaim.accounts.domain.book.charges import (
    Billing,
    Charge,
    charges_to_book,
    entry_for_charges,
)
from cleanclaim.accounts.domain.journal import Place

from .builders import A_DAY, an_occasion, moves, named

ONE = (Charge(line_id=named("L1"), charge_cents=100_00),)
TWO = (*ONE, Charge(line_id=named("L2"), charge_cents=40_00))


def a_billing(version: int, charges: tuple[Charge, ...] = ONE, payer: str | None = "X") -> Billing:
    return Billing(
        version=version,
        payer_id=named(payer) if payer else None,
        charges=charges,
        entry_id=named(f"entry {version}"),
    )


CHARGED = [("insurance_receivable", 100_00), ("gross_charges", -100_00)]
TAKEN_BACK = [(account, -cents) for account, cents in CHARGED]
SECOND_LINE = [("insurance_receivable", 40_00), ("gross_charges", -40_00)]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(None, a_billing(1), CHARGED, id="first version"),
        pytest.param(None, a_billing(3), CHARGED, id="first version that is heard"),
        pytest.param(None, a_billing(1, ()), [], id="first heard is a void"),
        pytest.param(a_billing(1), a_billing(2), [], id="same charges sent again"),
        pytest.param(
            a_billing(1), a_billing(2, TWO), TAKEN_BACK + CHARGED + SECOND_LINE, id="line added"
        ),
        pytest.param(a_billing(1), a_billing(2, ()), TAKEN_BACK, id="void"),
        pytest.param(a_billing(2, ()), a_billing(3), CHARGED, id="billed anew after a void"),
        pytest.param(
            a_billing(1), a_billing(2, payer="Y"), TAKEN_BACK + CHARGED, id="another payer"
        ),
        pytest.param(a_billing(2), a_billing(1), [], id="overtaken"),
        pytest.param(
            None,
            a_billing(1, payer=None),
            [("patient_receivable", 100_00), ("gross_charges", -100_00)],
            id="self-pay",
        ),
        pytest.param(
            None,
            a_billing(1, (Charge(line_id=named("L1"), charge_cents=0),)),
            [],
            id="reporting only, no charge",
        ),
    ],
)
def test_charges_are_booked_by_version(
    before: Billing | None, now: Billing, expected: list[tuple[str, int]]
) -> None:
    place = Place(patient_account_id=named("A1"))
    entry = entry_for_charges(
        an_occasion(), effective_on=A_DAY, place=place, before=before, now=now
    )
    assert moves(entry) == expected
    if entry is not None and before is not None and before.charges:
        assert entry.counters_entry_id == before.entry_id


@pytest.mark.parametrize(
    ("frequency_code", "related", "booked"),
    [("1", None, ONE), ("7", None, ONE), ("8", None, ()), ("1", "C0", ()), ("7", "C0", ())],
)
def test_only_the_first_claim_of_services_that_stand_brings_charges(
    frequency_code: str, related: str | None, booked: tuple[Charge, ...]
) -> None:
    related_id = named(related) if related else None
    assert (
        charges_to_book(frequency_code=frequency_code, related_claim_id=related_id, charges=ONE)
        == booked
    )
