"""Which claim and which lines an answer is meant for."""

from uuid import uuid5

import pytest

from cleanclaim.remittance.domain.claim_payment import ServicePayment
from cleanclaim.remittance.domain.matching import candidates, find_claim, with_lines

from .builders import (
    CLAIM,
    PRIMARY,
    SECONDARY,
    SERVED_ON,
    TERTIARY,
    a_line,
    a_payment,
    a_reference,
    a_sent_line,
    with_secondary,
)

OTHER = a_reference(claim_id=uuid5(CLAIM, "other"))
PLACES = [
    # payer, CLP02, versions that bear the number, place or reason
    (PRIMARY, "1", [a_reference()], "P"),
    (PRIMARY, "2", [a_reference()], "P"),
    (SECONDARY, "2", [with_secondary()], "S"),
    (SECONDARY, "1", [with_secondary()], "S"),
    (TERTIARY, "2", [a_reference()], "S"),
    (TERTIARY, "21", [a_reference()], "T"),
    (TERTIARY, "1", [a_reference()], "other_payer"),
    (PRIMARY, "1", [], "no_claim"),
    (PRIMARY, "1", [a_reference(), OTHER], "several_claims"),
]


@pytest.mark.parametrize(("payer_id", "status", "bearing", "expected"), PLACES)
def test_a_claim_is_found_by_number_and_payer(payer_id, status, bearing, expected) -> None:
    found = find_claim(a_payment(status=status), payer_id, bearing)
    assert (found.responsibility or found.reason) == expected


def test_the_newest_version_that_bears_the_number_is_meant() -> None:
    found = find_claim(a_payment(), PRIMARY, [a_reference(claim_version=2), a_reference()])
    assert found.reference is not None
    assert found.reference.claim_version == 2


SENT = a_reference(100_00, 80_00, 80_00)
LINES = {
    "by its control number": (a_line(100_00, 0, control_number="L1", code="changed"), 1, "line_control_number"),
    "by its control number in other letters": (a_line(100_00, 0, control_number="l1"), 1, "line_control_number"),
    "by all facts": (a_line(100_00, 0, control_number=None), 1, "procedure+modifiers+charge+day"),
    "without the billed modifier": (
        a_line(80_00, 0, control_number=None, code="99213", modifiers=("59",)), 3, "procedure+charge+day",
    ),
    "by what was submitted": (
        a_line(80_00, 0, control_number=None, code="99999", submitted_code="99212"), 2,
        "procedure+modifiers+charge+day",
    ),
    "by nothing": (a_line(80_00, 0, control_number="X", code="99999"), None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_found(name: str) -> None:
    line, number, how = LINES[name]
    (matched,) = with_lines(a_payment(lines=(line,)), SENT).lines
    expected = SENT.lines[number - 1].line_id if number else None
    assert (matched.line_id, matched.matched_by) == (expected, how)


def test_equal_lines_are_taken_in_order_and_unlike_ones_are_left() -> None:
    twins = a_reference(
        lines=(a_sent_line(1, 50_00, code="97110"), a_sent_line(2, 50_00, code="97110"))
    )
    paid = tuple(a_line(50_00, 50_00, number=n, control_number=None, code="97110") for n in (1, 2))
    matched = with_lines(a_payment(lines=paid), twins).lines
    assert [one.line_id for one in matched] == [one.line_id for one in twins.lines]
    doubtful = a_reference(
        lines=(a_sent_line(1, 50_00, code="97110", modifiers=("GP",)),
               a_sent_line(2, 50_00, code="97110", modifiers=("GO",)))
    )  # fmt: skip
    line: ServicePayment = a_line(50_00, 50_00, control_number=None, code="97110")
    assert with_lines(a_payment(lines=(line,)), doubtful).lines[0].line_id is None


def test_candidates_say_what_speaks_for_them_and_the_likeliest_comes_first() -> None:
    likely = a_reference()
    same_day = a_reference(70_00, claim_id=uuid5(CLAIM, "same day"))
    payment = a_payment(service_from_on=SERVED_ON)
    first, second = candidates(payment, PRIMARY, [same_day, likely])
    assert first.reference is likely
    assert first.reasons == ("charge", "service_day", "payer", "procedures", "line_charges")
    assert second.reasons == ("service_day", "payer", "procedures")
    far = a_reference(70_00, service_from_on=SERVED_ON.replace(day=1))
    assert candidates(payment, PRIMARY, [far]) == ()
