"""Handing claims over: once each, whatever is interrupted, on the thread of each encounter."""

import asyncio
from pathlib import Path

import pytest

from cleanclaim.chassis.rounds import JobRound
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.testing import ORGANIZATION
from cleanclaim.claims.jobs import JOBS, cut_batches
from cleanclaim.events.claims import ClaimHeld, ClaimSubmitted
from cleanclaim.values.errors import Unavailable
from cleanclaim.x12 import parse

from .builders import MARK, Office, a_coverage, a_payer_body, an_id, ready


class Killed(Exception):  # noqa: N818 - no error, an end
    """Stands for the end of the process at a named place."""


def _files(mailbox: Path) -> list[str]:
    outbound = mailbox / str(ORGANIZATION) / "clearinghouse" / "outbound"
    return sorted(path.name for path in outbound.iterdir()) if outbound.is_dir() else []


def _numbers_in(mailbox: Path) -> list[str]:
    files = [path.read_bytes() for path in mailbox.rglob("outbound/*.x12")]
    return [claim.patient_control_number for one in files for claim in parse(one).claims]


def _connections_with_files(mailbox: Path) -> set[str]:
    return {path.parent.parent.name for path in mailbox.rglob("outbound/*.x12")}


async def test_a_clean_claim_is_sent_and_told(office: Office, mailbox: Path) -> None:
    story = an_id("story")
    [envelope] = await office.service.deliver(ready(office.encounter()), correlation_id=story)
    [submission] = await office.submit_all()
    assert submission["file_name"] == "837P_000000001.x12"
    assert _files(mailbox) == ["837P_000000001.x12"]
    [told] = await office.service.told(ClaimSubmitted)
    assert isinstance(told, ClaimSubmitted)
    assert told.patient_control_number == f"C000000001V01{MARK}"
    assert (told.interchange_control_number, told.group_control_number) == ("000000001", "1")
    assert told.transaction_control_number == "0001"
    assert told.billing_provider_id == office.provider_id
    assert told.total_charge_cents == sum(one.charge_cents for one in told.lines)
    [claim] = await office.claims()
    assert claim["state"] == "submitted"
    timeline = (await office.get(f"/v1/claims/{claim['id']}/timeline"))["items"]
    assert [one["correlation_id"] for one in timeline] == [str(story)]
    assert timeline[0]["caused_by"] == str(envelope.event_id)


async def test_a_second_cut_finds_nothing(office: Office, mailbox: Path) -> None:
    await office.has_ready(office.encounter())
    assert len(await office.submit_all()) == 1
    assert await office.submit_all() == []
    assert len(_files(mailbox)) == 1


async def test_two_cuts_at_once_send_each_claim_once(office: Office, mailbox: Path) -> None:
    await office.has_ready(*(office.encounter(name=f"visit {n}") for n in range(6)))
    answers = await asyncio.gather(*(office.client.post("/v1/submissions") for _ in range(3)))
    assert {one.status_code for one in answers} == {201}
    written = _numbers_in(mailbox)
    told = await office.service.told(ClaimSubmitted)
    assert sorted(written) == [f"C{n:09d}V01{MARK}" for n in range(1, 7)]
    assert sorted(one.patient_control_number for one in told) == sorted(written)  # type: ignore[attr-defined]


async def test_the_same_idempotency_key_answers_the_same(office: Office) -> None:
    await office.has_ready(office.encounter())
    headers = {"Idempotency-Key": "cut-1"}
    first = await office.client.post("/v1/submissions", headers=headers)
    again = await office.client.post("/v1/submissions", headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_each_file_has_its_own_control_numbers(office: Office, mailbox: Path) -> None:
    await office.has_ready(office.encounter(name="first"))
    await office.submit_all()
    await office.has_ready(office.encounter(name="second"))
    [second] = await office.submit_all()
    assert second["interchange_control_number"] == "000000002"
    assert _files(mailbox) == ["837P_000000001.x12", "837P_000000002.x12"]


async def test_a_crash_after_handing_over_is_finished_by_the_next_run(
    office: Office, mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.has_ready(office.encounter())

    def die(point: FailPoint) -> None:
        if point is FailPoint.SUBMISSION_AFTER_PUT:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(office.service.runtime, "fail_point", die)
        answer = await office.client.post("/v1/submissions")
    assert answer.status_code == 500
    assert _files(mailbox) == ["837P_000000001.x12"]
    [claim] = await office.claims()
    assert claim["state"] == "clean"
    assert await office.service.told(ClaimSubmitted) == []

    await JobRound(office.service.context, JOBS).run_once()
    [claim] = await office.claims()
    assert claim["state"] == "submitted"
    assert _files(mailbox) == ["837P_000000001.x12"]
    assert len(await office.service.told(ClaimSubmitted)) == 1
    await JobRound(office.service.context, JOBS).run_once()
    assert len(await office.service.told(ClaimSubmitted)) == 1


async def test_a_claim_on_its_way_cannot_be_held_or_rebuilt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.has_ready(office.encounter())

    def die(point: FailPoint) -> None:
        if point is FailPoint.SUBMISSION_AFTER_PUT:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(office.service.runtime, "fail_point", die)
        await office.client.post("/v1/submissions")
    [claim] = await office.claims()
    refused = await office.post(f"/v1/claims/{claim['id']}:hold", {"reason": "review"}, status=409)
    assert refused["code"] == "claim_state_forbids"
    [claim] = await office.has_ready(office.encounter(version=2))
    assert (claim["encounter_version"], claim["newest_encounter_version"]) == (1, 2)


async def test_the_job_waits_until_the_oldest_claim_has_waited_long_enough(
    office: Office, mailbox: Path
) -> None:
    await office.has_ready(office.encounter())
    await JobRound(office.service.context, JOBS).run_once()
    assert _files(mailbox) == []
    office.service.runtime.move(seconds=301)
    await JobRound(office.service.context, JOBS).run_once()
    assert _files(mailbox) == ["837P_000000001.x12"]


async def test_claims_are_split_into_sets(office: Office, mailbox: Path) -> None:
    context = office.service.context
    context.settings = context.settings.model_copy(update={"claims_per_set": 2})
    await office.has_ready(*(office.encounter(name=f"visit {n}") for n in range(5)))
    [submission] = await office.submit_all()
    assert [one["control_number"] for one in submission["sets"]] == ["0001", "0002", "0003"]
    path = mailbox / str(ORGANIZATION) / "clearinghouse" / "outbound" / submission["file_name"]
    written = {
        claim.patient_control_number: one.control_number
        for one in parse(path.read_bytes()).transaction_sets
        for claim in one.claims
    }
    told = await office.service.told(ClaimSubmitted)
    assert written == {
        one.patient_control_number: one.transaction_control_number
        for one in told
        if isinstance(one, ClaimSubmitted)
    }


async def test_each_connection_gets_a_file_of_its_own(office: Office, mailbox: Path) -> None:
    connection = await office.post(
        "/v1/connections",
        {"name": "direct", "purpose": "clearinghouse", "sender_id": "PRAIRIE01",
         "receiver_id": "OTHER", "receiver_name": "Other", "contact_name": "Office",
         "contact_phone": "2175550100"},
    )  # fmt: skip
    payer = await office.post("/v1/payers", a_payer_body(connection["id"], name="Other Health"))
    await office.has_ready(
        office.encounter(name="one"),
        office.encounter(name="two", coverages=[a_coverage(payer["id"])]),
    )
    sent = await office.submit_all()
    assert {one["interchange_control_number"] for one in sent} == {"000000001"}
    folders = _connections_with_files(mailbox)
    assert folders == {"clearinghouse", "direct"}


async def test_a_claim_is_judged_again_before_it_goes(office: Office, mailbox: Path) -> None:
    await office.has_ready(office.encounter())
    office.service.runtime.move(days=200)
    assert await office.submit_all() == []
    [claim] = await office.claims()
    assert claim["state"] == "held"
    [held] = await office.service.told(ClaimHeld)
    assert isinstance(held, ClaimHeld)
    assert [one.rule_id for one in held.findings] == ["filing.limit_passed"]
    assert _files(mailbox) == []


async def test_a_claim_that_became_unwritable_is_held_and_its_neighbours_go(
    office: Office, mailbox: Path
) -> None:
    body = a_payer_body(str(office.connection_id), name="Other Health", payer_identifier="OTH01")
    other = await office.post("/v1/payers", body)
    await office.has_ready(
        office.encounter(name="good"),
        office.encounter(name="bad", coverages=[a_coverage(other["id"])]),
    )
    body["versions"][0]["name"] = "Other*Health"
    await office.client.put(f"/v1/payers/{other['id']}", json=body)
    [submission] = await office.submit_all()
    assert submission["claim_count"] == 1
    states = {one["payer_id"]: one["state"] for one in await office.claims()}
    assert states == {str(office.payer_id): "submitted", other["id"]: "held"}
    [held] = await office.service.told(ClaimHeld)
    assert isinstance(held, ClaimHeld)
    assert [one.rule_id for one in held.findings] == ["x12.unwritable"]


async def test_a_payer_that_lost_its_connection_holds_its_claims(office: Office) -> None:
    await office.has_ready(office.encounter())
    answer = await office.client.put(f"/v1/payers/{office.payer_id}", json=a_payer_body(None))
    assert answer.status_code == 200
    assert await office.submit_all() == []
    [claim] = await office.claims()
    assert claim["state"] == "held"


async def test_without_intake_a_batch_waits(office: Office) -> None:
    await office.has_ready(office.encounter())
    office.intake.is_down = True
    answer = await office.client.post("/v1/submissions")
    assert answer.status_code == 503
    office.intake.is_down = False
    assert len(await office.submit_all()) == 1


async def test_without_a_mailbox_folder_it_says_so(office: Office) -> None:
    context = office.service.context
    context.settings = context.settings.model_copy(update={"mailbox_root": None})
    answer = await office.client.post("/v1/submissions")
    assert (answer.status_code, answer.json()["code"]) == (503, "mailbox_not_configured")


async def test_the_job_of_one_organization_leaves_others_alone(office: Office) -> None:
    await office.has_ready(office.encounter())
    office.service.runtime.move(seconds=301)
    await cut_batches(office.service.context, an_id("another organization"))
    [claim] = await office.claims()
    assert claim["state"] == "clean"


async def test_a_job_without_intake_is_tried_again(office: Office) -> None:
    await office.has_ready(office.encounter())
    office.service.runtime.move(seconds=301)
    office.intake.is_down = True
    with pytest.raises(Unavailable):
        await cut_batches(office.service.context, ORGANIZATION)
    office.intake.is_down = False
    await JobRound(office.service.context, JOBS).run_once()
    assert [one["state"] for one in await office.claims()] == ["submitted"]
