"""Rule 4: which adjustment of a refused part its case rests on."""

import pytest

from cleanclaim.denials.domain.refusal import (
    RefusalWithoutReason,
    RefusedAmountsDisagree,
    primary_reason,
    whole_claim_cents,
)

from .builders import a_part, an_adjustment

CASES = {
    "the only one": ([("CO-197", 200_00, "denied")], "197"),
    "the largest": ([("CO-16", 10_00, "denied"), ("CO-197", 190_00, "denied")], "197"),
    "the first on a tie": ([("CO-16", 100_00, "denied"), ("CO-197", 100_00, "denied")], "16"),
    "contractual amounts are dropped however large": (
        [("CO-45", 500_00, "contractual"), ("CO-197", 10_00, "denied")],
        "197",
    ),
    "a denial goes before a contractual code in disguise": (
        [("CO-45", 500_00, "denied"), ("CO-197", 10_00, "denied")],
        "197",
    ),
    "a contractual code in disguise, where nothing else refuses": (
        [("CO-45", 500_00, "denied")],
        "45",
    ),
    "what the payer began on its own": ([("PI-45", 90_00, "payer_initiated")], "45"),
    "a negative amount refuses nothing": (
        [("CO-96", -50_00, "denied"), ("CO-197", 20_00, "denied")],
        "197",
    ),
    "an unknown code counts as a denial": (
        [("CO-9Z9", 90_00, "denied"), ("CO-197", 20_00, "denied")],
        "9Z9",
    ),
}


@pytest.mark.parametrize(("told", "reason"), CASES.values(), ids=CASES)
def test_the_primary_reason_of_a_part(told: list[tuple[str, int, str]], reason: str) -> None:
    part = a_part(*(an_adjustment(*one) for one in told))
    assert primary_reason(part=part).reason_code == reason


@pytest.mark.parametrize(
    "told",
    [[("CO-45", 200_00, "contractual")], [("CO-197", 0, "denied")], [("CO-197", -1, "denied")]],
)
def test_a_part_that_nothing_refuses_is_refused_by_name(told: list[tuple[str, int, str]]) -> None:
    part = a_part(*(an_adjustment(*one) for one in told), denied_cents=1)
    with pytest.raises(RefusalWithoutReason) as refused:
        primary_reason(part=part)
    assert refused.value.fix


@pytest.mark.parametrize(("denied", "on_lines", "rest"), [(500, 200, 300), (200, 200, 0)])
def test_what_is_refused_beside_the_lines_is_the_claims(
    denied: int, on_lines: int, rest: int
) -> None:
    assert whole_claim_cents(denied_cents=denied, line_denied_cents=on_lines) == rest


def test_lines_cannot_be_refused_for_more_than_the_claim() -> None:
    with pytest.raises(RefusedAmountsDisagree):
        whole_claim_cents(denied_cents=199, line_denied_cents=200)
