"""What holds for every decision a payer could send, not only for those we thought of."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as any_of

from cleanclaim.accounts.domain.book.payment import entry_for_payment
from cleanclaim.accounts.domain.book.reversal import PostedPayment, entry_for_reversal
from cleanclaim.accounts.domain.decision import Adjustment, DecidedLine, PayerDecision
from cleanclaim.accounts.domain.journal import Posting

from .builders import a_decision, an_occasion, named

DISPOSITIONS = (
    "contractual", "patient_share", "next_payer", "prior_payer", "denied", "payer_initiated",
    "undecided", "withheld", "capitated", "a_later_word",
)  # fmt: skip
CENTS = any_of.integers(min_value=-(10**9), max_value=10**9)

adjustments = any_of.builds(
    Adjustment,
    reason_code=any_of.sampled_from(("45", "1", "2", "197", "23")),
    amount_cents=CENTS,
    disposition=any_of.sampled_from(DISPOSITIONS),
)
lines = any_of.builds(
    DecidedLine,
    line_id=any_of.sampled_from((named("L1"), named("L2"), None)),
    paid_cents=CENTS,
    adjustments=any_of.lists(adjustments, max_size=4).map(tuple),
)


@any_of.composite
def decisions(draw: any_of.DrawFn) -> PayerDecision:
    return a_decision(
        *draw(any_of.lists(lines, max_size=4)),
        paid_cents=draw(CENTS),
        claim_adjustments=tuple(draw(any_of.lists(adjustments, max_size=3))),
        next_payer="Z",
        from_unapplied=draw(any_of.booleans()),
    )


def _postings(decision: PayerDecision) -> tuple[Posting, ...]:
    entry = entry_for_payment(an_occasion(), decision)
    return entry.postings if entry else ()


@given(decisions())
def test_every_line_of_a_decision_adds_up_to_nothing_by_itself(decision: PayerDecision) -> None:
    by_line: Counter[object] = Counter()
    for one in _postings(decision):
        by_line[one.line_id] += one.amount_cents
    assert not any(by_line.values())


@given(decisions())
def test_the_money_of_a_decision_is_what_the_payer_says_it_paid(decision: PayerDecision) -> None:
    cash = [
        one.amount_cents
        for one in _postings(decision)
        if one.account in {"cash_clearing", "unapplied_insurance_cash"}
    ]
    assert sum(cash) == decision.paid_cents


@given(decisions(), any_of.booleans())
def test_original_and_reversal_leave_every_account_but_the_cash_as_it_was(
    decision: PayerDecision, waited: bool
) -> None:
    postings = _postings(decision)
    original = PostedPayment(
        claim_payment_id=named("P1"),
        paid_cents=decision.paid_cents,
        entry_id=named("entry"),
        postings=postings,
    )
    reversal = a_decision(
        name="P2", trace="T2", status="22", paid_cents=-decision.paid_cents, reverses="P1",
        from_unapplied=waited,
    )  # fmt: skip
    countered = entry_for_reversal(an_occasion("reversal"), reversal, original)
    sums: Counter[object] = Counter()
    cash = 0
    for one in (*postings, *(countered.postings if countered else ())):
        if one.account in {"cash_clearing", "unapplied_insurance_cash"}:
            cash += one.amount_cents
        else:
            sums[(one.account, one.payer_id, one.line_id, one.reason)] += one.amount_cents
    assert not any(sums.values())
    assert cash == 0  # in the sum over traces
