"""The invariants in their order; each is one question to a running system."""

from cleanclaim.verify.invariants.book import book_balances, claims_balance
from cleanclaim.verify.invariants.delivery import nothing_is_lost
from cleanclaim.verify.invariants.doubles import nothing_is_doubled
from cleanclaim.verify.invariants.histories import histories_are_legal, states_follow
from cleanclaim.verify.invariants.parked import parked_is_whole
from cleanclaim.verify.invariants.stream import keys_are_in_order, outbox_and_topics_agree
from cleanclaim.verify.invariants.totals import totals_agree
from cleanclaim.verify.verdicts import Invariant

INVARIANTS = (
    Invariant(id="I1", title="the book balances to the cent", check=book_balances),
    Invariant(id="I2", title="every claim balances", check=claims_balance),
    Invariant(id="I3", title="a claim is what its facts say", check=states_follow),
    Invariant(id="I4", title="histories are legal, without gaps", check=histories_are_legal),
    Invariant(id="I5", title="nothing is lost", check=nothing_is_lost, reads_stream=True),
    Invariant(id="I6", title="nothing is doubled", check=nothing_is_doubled),
    Invariant(
        id="I7", title="topics hold what logs hold", check=outbox_and_topics_agree,
        reads_stream=True,
    ),
    Invariant(id="I8", title="every key is in order", check=keys_are_in_order, reads_stream=True),
    Invariant(id="I9", title="remitted = posted = booked = expected", check=totals_agree),
    Invariant(
        id="I10", title="what is parked is whole", check=parked_is_whole, reads_stream=True
    ),
)  # fmt: skip
