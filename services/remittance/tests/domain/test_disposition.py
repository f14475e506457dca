"""Rules D2 to D8: what posting does with each pair of group and reason."""

import pytest

from cleanclaim.remittance.domain.disposition import (
    Circumstances,
    circumstances_of,
    disposition_of,
    judged,
)

from .builders import a_line, a_payment, as_a_whole, cas

ALONE = Circumstances(further_payer=False)
WITH_NEXT = Circumstances(further_payer=True)
TO_NOBODY_KNOWN = Circumstances(further_payer=False, forwarded=True)
QUALIFIED_BENEFICIARY = Circumstances(further_payer=True, no_patient_share=True)

PAIRS = [
    # D2: the table's own word
    ("OA-23", ALONE, "prior_payer"), ("CO-24", ALONE, "capitated"), ("CO-104", ALONE, "withheld"),
    ("OA-133", ALONE, "undecided"), ("OA-257", ALONE, "undecided"), ("OA-209", WITH_NEXT, "next_payer"),
    ("OA-209", ALONE, "undecided"), ("PR-172", ALONE, "undecided"),
    # D3: denials, whoever owes
    ("CO-197", ALONE, "denied"), ("PR-96", ALONE, "denied"), ("PR-27", WITH_NEXT, "denied"),
    ("PR-50", ALONE, "denied"), ("OA-18", ALONE, "denied"), ("PI-16", ALONE, "denied"),
    ("CO-ZZ9", ALONE, "denied"),
    # D4
    ("PI-45", ALONE, "payer_initiated"),
    # D5
    ("PR-1", ALONE, "patient_share"), ("PR-2", WITH_NEXT, "next_payer"),
    ("PR-3", TO_NOBODY_KNOWN, "undecided"), ("PR-2", QUALIFIED_BENEFICIARY, "undecided"),
    ("CO-2", ALONE, "contractual"), ("OA-1", ALONE, "undecided"),
    # D6
    ("CO-45", ALONE, "contractual"), ("CO-253", ALONE, "contractual"), ("OA-45", ALONE, "contractual"),
    ("PR-45", ALONE, "undecided"),
    # 4010 and nonsense
    ("CR-45", ALONE, "undecided"), ("XX-1", ALONE, "undecided"),
]  # fmt: skip


@pytest.mark.parametrize(("pair", "around", "expected"), PAIRS)
def test_a_pair_has_one_disposition(pair: str, around: Circumstances, expected: str) -> None:
    group, _, reason = pair.partition("-")
    assert disposition_of(group, reason, around) == expected


GUARD = [
    # (payment, professional, dispositions after the guard)
    (a_payment(100_00, 0, "CO-45 10000"), True, ["denied"]),
    (a_payment(100_00, 0, "CO-45 6000, CO-253 4000"), True, ["denied", "denied"]),
    (a_payment(100_00, 0, "CO-246 10000"), True, ["contractual"]),
    (a_payment(100_00, 0, "CO-45 7000, PR-1 3000"), True, ["contractual", "patient_share"]),
    (a_payment(100_00, 1, "CO-45 9999"), True, ["contractual"]),
    (a_payment(100_00, 0, "CO-45 6000, CO-197 4000"), True, ["contractual", "denied"]),
    (a_payment(100_00, 0, "CO-24 10000"), True, ["capitated"]),
    (as_a_whole(100_00, 0, "CO-45 10000"), False, ["denied"]),
    (a_payment(-100_00, 0, "CO-45 -10000", status="22"), True, ["contractual"]),
]


@pytest.mark.parametrize(("payment", "professional", "expected"), GUARD)
def test_contractual_may_not_take_a_whole_charge(
    payment: object, professional: bool, expected: list[str]
) -> None:
    decided = judged(payment, ALONE, is_professional=professional)  # type: ignore[arg-type]
    assert [one.disposition for one in decided.all_adjustments] == expected


def test_a_packaged_line_of_an_institutional_claim_is_not_meant() -> None:
    lines = (
        a_line(100_00, 0, "CO-45 10000", number=1),
        a_line(900_00, 500_00, "CO-45 40000", number=2),
    )
    claim = a_payment(1000_00, 500_00, lines=lines)
    as_hospital = judged(claim, ALONE, is_professional=False)
    assert [one.disposition for one in as_hospital.all_adjustments] == ["contractual"] * 2
    as_doctor = judged(claim, ALONE, is_professional=True)
    assert [one.disposition for one in as_doctor.all_adjustments] == ["denied", "contractual"]


def test_a_remark_of_a_line_spares_the_patient() -> None:
    line = a_line(100_00, 70_00, "PR-2 3000", remark_codes=("N781",))
    around = circumstances_of(
        a_payment(100_00, 70_00, lines=(line,)), further_payer=False, forwarded=False
    )
    assert around.no_patient_share
    assert cas("PR-2 3000")[0].disposition == ""
