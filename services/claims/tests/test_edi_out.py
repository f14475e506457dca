"""The 837P that goes out: accepted by an independent judge, saying what the encounter said."""

from pathlib import Path
from typing import Any

import pytest

from cleanclaim.chassis.testing import ORGANIZATION
from cleanclaim.claims import edi_out
from cleanclaim.x12 import Claim837P, parse
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import MARK, Office, a_charge, a_coverage, a_person, a_provider_body, an_id


def _file(mailbox: Path) -> bytes:
    [path] = (mailbox / str(ORGANIZATION) / "clearinghouse" / "outbound").iterdir()
    return path.read_bytes()


async def _sent(office: Office, mailbox: Path, **changes: Any) -> bytes:
    await office.has_ready(office.encounter(**changes))
    claims = await office.claims()
    assert [one["state"] for one in claims] == ["clean"], await office.claim(claims[0]["id"])
    [submission] = await office.submit_all()
    assert submission["status"] == "sent"
    return _file(mailbox)


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "a child of the subscriber": {"relationship": "19"},
    "two lines with modifiers": {
        "lines": [
            a_charge(1, 300_00, modifiers=["25"], diagnosis_pointers=[2, 1]),
            a_charge(2, 20_00, procedure_code="J1100", units="4", diagnosis_pointers=[1]),
        ]
    },
    "minutes over two days": {
        "lines": [a_charge(1, 300_00, unit="MJ", units="45", service_to_on="2026-02-21")],
        "service_to_on": "2026-02-21",
    },
    "with a referral, a facility and an authorization": {
        "referring_provider": {"npi": "1999999984", "last_name": "Roe", "first_name": "Ada"},
        "facility": {
            "npi": "1234567893",
            "name": "Prairie Surgery Center",
            "address": {"line1": "1 Oak St", "city": "Peoria", "state": "IL", "zip": "616020001"},
        },
        "place_of_service": "24",
        "prior_authorization_number": "AUTH77",
    },
    "after a car accident": {
        "accident": {"causes": ["AA"], "occurred_on": "2026-02-19", "state": "IL"}
    },
    "twelve diagnoses": {
        "diagnoses": ["E11.9", "I10", "J45.909", "M54.50", "R05.9", "Z00.00", "E78.5", "K21.9",
                      "F41.9", "N39.0", "G47.33", "L40.0"]
    },
    "no assignment, no release": {
        "assignment_of_benefits": False, "release_of_information": False,
    },
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
async def test_the_file_is_accepted_by_an_independent_judge(
    office: Office, mailbox: Path, variant: str
) -> None:
    changes = dict(VARIANTS[variant])
    relationship = changes.pop("relationship", None)
    if relationship:
        parent = a_person("Ahlgren", "Per", birth_on="1950-01-02", sex="M")
        changes["coverages"] = [
            a_coverage(office.payer_id, relationship=relationship, subscriber=parent)
        ]
    content = await _sent(office, mailbox, **changes)
    assert judged_by_pyx12(content) == []
    assert [one for one in parse(content).findings if one.severity == "error"] == []


async def test_it_says_what_the_encounter_said(office: Office, mailbox: Path) -> None:
    claim = _only_claim(await _sent(office, mailbox, prior_authorization_number="AUTH77"))
    assert claim.patient_control_number == f"C000000001V01{MARK}"
    assert (claim.charge_cents, claim.place_of_service, claim.frequency) == (125_00, "11", "1")
    assert [one.code for one in claim.diagnoses] == ["E119", "I10"]
    assert claim.billing_provider.npi == "1234567893"
    assert claim.billing_provider.tax_id == "371234567"
    assert claim.subscriber.party.identifier == "MBR000001"
    assert claim.payer.identifier == "PMH01"
    assert claim.reference("G1") == "AUTH77"
    [line] = claim.lines
    assert (line.procedure.code, line.charge_cents) == ("99213", 125_00)
    assert line.line_item_control_number == "C000000001L1"
    assert claim.rendering_provider is not None


async def test_a_rendering_provider_who_bills_himself_is_not_repeated(
    office: Office, mailbox: Path
) -> None:
    himself = {"npi": "1234567893", "last_name": "Dahl", "first_name": "Ivo"}
    claim = _only_claim(await _sent(office, mailbox, rendering_provider=himself))
    assert claim.rendering_provider is None


async def test_a_sole_proprietor_bills_under_a_number_that_only_the_file_shows(
    office: Office, mailbox: Path
) -> None:
    body = a_provider_body(tin="219099998", tin_kind="ssn")
    path = f"/v1/providers/{office.provider_id}"
    answer = await office.client.put(path, json=body)
    assert answer.status_code == 200
    assert "219099998" not in answer.text
    assert "219099998" not in (await office.client.get(path)).text
    claim = _only_claim(await _sent(office, mailbox))
    assert claim.billing_provider.reference("SY") == "219099998"


async def test_a_test_organization_sends_files_marked_as_test(
    office: Office, mailbox: Path
) -> None:
    document = parse(await _sent(office, mailbox))
    assert document.interchanges[0].usage == "T"
    assert document.interchanges[0].sender.strip() == "PRAIRIE01"


async def test_claims_of_one_subscriber_stand_together(office: Office, mailbox: Path) -> None:
    other = a_coverage(office.payer_id, member_id="MBR000002")
    await office.has_ready(
        office.encounter(name="first"),
        office.encounter(name="second", coverages=[other]),
        office.encounter(name="third"),
    )
    await office.submit_all()
    content = _file(mailbox)
    assert judged_by_pyx12(content) == []
    members = [one.subscriber.party.identifier for one in parse(content).claims]
    assert members == ["MBR000001", "MBR000001", "MBR000002"]
    assert content.count(b"~SBR*") == 2


UNWRITABLE = {
    "a delimiter in a name": {"last_name": "Ahl*gren"},
    "a name that is too long": {"last_name": "A" * 61},
}


@pytest.mark.parametrize("person", UNWRITABLE.values(), ids=UNWRITABLE.keys())
async def test_what_the_guide_cannot_hold_is_found_before_it_is_sent(
    office: Office, person: dict[str, Any]
) -> None:
    patient = {"patient_id": str(an_id("patient")), "patient_version": 1, **a_person(**person)}
    [claim] = await office.has_ready(office.encounter(patient=patient))
    assert claim["state"] == "held"
    [version] = (await office.claim(claim["id"]))["versions"]
    [finding] = version["findings"]
    assert finding["rule_id"] == "x12.unwritable"
    assert "NM103" in finding["message"]
    assert person["last_name"] not in finding["message"]


async def test_one_claim_is_cut_out_of_its_file_as_it_was_sent(
    office: Office, mailbox: Path
) -> None:
    claims = await office.has_ready(*(office.encounter(name=f"visit {n}") for n in range(3)))
    await office.submit_all()
    for claim in claims:
        path = f"/v1/claims/{claim['id']}/versions/1/x12"
        answer = await office.client.get(path)
        assert answer.headers["content-type"] == "application/edi-x12"
        [shown] = parse(answer.content).claims
        assert shown.patient_control_number == f"{claim['claim_number']}V01{MARK}"
        kept = [one for one in answer.content.split(b"~") if one.startswith((b"CLM", b"SV1"))]
        assert all(one + b"~" in _file(mailbox) for one in kept)


def test_a_claim_that_is_not_in_a_file_is_not_cut_out_of_it() -> None:
    assert edi_out.excerpt(b"ISA*00*~GS*HC~ST*837*0001~CLM*OTHER*1~SE*1*0001~", "MINE") is None


def _only_claim(content: bytes) -> Claim837P:
    [claim] = parse(content).claims
    return claim
