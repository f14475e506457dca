"""Workers die in the middle of their work; afterwards nothing is lost and nothing doubled."""

import signal

from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.remittance import ClaimPaymentPosted

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit, book

VISITS = 30
WORKERS = ("claims:worker", "remittance:worker", "accounts:worker", "reconcile:worker")


async def test_workers_killed_while_a_day_is_paid_lose_and_double_nothing(system):
    async with a_story(system, a_scenario(), "Killed workers") as story:
        await story.clinic.send([a_visit(story, number=one) for one in range(1, VISITS + 1)])
        for worker in WORKERS[:1]:
            system.signal(worker, signal.SIGKILL)
            system.restart(worker)
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        written = story.payers.pay_until(today=PAID_ON)
        assert len(written) == 2
        for worker in WORKERS[1:]:
            system.signal(worker, signal.SIGKILL)
        for worker in WORKERS[1:]:
            system.restart(worker)
        await story.taken()

        assert len({one.fact.claim_id for one in story.clinic.stream.of(ClaimSubmitted)}) == VISITS
        posted = [one.fact.claim_id for one in story.clinic.stream.of(ClaimPaymentPosted)]
        assert sorted(posted) == sorted(set(posted))
        assert len(posted) == VISITS
        causes = [one.envelope.causation_id for one in story.clinic.stream.of(JournalPosted)]
        assert len(causes) == len(set(causes))
        assert await book(story) == {
            "bank": VISITS * 96_00,
            "contractual_allowance": VISITS * 32_00,
            "gross_charges": -VISITS * 128_00,
        }
