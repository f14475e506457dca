"""An invented clinic that uses the running system through its doors: registers, sends, corrects."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from cleanclaim.seed.doors import SCOPES, Doors, Refused, open_doors, together
from cleanclaim.seed.encounters import SOURCE, Staff, Visit, a_staff
from cleanclaim.seed.stream import Stream, listening

CLEARINGHOUSE = "clearinghouse"
BANK = "bank"
OVERTAKEN = 412


class Place(Protocol):
    """The running system, as the local stack knows it."""

    @property
    def urls(self) -> dict[str, str]: ...
    @property
    def kafka_bootstrap(self) -> str: ...
    def token(self, *, organization_id: str | None, scope: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTerms:
    """An invented payer as the directory takes it; `name` is how the clinic speaks of it."""

    name: str
    identifier: str
    originating_company_id: str
    claim_filing_indicator: str = "CI"
    timely_filing_days: int = 365
    appeal_days: int = 180
    appeal_basis: str = "adjudicated_on"

    def as_body(self, connection_id: str) -> dict[str, Any]:
        return {
            "connection_id": connection_id,
            "versions": [
                {
                    "effective_from_on": "2015-01-01",
                    "name": self.name,
                    "payer_identifier": self.identifier,
                    "remittance_names": [self.name, self.name.upper()],
                    "remittance_identifiers": [self.identifier],
                    "originating_company_ids": [self.originating_company_id],
                    "claim_filing_indicator": self.claim_filing_indicator,
                    "timely_filing_days": self.timely_filing_days,
                    "corrected_claim_days": self.timely_filing_days,
                    "takes_replacement": True,
                    "appeal_levels": [
                        {"level": 1, "days": self.appeal_days, "basis": self.appeal_basis}
                    ],
                    "enrolled_transactions": ["837P", "835"],
                }
            ],
        }


@dataclass(slots=True, kw_only=True)
class Sent:
    """A visit that was sent, and what intake said of it."""

    visit: Visit
    patient_id: str
    coverage_id: str
    encounter_id: str
    answer: dict[str, Any]

    @property
    def state(self) -> str:
        return str(self.answer["state"])


@dataclass(slots=True, kw_only=True)
class Clinic:
    """One organization of the running system, its doors, its stream and its mailboxes."""

    organization_id: UUID
    doors: Doors
    stream: Stream
    staff: Staff
    mailbox: Path
    bank_mailbox: Path
    payer_ids: dict[str, str] = field(default_factory=dict)

    async def send(self, visits: Sequence[Visit]) -> list[Sent]:
        """Register each patient with their coverage and send the visit, a few at a time."""

        def job(visit: Visit) -> Any:
            return lambda: self.send_one(visit)

        return await together([job(visit) for visit in visits])

    async def send_one(self, visit: Visit, *, source: str = SOURCE) -> Sent:
        """Register, cover, send. Raises Refused."""
        patient = await self.doors.post(
            "intake",
            "/v1/patients",
            visit.patient.as_body() | {"source": source, "external_id": f"P-{visit.external_id}"},
        )
        coverage = await self.doors.post(
            "intake",
            "/v1/coverages",
            visit.coverage
            | {"patient_id": patient["patient_id"], "payer_id": self.payer_ids[visit.payer]},
        )
        answer = await self.doors.post(
            "intake",
            "/v1/encounters",
            visit.encounter
            | {
                "source": source,
                "external_id": visit.external_id,
                "patient_id": patient["patient_id"],
                "coverage_ids": [coverage["coverage_id"]],
            },
        )
        return Sent(
            visit=visit,
            patient_id=patient["patient_id"],
            coverage_id=coverage["coverage_id"],
            encounter_id=answer["encounter_id"],
            answer=answer,
        )

    async def correct(self, sent: Sent, right: Visit) -> dict[str, Any]:
        """Put a held visit right, as the registration desk would: coverage, then the encounter."""
        if right.coverage != sent.visit.coverage:
            path = f"/v1/coverages/{sent.coverage_id}"
            held = await self.doors.read("intake", path)
            body = right.coverage | {"payer_id": self.payer_ids[right.payer]}
            await self.doors.put("intake", path, body, etag=held.headers["ETag"])
        return await self._replace(sent, right)

    async def _replace(self, sent: Sent, right: Visit) -> dict[str, Any]:
        path = f"/v1/encounters/{sent.encounter_id}"
        body = right.encounter | {
            "source": SOURCE,
            "external_id": right.external_id,
            "patient_id": sent.patient_id,
            "coverage_ids": [sent.coverage_id],
        }
        while True:
            encounter = await self.doors.read("intake", path)
            try:
                answer: dict[str, Any] = await self.doors.put(
                    "intake", path, body, etag=encounter.headers["ETag"]
                )
            except Refused as refused:
                # intake itself examines an encounter again when its coverage changes
                if refused.status != OVERTAKEN:
                    raise
            else:
                return answer

    async def cut_batch(self) -> list[dict[str, Any]]:
        """Have all clean claims written into files and put into the mailbox."""
        cut = await self.doors.post("claims", "/v1/submissions", once=False)
        items: list[dict[str, Any]] = cut["items"]
        return items


@asynccontextmanager
async def opened_clinic(
    place: Place,
    *,
    mailboxes: Path,
    seed: int,
    name: str,
    payers: Sequence[PayerTerms],
    time_zone: str = "America/Chicago",
) -> AsyncIterator[Clinic]:
    """A new organization with one billing provider, these payers and two mailboxes.

    `mailboxes` is the folder that the services were given as their mailbox root.
    """
    operator = open_doors(
        place.urls, place.token(organization_id=None, scope=SCOPES), run_name=name
    )
    try:
        organization = await operator.post(
            "claims",
            "/v1/organizations",
            {"name": name, "time_zone": time_zone, "environment": "test"},
            once=False,
        )
    finally:
        await operator.close()
    organization_id = UUID(organization["id"])
    doors = open_doors(
        place.urls,
        place.token(organization_id=str(organization_id), scope=SCOPES),
        run_name=str(organization_id),
    )
    folder = mailboxes / str(organization_id)
    try:
        async with listening(place.kafka_bootstrap, organization_id) as stream:
            clinic = Clinic(
                organization_id=organization_id,
                doors=doors,
                stream=stream,
                staff=a_staff(random.Random(f"staff/{seed}")),
                mailbox=folder / CLEARINGHOUSE,
                bank_mailbox=folder / BANK,
            )
            await _furnish(clinic, name, payers)
            yield clinic
    finally:
        await doors.close()


async def _furnish(clinic: Clinic, name: str, payers: Sequence[PayerTerms]) -> None:
    """Enter connections, the billing provider and the payers into the directory."""
    doors = clinic.doors
    clearinghouse = await doors.post(
        "claims",
        "/v1/connections",
        {
            "name": CLEARINGHOUSE,
            "purpose": "clearinghouse",
            "sender_id": "DEMOCLINIC",
            "receiver_id": "CLEARHOUSE",
            "submitter_name": name,
            "receiver_name": "Invented Clear House",
            "contact_name": "Billing office",
            "contact_phone": "2175550100",
        },
    )
    await doors.post("claims", "/v1/connections", {"name": BANK, "purpose": "bank"})
    await doors.post(
        "reconcile",
        "/v1/bank-accounts",
        {"name": "Receipts", "bank_name": "Invented Bank", "account_number": "9876543210"},
    )
    await doors.post("claims", "/v1/providers", _billing_provider(clinic.staff.billing_npi, name))
    await add_payers(clinic, payers, connection_id=clearinghouse["id"])
    for mailbox in (clinic.mailbox, clinic.bank_mailbox):
        for box in ("inbound", "outbound"):
            (mailbox / box).mkdir(parents=True, exist_ok=True)


async def add_payers(clinic: Clinic, payers: Sequence[PayerTerms], *, connection_id: str) -> None:
    """Enter payers and wait until intake knows them, so that the first visit finds its payer."""
    for payer in payers:
        entry = await clinic.doors.post("claims", "/v1/payers", payer.as_body(connection_id))
        clinic.payer_ids[payer.name] = entry["id"]


def _billing_provider(npi: str, name: str) -> dict[str, Any]:
    return {
        "versions": [
            {
                "effective_from_on": "2015-01-01",
                "npi": npi,
                "tin": "990000001",
                "name": name,
                "taxonomy_code": "261QP2300X",
                "address": {
                    "street": "100 Main Street",
                    "city": "Springfield",
                    "state": "IL",
                    "postal_code": "627010001",
                },
            }
        ]
    }


__all__ = ["Clinic", "PayerTerms", "Place", "Refused", "Sent", "opened_clinic"]
