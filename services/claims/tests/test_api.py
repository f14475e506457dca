"""The doors over HTTP: what passes, what is refused and with which words."""

from typing import Any
from uuid import UUID

import pytest

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.auth import scopes_of
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.claims.main import PARTS
from cleanclaim.events.claims import OrganizationConfigured, PayerConfigured, ProviderConfigured

from .answers import a_277ca
from .builders import (
    SCOPES,
    Office,
    a_charge,
    a_connection_body,
    a_coverage,
    a_payer_body,
    a_provider_body,
    an_id,
    ready,
)

AN_ORGANIZATION = {
    "name": "Prairie Family Clinic",
    "time_zone": "America/Chicago",
    "environment": "test",
}


async def test_an_operator_sets_up_an_organization(service: ServiceUnderTest) -> None:
    async with service.client("cleanclaim/directory.admin", organization_id=None) as operator:
        answer = await operator.post("/v1/organizations", json=AN_ORGANIZATION)
    assert answer.status_code == 201
    made = UUID(answer.json()["id"])
    assert answer.headers["Location"] == f"/v1/organizations/{made}"
    [told] = await service.told(OrganizationConfigured, organization_id=made)
    assert isinstance(told, OrganizationConfigured)
    assert (told.organization_id, told.environment) == (made, "test")
    assert [one["id"] for one in await service.workroom.organizations()] == [made]
    async with service.client("system/Organization.r", organization_id=made) as client:
        assert (await client.get(f"/v1/organizations/{made}")).json()["name"] == told.name
        assert (await client.get("/v1/organizations")).json()["id"] == str(made)
        assert (await client.get(f"/v1/organizations/{ORGANIZATION}")).status_code == 404


async def test_an_organization_is_set_up_once(office: Office) -> None:
    body = {**AN_ORGANIZATION, "organization_id": str(ORGANIZATION)}
    refused = await office.post("/v1/organizations", body, status=409)
    assert refused["code"] == "organization_exists"


async def test_an_organization_without_an_id_is_set_up_once_under_a_key(
    service: ServiceUnderTest,
) -> None:
    key, other = {"Idempotency-Key": "first-clinic"}, {"Idempotency-Key": "second-clinic"}
    renamed = {**AN_ORGANIZATION, "name": "Hill Family Clinic"}
    async with service.client("cleanclaim/directory.admin", organization_id=None) as operator:
        first = await operator.post("/v1/organizations", json=AN_ORGANIZATION, headers=key)
        again = await operator.post("/v1/organizations", json=AN_ORGANIZATION, headers=key)
        misused = await operator.post("/v1/organizations", json=renamed, headers=key)
        second = await operator.post("/v1/organizations", json=AN_ORGANIZATION, headers=other)
        keyless = await operator.post("/v1/organizations", json=AN_ORGANIZATION)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (misused.status_code, misused.json()["code"]) == (422, "idempotency_key_reused")
    made = {one.json()["id"] for one in (first, second, keyless)}
    assert {str(one["id"]) for one in await service.workroom.organizations()} == made
    assert len(made) == 3
    async with service.client("cleanclaim/directory.admin", subject="else") as somebody:
        theirs = await somebody.post("/v1/organizations", json=renamed, headers=key)
    assert theirs.status_code == 201


async def test_only_an_operator_sets_up_organizations(service: ServiceUnderTest) -> None:
    async with service.client(SCOPES.replace("cleanclaim/directory.admin", "")) as client:
        answer = await client.post("/v1/organizations", json=AN_ORGANIZATION)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_directory_entries_are_told_whole(office: Office) -> None:
    [provider] = await office.service.told(ProviderConfigured)
    [payer] = await office.service.told(PayerConfigured)
    assert isinstance(provider, ProviderConfigured)
    assert isinstance(payer, PayerConfigured)
    assert (provider.provider_id, provider.versions[0].tin) == (office.provider_id, "371234567")
    assert (payer.payer_id, payer.versions[0].timely_filing_days) == (office.payer_id, 180)


async def test_a_social_security_number_is_never_told(office: Office) -> None:
    body = a_provider_body(tin="219099998", tin_kind="ssn")
    await office.client.put(f"/v1/providers/{office.provider_id}", json=body)
    told = (await office.service.told(ProviderConfigured))[-1]
    assert isinstance(told, ProviderConfigured)
    assert told.versions[0].tin is None
    assert "219099998" not in str(told)


async def test_an_entry_is_replaced_under_its_etag(office: Office) -> None:
    path = f"/v1/payers/{office.payer_id}"
    read = await office.client.get(path)
    assert read.headers["ETag"] == '"1"'
    body = a_payer_body(str(office.connection_id), timely_filing_days=90)
    changed = await office.client.put(path, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    stale = await office.client.put(path, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await office.get(path))["version"] == 2


@pytest.mark.parametrize("kind", ["providers", "payers", "connections"])
async def test_entries_are_listed_by_page(office: Office, kind: str) -> None:
    page = await office.get(f"/v1/{kind}", limit=1)
    assert len(page["items"]) == 1
    assert page["next_page_token"] is None


BODIES: dict[str, dict[str, Any]] = {
    "providers": a_provider_body(),
    "payers": a_payer_body(None),
    "connections": a_connection_body(),
}


@pytest.mark.parametrize("kind", BODIES)
async def test_nobody_replaces_what_is_not_there(office: Office, kind: str) -> None:
    answer = await office.client.put(f"/v1/{kind}/{an_id('nobody')}", json=_renamed(kind))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_entry")


def _renamed(kind: str) -> dict[str, Any]:
    if kind == "providers":
        return a_provider_body(npi="1999999984")
    return BODIES[kind] | ({"name": "other"} if kind == "connections" else {})


async def test_one_npi_has_one_provider(office: Office) -> None:
    refused = await office.post("/v1/providers", a_provider_body(), status=409)
    assert refused["code"] == "name_taken"


async def test_one_name_has_one_connection(office: Office) -> None:
    refused = await office.post("/v1/connections", a_connection_body(), status=409)
    assert refused["code"] == "name_taken"


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown field": ("/v1/payers", {**a_payer_body(None), "nmae": "x"}, "/nmae"),
    "wrong check digit": ("/v1/providers", a_provider_body(npi="1234567890"), "/versions/0/npi"),
    "days that are false": (
        "/v1/payers", a_payer_body(None, timely_filing_days=False),
        "/versions/0/timely_filing_days",
    ),
    "days that are text": (
        "/v1/payers", a_payer_body(None, timely_filing_days="180"),
        "/versions/0/timely_filing_days",
    ),
    "no versions": ("/v1/payers", {"versions": []}, "/versions"),
    "a clearinghouse without ids": (
        "/v1/connections", {"name": "x", "purpose": "clearinghouse"}, "",
    ),
    "a folder that climbs": ("/v1/connections", a_connection_body(name="../x"), "/name"),
    "production from a test organization": (
        "/v1/connections", a_connection_body(name="p", usage="P"), "/usage",
    ),
    "an unknown connection": (
        "/v1/payers", a_payer_body(str(an_id("no connection"))), "/connection_id",
    ),
    "an unknown time zone": (
        "/v1/organizations", {**AN_ORGANIZATION, "time_zone": "Mars/Base"}, "/time_zone",
    ),
    "a street that is missing": (
        "/v1/providers", a_provider_body(npi="1999999984", address={"city": "Peoria"}),
        "/versions/0/address/street",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
async def test_bad_directory_input_is_refused_with_its_place(office: Office, case: str) -> None:
    path, body, pointer = REFUSED[case]
    answer = await office.post(path, body, status=422)
    assert pointer in {one.get("pointer", "") for one in answer["errors"]}


async def test_overlapping_versions_are_refused(office: Office) -> None:
    [version] = a_payer_body(None)["versions"]
    refused = await office.post("/v1/payers", {"versions": [version, version]}, status=422)
    assert refused["code"] == "dated_versions_overlap"


async def test_a_held_claim_says_why_and_is_released_when_that_is_mended(office: Office) -> None:
    later = a_payer_body(str(office.connection_id), effective_from_on="2026-02-21")
    await office.client.put(f"/v1/payers/{office.payer_id}", json=later)
    [claim] = await office.has_ready(office.encounter())
    path = f"/v1/claims/{claim['id']}"
    refused = await office.post(f"{path}:submit", status=409)
    assert [one["code"] for one in refused["errors"]] == ["payer.not_in_force"]
    still = await office.post(f"{path}:release")
    assert still["state"] == "held"
    good = a_payer_body(str(office.connection_id))
    await office.client.put(f"/v1/payers/{office.payer_id}", json=good)
    checked = await office.post(f"{path}:check")
    assert (checked["state"], checked["findings"]) == ("clean", [])
    assert (await office.claim(claim["id"]))["state"] == "held"
    released = await office.post(f"{path}:release")
    assert released["state"] == "clean"
    sent = await office.post(f"{path}:submit")
    assert (sent["state"], len(sent["submission_ids"])) == ("submitted", 1)


async def test_what_a_person_does_hangs_on_the_story_and_names_the_person(
    office: Office,
) -> None:
    story = an_id("story")
    await office.service.deliver(ready(office.encounter()), correlation_id=story)
    [claim] = await office.claims()
    await office.post(f"/v1/claims/{claim['id']}:hold", {"reason": "under_review"})
    [entry] = (await office.get(f"/v1/claims/{claim['id']}/timeline"))["items"]
    assert (entry["correlation_id"], entry["actor_id"]) == (str(story), "tester")


async def test_submitting_one_claim_leaves_the_others(office: Office) -> None:
    claims = await office.has_ready(office.encounter(name="one"), office.encounter(name="two"))
    await office.post(f"/v1/claims/{claims[0]['id']}:submit")
    states = {one["id"]: one["state"] for one in await office.claims()}
    assert states == {claims[0]["id"]: "submitted", claims[1]["id"]: "clean"}


async def test_a_person_holds_and_releases(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    path = f"/v1/claims/{claim['id']}"
    held = await office.post(f"{path}:hold", {"reason": "under_review"})
    assert (held["state"], held["findings"][0]["rule_id"]) == ("held", "held.by_person")
    assert (await office.claim(claim["id"]))["hold_reason"] == "under_review"
    assert await office.submit_all() == []
    assert (await office.post(f"{path}:release"))["state"] == "clean"
    assert (await office.claim(claim["id"]))["hold_reason"] is None


async def test_free_text_is_no_reason_to_hold(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    path = f"/v1/claims/{claim['id']}:hold"
    refused = await office.post(path, {"reason": "Mrs. A. called"}, status=422)
    assert refused["errors"][0]["pointer"] == "/reason"
    assert "Mrs" not in str(refused)


ACTIONS = {
    "release": "claim_state_forbids",
    "resend": "claim_state_forbids",
    "submit": "claim_state_forbids",
    "hold": "claim_state_forbids",
}


@pytest.mark.parametrize(("action", "code"), ACTIONS.items())
async def test_a_submitted_claim_is_out_of_our_hands(
    office: Office, action: str, code: str
) -> None:
    [claim] = await office.has_ready(office.encounter())
    await office.submit_all()
    body = {"reason": "review"} if action == "hold" else None
    refused = await office.post(f"/v1/claims/{claim['id']}:{action}", body, status=409)
    assert refused["code"] == code


@pytest.mark.parametrize("action", [*ACTIONS, "check"])
async def test_an_unknown_claim_is_unknown_to_every_action(office: Office, action: str) -> None:
    body = {"reason": "review"} if action == "hold" else None
    refused = await office.post(f"/v1/claims/{an_id('nobody')}:{action}", body, status=404)
    assert refused["code"] == "no_such_claim"


async def test_while_intake_is_down_a_claim_waits(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    office.intake.is_down = True
    answer = await office.client.post(f"/v1/claims/{claim['id']}:check")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


async def test_claims_are_found_by_what_people_search_by(office: Office) -> None:
    await office.has_ready(
        office.encounter(name="small", lines=[a_charge(charge_cents=10_00)]),
        office.encounter(name="large", lines=[a_charge(charge_cents=900_00)]),
        office.encounter(name="held", coverages=[a_coverage(an_id("unknown payer"))]),
    )
    found = {
        "state": await office.claims(state="held"),
        "payer": await office.claims(payer_id=str(office.payer_id)),
        "large": await office.claims(min_charge_cents=500_00),
        "small": await office.claims(max_charge_cents=50_00),
        "encounter": await office.claims(encounter_id=str(an_id("large"))),
        "old": await office.claims(older_than_days=30),
        "young": await office.claims(older_than_days=5),
    }
    assert {name: len(items) for name, items in found.items()} == {
        "state": 1, "payer": 2, "large": 1, "small": 1, "encounter": 1, "old": 0, "young": 3,
    }  # fmt: skip


async def test_pages_of_claims_join_without_gap_or_repeat(office: Office) -> None:
    await office.has_ready(*(office.encounter(name=f"visit {n}") for n in range(5)))
    for extra in ({}, {"updated_since": "2026-01-01T00:00:00Z"}):
        seen: list[str] = []
        token = None
        while True:
            asked = {"limit": 2, **extra} | ({"page_token": token} if token else {})
            page = await office.get("/v1/claims", **asked)
            seen += [one["claim_number"] for one in page["items"]]
            token = page["next_page_token"]
            if token is None:
                break
        assert sorted(seen) == [f"C{n:09d}" for n in range(1, 6)]


BAD_QUERIES = {
    "a typo": {"stat": "held"},
    "an unknown state": {"state": "lost"},
    "a negative amount": {"min_charge_cents": "-1"},
    "a strange token": {"page_token": "xx"},
    "too many": {"limit": "501"},
}


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES.keys())
async def test_bad_questions_are_refused(office: Office, query: dict[str, str]) -> None:
    answer = await office.client.get("/v1/claims", params=query)
    assert answer.status_code == 422


async def test_a_version_that_was_not_sent_has_no_file(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    path = f"/v1/claims/{claim['id']}/versions"
    assert (await office.get(f"{path}/1/x12", status=409))["code"] == "version_not_sent"
    assert (await office.get(f"{path}/2/x12", status=404))["code"] == "no_such_claim"


async def test_reading_a_file_is_audited(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    await office.submit_all()
    answer = await office.client.get(f"/v1/claims/{claim['id']}/versions/1/x12")
    assert answer.status_code == 200
    async with office.service.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(work.schema_tables.audit_log.select())
        kept = {(row.action, row.resource) for row in rows}
    assert {("read", "Claim"), ("read", "raw_file:837P"), ("send", "Submission")} <= kept


async def test_a_submission_shows_its_claims_and_no_person(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    [submission] = await office.submit_all()
    shown = await office.get(f"/v1/submissions/{submission['id']}")
    assert shown["claim_ids"] == [claim["id"]]
    for secret in ("Ahlgren", "MBR000001", "Elm"):
        assert secret not in str(shown) + str(await office.claim(claim["id"]))


async def test_submissions_are_listed_newest_first(office: Office) -> None:
    for name in ("one", "two", "three"):
        await office.has_ready(office.encounter(name=name))
        await office.submit_all()
        office.service.runtime.move(minutes=1)
    first = await office.get("/v1/submissions", limit=2)
    second = await office.get("/v1/submissions", limit=2, page_token=first["next_page_token"])
    numbers = [one["group_control_number"] for one in first["items"] + second["items"]]
    assert numbers == ["3", "2", "1"]


async def test_an_acknowledgement_is_read_again(office: Office, mailbox: Any) -> None:
    await office.has_ready(office.encounter())
    [submission] = await office.submit_all()
    folder = mailbox / str(ORGANIZATION) / "clearinghouse" / "outbound"
    made = await office.upload(a_277ca((folder / submission["file_name"]).read_bytes(), "A2:20"))
    assert await office.get(f"/v1/acknowledgements/{made['id']}") == made


async def test_an_upload_must_be_announced_as_x12(office: Office) -> None:
    answer = await office.client.post("/v1/acknowledgements", json={"a": 1})
    assert answer.status_code == 415


OTHERS_PATHS = (
    "/v1/claims/{claim}", "/v1/claims/{claim}/timeline", "/v1/claims/{claim}/versions/1/x12",
    "/v1/submissions/{submission}", "/v1/providers/{provider}", "/v1/payers/{payer}",
    "/v1/connections/{connection}", "/v1/organizations/{organization}",
)  # fmt: skip


@pytest.mark.parametrize("path", OTHERS_PATHS)
async def test_another_organizations_ids_are_unknown(office: Office, path: str) -> None:
    [claim] = await office.has_ready(office.encounter())
    [submission] = await office.submit_all()
    own = path.format(
        claim=claim["id"],
        submission=submission["id"],
        provider=office.provider_id,
        payer=office.payer_id,
        connection=office.connection_id,
        organization=ORGANIZATION,
    )
    assert (await office.client.get(own)).status_code == 200
    async with office.service.client(SCOPES, organization_id=OTHER_ORGANIZATION) as client:
        assert (await client.get(own)).status_code == 404


def test_every_route_asks_for_a_scope() -> None:
    scopes = scopes_of(create_app(PARTS, None))
    ours = {path: scope for (_, path), scope in scopes.items() if path.startswith("/v1/")}
    assert ours
    assert all(ours.values())


def test_every_operation_is_described_with_examples_and_problems() -> None:
    description = create_app(PARTS, None).openapi()
    for path, operations in description["paths"].items():
        for operation in operations.values():
            if "work-items" in path or not path.startswith("/v1/"):
                continue
            assert operation["summary"], path
            assert operation["description"], path
            assert {"401", "403"} <= set(operation["responses"]), path
