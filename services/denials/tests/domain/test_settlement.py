"""Where a case stands after later decisions and versions, whatever was heard."""

import pytest

from cleanclaim.denials.domain.settlement import Decision, Ground, SentVersion, Story, settle

from .builders import a_decision, a_ground, a_part, a_version, an_adjustment, named

FIRST = a_decision(1, ("L1", 0, 200_00))
PARTLY_PAID = a_part(
    an_adjustment("CO-197", 80_00), paid_cents=120_00, charge_cents=200_00, denied_cents=80_00
)
TWO = a_ground(a_part(), a_part(an_adjustment("CO-197", 100_00), line="L2"))
TWO_LINES = a_decision(1, ("L1", 0, 200_00), ("L2", 0, 100_00))
WHOLE_CLAIM = a_ground(a_part(an_adjustment("CO-29", 500_00), line=None))
REFUSED_WHOLE = a_decision(1, refused_cents=500_00)
BACK = {"taken_back": True}

CASES: dict[
    str, tuple[Ground, list[Decision], list[SentVersion], tuple[str | None, int, str]]
] = {
    "nothing came": (a_ground(), [FIRST], [], (None, 0, "unanswered")),
    "not even its own decision came": (a_ground(), [], [], (None, 0, "unanswered")),
    "paid": (a_ground(), [FIRST, a_decision(2, ("L1", 150_00, 0))], [], ("recovered", 150_00, "paid")),
    "paid more than was refused": (
        a_ground(), [FIRST, a_decision(2, ("L1", 900_00, 0))], [], ("recovered", 200_00, "paid"),
    ),
    "what was paid before is no new money": (
        a_ground(PARTLY_PAID), [FIRST, a_decision(2, ("L1", 170_00, 0))], [],
        ("recovered", 50_00, "paid"),
    ),
    "paid in part, the rest refused again": (
        a_ground(), [FIRST, a_decision(2, ("L1", 120_00, 80_00))], [],
        ("partly_recovered", 120_00, "refused_again"),
    ),
    "refused again whole": (
        a_ground(), [FIRST, a_decision(2, ("L1", 0, 200_00))], [],
        ("superseded", 0, "refused_again"),
    ),
    "no longer refused, nothing paid: a deductible": (
        a_ground(), [FIRST, a_decision(2, ("L1", 0, 0))], [],
        ("superseded", 0, "no_longer_refused"),
    ),
    "the decision after a renewed refusal belongs to the next case": (
        a_ground(),
        [FIRST, a_decision(2, ("L1", 120_00, 80_00)), a_decision(3, ("L1", 200_00, 0))], [],
        ("partly_recovered", 120_00, "refused_again"),
    ),
    "the last of several that pay tells": (
        a_ground(), [FIRST, a_decision(2, ("L1", 50_00, 0)), a_decision(3, ("L1", 90_00, 0))], [],
        ("recovered", 90_00, "paid"),
    ),
    "a decision taken back does not count": (
        a_ground(), [FIRST, a_decision(2, ("L1", 150_00, 0), **BACK)], [],
        (None, 0, "unanswered"),
    ),
    "its own decision taken back": (
        a_ground(), [a_decision(1, ("L1", 0, 200_00), **BACK)], [],
        (None, 0, "refusal_taken_back"),
    ),
    "its own decision taken back, and an earlier case holds the line": (
        a_ground(has_predecessor=True), [a_decision(1, ("L1", 0, 200_00), **BACK)], [],
        ("superseded", 0, "its_own_decision_was_reversed"),
    ),
    "taken back and paid": (
        a_ground(),
        [a_decision(1, ("L1", 0, 200_00), **BACK), a_decision(3, ("L1", 200_00, 0))], [],
        ("recovered", 200_00, "paid"),
    ),
    "another line": (a_ground(), [FIRST, a_decision(2, ("L2", 99_00, 0))], [], (None, 0, "unanswered")),
    "an earlier decision": (
        a_ground(payment_sequence=2), [a_decision(1, ("L1", 99_00, 0))], [], (None, 0, "unanswered"),
    ),
    "one sum for all that was refused": (
        a_ground(), [TWO_LINES, a_decision(2, paid_cents=300_00)], [], ("recovered", 200_00, "paid"),
    ),
    "one sum for nobody knows which": (
        a_ground(), [TWO_LINES, a_decision(2, paid_cents=120_00)], [],
        (None, 0, "paid_without_lines"),
    ),
    "one sum where one line was refused": (
        a_ground(), [FIRST, a_decision(2, paid_cents=120_00)], [], ("recovered", 120_00, "paid"),
    ),
    "one sum of nothing": (
        a_ground(), [TWO_LINES, a_decision(2)], [], ("superseded", 0, "no_longer_refused"),
    ),
    "a claim refused whole, paid": (
        WHOLE_CLAIM, [REFUSED_WHOLE, a_decision(2, ("L1", 300_00, 0), ("L2", 50_00, 0))], [],
        ("recovered", 350_00, "paid"),
    ),
    "a claim refused whole, then one line of it": (
        WHOLE_CLAIM, [REFUSED_WHOLE, a_decision(2, ("L1", 300_00, 0), ("L2", 0, 50_00))], [],
        ("partly_recovered", 300_00, "refused_again"),
    ),
    "a claim refused whole beside a line: the line's money is the line's": (
        a_ground(a_part(an_adjustment("CO-29", 100_00), line=None)),
        [
            a_decision(1, ("L1", 0, 200_00), refused_cents=300_00),
            a_decision(2, ("L1", 200_00, 0)),
        ],
        [],
        ("superseded", 0, "no_longer_refused"),
    ),
    "a replacement is on its way": (a_ground(), [FIRST], [a_version(2)], (None, 0, "sent_again")),
    "a replacement that was answered without the line is not on its way": (
        a_ground(), [FIRST, a_decision(2, ("L2", 9_00, 0), claim_version=2)], [a_version(2)],
        (None, 0, "unanswered"),
    ),
    "a replacement without the line": (
        a_ground(), [FIRST], [a_version(2, "L2")], ("superseded", 0, "line_left_the_claim"),
    ),
    "a void": (a_ground(), [FIRST], [a_version(2, frequency="8")], ("superseded", 0, "voided")),
    "a replacement that was refused at the door": (
        a_ground(), [FIRST], [a_version(2, rejected=True)], (None, 0, "unanswered"),
    ),
    "one of two lines answered, the other not": (
        TWO, [TWO_LINES, a_decision(2, ("L1", 150_00, 0))], [], (None, 150_00, "partly_answered"),
    ),
    "one of two lines answered, and a replacement on its way": (
        TWO, [TWO_LINES, a_decision(2, ("L1", 150_00, 0))], [a_version(2)],
        (None, 150_00, "partly_answered"),
    ),
    "two lines answered one after the other": (
        TWO, [TWO_LINES, a_decision(2, ("L1", 150_00, 0)), a_decision(3, ("L2", 60_00, 0))], [],
        ("recovered", 210_00, "paid"),
    ),
    "one line paid, the other refused again": (
        TWO, [TWO_LINES, a_decision(2, ("L1", 150_00, 0), ("L2", 0, 100_00))], [],
        ("partly_recovered", 150_00, "refused_again"),
    ),
    "one sum nobody can share out, then the lines": (
        TWO,
        [TWO_LINES, a_decision(2, paid_cents=120_00), a_decision(3, ("L1", 90_00, 0), ("L2", 30_00, 0))],
        [], ("recovered", 120_00, "paid"),
    ),
    "its own version": (a_ground(), [FIRST], [a_version(1)], (None, 0, "unanswered")),
    "paid after a replacement": (
        a_ground(), [FIRST, a_decision(2, ("L1", 150_00, 0), claim_version=2)], [a_version(2)],
        ("recovered", 150_00, "paid"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ground", "decisions", "versions", "expected"), CASES.values(), ids=CASES)
def test_where_a_case_stands(
    ground: Ground,
    decisions: list[Decision],
    versions: list[SentVersion],
    expected: tuple[str | None, int, str],
) -> None:
    for told in (decisions, decisions[::-1]):
        found = settle(ground=ground, story=Story(decisions=told, versions=versions))
        outcome = found.outcome.value if found.outcome else None
        assert (outcome, found.recovered_cents, found.because) == expected


def test_money_for_no_line_is_told_with_the_payment_that_brought_it() -> None:
    story = Story(decisions=[TWO_LINES, a_decision(2, paid_cents=120_00)])
    found = settle(ground=a_ground(), story=story)
    assert found.unattributed
    assert found.claim_payment_id == named("D2")
