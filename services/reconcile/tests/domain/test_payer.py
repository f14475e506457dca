"""Whose money a bank line shows."""

from uuid import UUID

import pytest

from cleanclaim.reconcile.domain.payer import payer_named_in, payer_of_company

from .builders import HARBOR, PRAIRIE, a_payer, an_id

PAYERS = [
    a_payer(PRAIRIE, "Prairie Mutual", "PMH", companies=("1999999999",)),
    a_payer(HARBOR, "Harbor Health", companies=("1888888888", "ABC0000001")),
    a_payer(an_id("plus"), "Harbor Health Plus"),
]


@pytest.mark.parametrize(
    ("text", "payer_id"),
    [
        (["PRAIRIE MUTUAL HCCLAIMPMT"], PRAIRIE),
        (["prairie-mutual, inc"], PRAIRIE),
        (["PRAIRIE", "MUTUAL"], PRAIRIE),
        (["HARBOR HEALTH EFT"], HARBOR),
        (["HARBOR HEALTH PLUS EFT"], an_id("plus")),
        (["PMH 1234"], None),  # too short to mean anybody
        (["PRAIRIE MUTUALITY"], None),
        (["PRAIRIE MUTUAL OR HARBOR HEALTH"], None),
        (["DEPOSIT"], None),
        ([], None),
    ],
)
def test_a_payer_is_recognized_by_its_name(text: list[str], payer_id: UUID | None) -> None:
    assert payer_named_in(text, PAYERS) == payer_id


@pytest.mark.parametrize(
    ("company", "payer_id"),
    [("1999999999", PRAIRIE), ("999999999", PRAIRIE), ("abc0000001", HARBOR), ("1777777777", None)],
)
def test_a_payer_is_recognized_by_its_company(company: str, payer_id: UUID | None) -> None:
    assert payer_of_company(company, PAYERS) == payer_id


def test_a_company_of_two_payers_means_neither() -> None:
    twin = a_payer(an_id("twin"), "Twin", companies=("1999999999",))
    assert payer_of_company("1999999999", [*PAYERS, twin]) is None
