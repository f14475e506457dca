"""One organization's days, as the demo and the journeys live them."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from cleanclaim.devstack.stack import Stack
from cleanclaim.payersim.scenario import Scenario
from cleanclaim.payersim.simulator import Simulator
from cleanclaim.seed.clinic import Clinic, PayerTerms, Place, opened_clinic
from cleanclaim.seed.settling import outboxes, settled

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
TAKEN_SECONDS = 60


class StillInMailbox(TimeoutError):  # noqa: N818 - says what is the matter
    """No service has taken these files in time."""


def terms_of(scenario: Scenario) -> list[PayerTerms]:
    """The scenario's payers as the directory takes them; Medicare by its own rules."""
    return [
        PayerTerms(
            name=payer.name,
            identifier=payer.identifier,
            originating_company_id=payer.originating_company_id,
            claim_filing_indicator="MB" if "Medicare" in payer.name else "CI",
            timely_filing_days=365,
            # 42 CFR 405.942: 120 days from receipt of the notice
            appeal_days=120 if "Medicare" in payer.name else 180,
            appeal_basis="received_on" if "Medicare" in payer.name else "adjudicated_on",
        )
        for payer in scenario.payers
    ]


class Story:
    """A clinic with its simulated payers, wherever the system runs."""

    def __init__(self, place: Place, clinic: Clinic, payers: Simulator) -> None:
        self.place = place
        self.clinic = clinic
        self.payers = payers

    async def submit(self, on: date) -> list[str]:
        """Cut a batch, let the clearinghouse answer, wait until the answers are applied."""
        await self.clinic.cut_batch()
        written = self.payers.answer_outbound(today=on)
        await self.taken()
        return written

    async def pay(self, on: date) -> list[str]:
        """Let payers and bank do what is due by this day, wait until all of it is applied."""
        written = self.payers.pay_until(today=on)
        await self.taken()
        return written

    async def taken(self, *, seconds: int = TAKEN_SECONDS) -> None:
        """Wait until every inbound file was taken and everything told was applied.

        Raises:
            StillInMailbox: a file lies there too long. NotSettled: a service lags behind.
        """
        try:
            async with asyncio.timeout(seconds):
                while self._waiting():  # noqa: ASYNC110 - a folder tells nobody of its files
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise StillInMailbox(", ".join(self._waiting())) from None
        await self.settled()

    async def settled(self) -> None:
        """Wait until everything told was applied by every service."""
        await settled(self.place.kafka_bootstrap, SERVICES)

    def _waiting(self) -> list[str]:
        boxes = (self.clinic.mailbox, self.clinic.bank_mailbox)
        return [
            name
            for box in boxes
            for folder in ("inbound", "claimed")
            # a folder may go while it is looked at: walk passes over it, where rglob raises
            for _, _, names in os.walk(box / folder)
            for name in names
        ]


class LocalStory(Story):
    """The same on virtual days of the local stack."""

    def __init__(self, stack: Stack, place: Place, clinic: Clinic, payers: Simulator) -> None:
        super().__init__(place, clinic, payers)
        self.stack = stack

    async def settled(self) -> None:
        """Wait until everything told was applied, what lies in outboxes included."""
        async with outboxes(self.stack.database_url, SERVICES) as untold:
            await settled(self.place.kafka_bootstrap, SERVICES, untold=untold)

    def day(self, on: date, *, hour: int = 15) -> None:
        """Let the services' clock say this day (the hour is in UTC)."""
        self.stack.set_clock(datetime.combine(on, time(hour), tzinfo=UTC))


@asynccontextmanager
async def told(
    stack: Stack,
    scenario: Scenario,
    *,
    seed: int,
    name: str,
    begins_on: date,
    payers: Sequence[PayerTerms] = (),
) -> AsyncIterator[LocalStory]:
    """A story that begins on a virtual day with a new organization and the scenario's payers."""
    stack.set_clock(datetime.combine(begins_on, time(15), tzinfo=UTC))
    place = _Place(stack)
    async with opened_clinic(
        place,
        mailboxes=stack.places.mailbox,
        seed=seed,
        name=name,
        payers=payers or terms_of(scenario),
    ) as clinic:
        simulator = Simulator(
            mailbox=clinic.mailbox,
            bank_mailbox=clinic.bank_mailbox,
            scenario=scenario,
            seed=seed,
            memory=_memory(stack, clinic),
        )
        story = LocalStory(stack, place, clinic, simulator)
        await story.settled()
        yield story


def _memory(stack: Stack, clinic: Clinic) -> Path:
    return stack.places.folder / f"payersim-{clinic.organization_id}.json"


class _Place:
    def __init__(self, stack: Stack) -> None:
        self.urls = stack.urls
        self.kafka_bootstrap = stack.kafka_bootstrap
        self._stack = stack

    def token(self, *, organization_id: str | None, scope: str) -> str:
        return self._stack.token(organization_id=organization_id, scope=scope, minutes=600)
