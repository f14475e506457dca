"""A billing office with one of everything: whatever a route may name is there to be named."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cleanclaim.payersim.scenario import Money, Rule

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

RULES = (
    Rule(name="unreadable", outcome="reject_277ca", procedure="93000"),
    Rule(name="bundled", outcome="deny", lines="85025", group="CO", reason="97"),
)
# where the ids behind a path's parameter are listed, and under which name
LISTS = {
    ("intake", "encounter_id"): ("/v1/encounters", "encounter_id"),
    ("claims", "provider_id"): ("/v1/providers", "id"),
    ("claims", "payer_id"): ("/v1/payers", "id"),
    ("claims", "connection_id"): ("/v1/connections", "id"),
    ("claims", "claim_id"): ("/v1/claims", "id"),
    ("claims", "submission_id"): ("/v1/submissions", "id"),
    ("remittance", "remittance_id"): ("/v1/remittances", "id"),
    ("remittance", "claim_payment_id"): ("/v1/unmatched-payments", "id"),
    ("denials", "denial_id"): ("/v1/denials", "id"),
    ("reconcile", "bank_account_id"): ("/v1/bank-accounts", "id"),
    ("reconcile", "bank_statement_id"): ("/v1/bank-statements", "id"),
    ("reconcile", "deposit_id"): ("/v1/deposits", "id"),
    ("reconcile", "variance_id"): ("/v1/variances", "id"),
    ("accounts", "patient_account_id"): ("/v1/patient-accounts", "id"),
    ("accounts", "entry_id"): ("/v1/journal-entries", "id"),
}
WITH_WORK = ("intake", "claims", "remittance", "denials", "reconcile")


@dataclass
class Office:
    """A story told to its end, and for each service an id for every parameter of its paths."""

    story: Any
    people: list[Any] = field(default_factory=list)
    """The visits that were sent, with who came and how they are covered."""
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def organization_id(self) -> str:
        return str(self.story.clinic.organization_id)

    def names(self, service: str) -> dict[str, str]:
        """The parameters of this service's paths, filled with what is there."""
        own = {name: value for (where, name), value in self.ids.items() if where == service}
        return own | {"version": "1", "on": PAID_ON.isoformat()}


@asynccontextmanager
async def an_office(system, name: str):
    """Visits that are paid, denied, rejected and held; a payment nobody knows; a short deposit."""
    scenario = a_scenario(*RULES, money=Money(short_cents={"PMH01": 1}))
    async with a_story(system, scenario, name) as story:
        sent = await story.clinic.send(
            [
                a_visit(story, "99213", "85025"),
                a_visit(story, "93000", number=2),
                a_visit(story, "99213", number=3, flaw="diagnosis not billable"),
            ]
        )
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        await story.clinic.doors.send_file(
            "remittance", "/v1/remittances", stray(the_835_of(story))
        )
        await story.settled()
        office = Office(story, people=[one.visit for one in sent])
        await _learn(office, sent[0])
        yield office


def the_835_of(story) -> bytes:
    """The remittance that the payer sent in this story."""
    (path,) = [one for one in story.clinic.mailbox.rglob("*835_*") if one.is_file()]
    return path.read_bytes()


def stray(content: bytes) -> bytes:
    """The same remittance for a claim and under a trace number that nobody here knows."""
    segments = content.replace(b"~\n", b"~").split(b"~")
    changed = []
    for segment in segments:
        elements = segment.split(b"*")
        if elements[0] == b"CLP":
            elements[1] = b"OLDSYSTEM1"
        if elements[0] == b"TRN":
            elements[2] = b"EFT-STRAY-1"
        if elements[0] == b"REF" and elements[1] == b"6R":
            elements[2] = b"OLDLINE" + elements[2][-2:]
        changed.append(b"*".join(elements))
    return b"~".join(changed)


async def _learn(office: Office, sent: Any) -> None:
    doors, ids = office.story.clinic.doors, office.ids
    for (service, name), (path, key) in LISTS.items():
        items = await doors.every(service, path)
        assert items, f"the office has nothing at {service} {path}"
        ids[service, name] = items[0][key]
    for service in WITH_WORK:
        items = await doors.every(service, "/v1/work-items")
        assert items, f"the office has no work in {service}"
        ids[service, "item_id"] = items[0]["id"]
    answered = (office.story.clinic.mailbox / "archive").glob("*999_*")
    again = next(answered).read_bytes()
    known = await doors.send_file("claims", "/v1/acknowledgements", again)
    ids["claims", "acknowledgement_id"] = known["id"]
    ids["intake", "patient_id"] = sent.patient_id
    ids["intake", "coverage_id"] = sent.coverage_id
    ids["intake", "encounter_id"] = sent.encounter_id
    ids["claims", "organization_id"] = office.organization_id
    ids["accounts", "claim_id"] = ids["claims", "claim_id"]
