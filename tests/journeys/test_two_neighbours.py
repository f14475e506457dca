"""Two organizations with the same payer, the same patients and the same numbers: perfect strangers."""

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer

from cleanclaim.chassis.runtime import derived_id
from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.remittance import ClaimPaymentPosted
from cleanclaim.events.wire import encode
from cleanclaim.payersim.scenario import Money, Rule
from cleanclaim.seed.doors import Refused
from cleanclaim.seed.story import told

from .payers import put
from .stories import MONDAY, PAID_ON, a_scenario, a_visit, book, the_claim

LISTS = {
    "intake": ("/v1/encounters", "/v1/work-items"),
    "claims": ("/v1/claims", "/v1/submissions", "/v1/payers", "/v1/providers", "/v1/work-items"),
    "remittance": (
        "/v1/remittances", "/v1/unmatched-payments", "/v1/provider-adjustments", "/v1/work-items",
    ),
    "denials": ("/v1/denials", "/v1/work-items"),
    "reconcile": (
        "/v1/bank-statements", "/v1/deposits", "/v1/matches", "/v1/variances", "/v1/work-items",
    ),
    "accounts": ("/v1/patient-accounts", "/v1/journal-entries", "/v1/work-items"),
}  # fmt: skip
DENIED = Rule(name="bundled", outcome="deny", lines="85025", group="CO", reason="97")


@asynccontextmanager
async def _a_neighbour(system, scenario, name: str, *, seed: int):
    # the same payer, patients and claim numbers in both; only the clinics differ
    async with told(system, scenario, seed=seed, name=name, begins_on=MONDAY) as story:
        yield story


async def test_two_organizations_that_share_a_payer_see_nothing_of_each_other(system):
    scenario = a_scenario(DENIED, money=Money(short_cents={"PMH01": 1}))
    quiet = a_scenario()
    async with (
        _a_neighbour(system, scenario, "East office", seed=7) as east,
        _a_neighbour(system, quiet, "West office", seed=8) as west,
    ):
        # the same person, member id and external id are known to both, each for itself
        (in_east,) = await east.clinic.send([a_visit(east, "99213", "85025")])
        (in_west,) = await west.clinic.send([a_visit(west, "99213", "85025")])
        assert in_east.patient_id != in_west.patient_id
        await east.settled()
        await east.submit(MONDAY)
        await west.submit(MONDAY)
        east.day(PAID_ON)
        await east.pay(PAID_ON)

        await _sees_only_its_own(east, west)
        await _cannot_name_what_is_not_its_own(east, west, in_east)
        before = await book(west)
        await _is_not_moved_by_a_foreign_remittance(east, west)
        await _is_not_moved_by_a_foreign_remittance_under_its_own_npi(east, west)
        await _is_not_moved_by_a_foreign_fact(system, east, west)
        # what the neighbour did with the foreign money stayed with the neighbour
        east_book = await book(east)
        assert east_book["insurance_receivable"] == 31_00
        assert before["insurance_receivable"] == 159_00
        assert (await the_claim(west))["state"] == "accepted"


async def _sees_only_its_own(east, west) -> None:
    """Every list of either holds ids that the other has not, and work about its own things only."""
    for service, paths in LISTS.items():
        for path in paths:
            ours = {one["id"] for one in await _items(east, service, path)}
            theirs = {one["id"] for one in await _items(west, service, path)}
            assert not ours & theirs, f"{service} {path}"
    assert len(await _items(east, "denials", "/v1/denials")) == 1
    assert await _items(west, "denials", "/v1/denials") == []
    assert len(await _items(east, "reconcile", "/v1/variances")) == 1
    for service in ("denials", "reconcile", "remittance"):
        assert await _items(west, service, "/v1/work-items") == []
    told_to_west = {one.envelope.organization_id for one in west.clinic.stream.heard}
    assert told_to_west == {west.clinic.organization_id}
    assert west.clinic.stream.of(ClaimPaymentPosted) == []


async def _cannot_name_what_is_not_its_own(east, west, in_east) -> None:
    """A foreign id inside a body is as unknown as one in a path."""
    visit = in_east.visit
    bodies = {
        "/v1/coverages": visit.coverage
        | {"patient_id": in_east.patient_id, "payer_id": west.clinic.payer_ids[visit.payer]},
        "/v1/encounters": visit.encounter
        | {
            "source": "demo-ehr",
            "external_id": "FOREIGN-1",
            "patient_id": in_east.patient_id,
            "coverage_ids": [in_east.coverage_id],
        },
    }
    for path, body in bodies.items():
        with pytest.raises(Refused) as refused:
            await west.clinic.doors.post("intake", path, body)
        assert refused.value.status in {404, 422}
        assert in_east.patient_id not in str(refused.value.problem.get("detail"))


async def _is_not_moved_by_a_foreign_remittance(east, west) -> None:
    """East's 835, laid into West's mailbox by mistake: West may puzzle over it, East is unmoved."""
    (path,) = (east.clinic.mailbox / "archive").glob("*835_*")
    stands = await book(east)
    posted = len(east.clinic.stream.of(ClaimPaymentPosted))
    put(west.clinic.mailbox, "835_astray.x12", path.read_bytes())
    await west.taken()
    assert await book(east) == stands
    assert len(east.clinic.stream.of(ClaimPaymentPosted)) == posted
    (taken,) = await _items(west, "remittance", "/v1/remittances")
    assert (taken["status"], taken["reasons"]) == ("held", ["unknown_payee"])
    assert taken["id"] not in {
        one["id"] for one in await _items(east, "remittance", "/v1/remittances")
    }


async def _is_not_moved_by_a_foreign_remittance_under_its_own_npi(east, west) -> None:
    """The same file, naming West as payee: claims count alike, yet East's number is not West's."""
    (path,) = (east.clinic.mailbox / "archive").glob("*835_*")
    content, own = path.read_bytes(), (await the_claim(west))["claim_number"]
    assert f"CLP*{own}".encode() in content
    theirs, ours = await _npi(east), await _npi(west)
    assert theirs in content
    content = content.replace(theirs, ours).replace(b"TRN*1*", b"TRN*1*ASTRAY")
    put(west.clinic.mailbox, "835_astray_again.x12", content)
    await west.taken()
    await west.settled()
    remittances = await _items(west, "remittance", "/v1/remittances")
    assert sorted(one["status"] for one in remittances) == ["held", "posted"]
    (payment,) = await _items(west, "remittance", "/v1/unmatched-payments")
    assert payment["status"] == "unmatched"
    assert west.clinic.stream.of(ClaimPaymentPosted) == []


async def _npi(story) -> bytes:
    (provider,) = await story.clinic.doors.every("claims", "/v1/providers")
    (version,) = provider["versions"]
    return version["npi"].encode()


async def _is_not_moved_by_a_foreign_fact(system, east, west) -> None:
    """A forged fact: West's name on a decision about East's claim. East's rows are out of reach."""
    (posted,) = east.clinic.stream.of(ClaimPaymentPosted)
    claim, stands = await the_claim(east), await book(east)
    entries = len(east.clinic.stream.of(JournalPosted))
    forged = replace(
        posted.envelope,
        organization_id=west.clinic.organization_id,
        event_id=derived_id(posted.envelope.event_id, "forged"),
        aggregate_version=posted.envelope.aggregate_version + 1,
    )
    record = encode(forged, posted.fact)
    async with AIOKafkaProducer(bootstrap_servers=system.kafka_bootstrap) as producer:
        await producer.send_and_wait(
            record.topic, record.value, key=record.key, headers=list(record.headers)
        )
    await east.settled()
    assert await book(east) == stands
    assert await the_claim(east) == claim
    assert len(east.clinic.stream.of(JournalPosted)) == entries


async def _items(story, service: str, path: str) -> list[dict]:
    items = await story.clinic.doors.every(service, path)
    return [one | {"id": one.get("id") or one["encounter_id"]} for one in items]
