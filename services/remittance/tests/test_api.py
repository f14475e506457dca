"""The REST API: one test for each outcome of each operation."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.remittance import ClaimPaymentPosted, RemittancePosted
from cleanclaim.remittance.main import PARTS

from .builders import (
    CLAIM,
    POSTING,
    a_claim,
    a_clinic,
    a_payer,
    a_payment,
    a_remittance,
    an_835,
    get,
    know_everybody,
    post,
    upload,
)

NOBODY = "01980000-0000-7000-8000-00000000dead"
READS = (
    f"/v1/remittances/{NOBODY}",
    f"/v1/remittances/{NOBODY}/x12",
    f"/v1/remittances/{NOBODY}/timeline",
    f"/v1/remittances/{NOBODY}/claim-payments",
    f"/v1/claim-payments/{NOBODY}",
    f"/v1/claim-payments/{NOBODY}/timeline",
    f"/v1/unmatched-payments/{NOBODY}",
)


@pytest.mark.parametrize("path", READS)
async def test_what_is_not_there_is_answered_404(service: ServiceUnderTest, path: str) -> None:
    async with service.client(POSTING) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"].startswith("no_such_")


async def test_another_organization_sees_nothing(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    report = await post(service, a_remittance(a_payment()))
    remittance = report["remittances"][0]
    (waiting,) = (await get(service, "/v1/unmatched-payments"))["items"]
    async with service.client(POSTING, organization_id=OTHER_ORGANIZATION) as client:
        for path in (
            remittance["href"],
            remittance["href"] + "/x12",
            remittance["href"] + "/timeline",
            f"/v1/claim-payments/{waiting['id']}",
            f"/v1/unmatched-payments/{waiting['id']}",
        ):
            assert (await client.get(path)).status_code == 404
        for path in ("/v1/remittances", "/v1/unmatched-payments", "/v1/provider-adjustments"):
            assert (await client.get(path)).json()["items"] == []
        matched = await client.post(
            f"/v1/unmatched-payments/{waiting['id']}:match", json={"claim_id": str(CLAIM)}
        )
        assert matched.status_code == 404
        released = await client.post(remittance["href"] + ":release")
        assert released.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/remittances"), *(("GET", path) for path in READS),
     ("POST", f"/v1/remittances/{NOBODY}:release"), ("POST", f"/v1/remittances/{NOBODY}:reject"),
     ("POST", f"/v1/unmatched-payments/{NOBODY}:match"), ("GET", "/v1/remittances"),
     ("GET", "/v1/unmatched-payments"), ("GET", "/v1/provider-adjustments")],
)  # fmt: skip
async def test_a_token_without_the_scope_may_not(
    service: ServiceUnderTest, method: str, path: str
) -> None:
    async with service.client("system/Patient.r") as client:
        answer = await client.request(method, path)
    assert answer.status_code == 403


async def test_the_media_type_must_be_x12(service: ServiceUnderTest) -> None:
    async with service.client(POSTING) as client:
        answer = await client.post("/v1/remittances", json={"x": 1})
    assert answer.status_code == 415


async def test_an_upload_is_answered_again_under_its_key(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    content = an_835(a_remittance(a_payment()))
    first = await upload(service, content, **{"Idempotency-Key": "k1"})
    again = await upload(service, content, **{"Idempotency-Key": "k1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    other = await upload(service, content + b"\n", **{"Idempotency-Key": "k1"})
    assert other.status_code == 422


async def test_a_refusal_is_announced_as_one_each_time_it_is_answered(
    service: ServiceUnderTest,
) -> None:
    first = await upload(service, b"ISA*00*", **{"Idempotency-Key": "k1"})
    again = await upload(service, b"ISA*00*", **{"Idempotency-Key": "k1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.content) == (422, first.content)
    kinds = {one.headers["Content-Type"] for one in (first, again)}
    assert kinds == {"application/problem+json"}


async def test_the_raw_file_comes_back_and_its_reading_is_audited(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    content = an_835(a_remittance(a_payment()))
    href = (await upload(service, content)).json()["remittances"][0]["href"]
    async with service.client(POSTING) as client:
        answer = await client.get(href + "/x12")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/edi-x12"
    async with service.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.audit_log
        rows = await work.connection.execute(select(table.c.resource, table.c.action))
        assert ("raw_file:835", "read") in {(row.resource, row.action) for row in rows}


async def test_the_balance_report_shows_both_sums_of_each_equation(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    wrong = a_remittance(a_payment("100", "50", "CO-45 21, PR-1 30"))
    href = (await upload(service, an_835(wrong))).json()["remittances"][0]["href"]
    report = await get(service, href)
    shown = {
        one["name"]: (one["left_cents"], one["right_cents"], one["holds"])
        for one in report["equations"]
    }
    assert shown == {
        "service_line": (49_00, 50_00, False),
        # the claim against its charge, and against its lines
        "claim": (99_00, 100_00, False),
        "transaction": (50_00, 50_00, True),
    }
    assert report["equations"][0]["failures"] == [
        {"place": "claim 1, line 1", "left_cents": 4900, "right_cents": 5000,
         "difference_cents": -100},
    ]  # fmt: skip


async def test_a_held_remittance_is_released_when_its_cause_is_gone(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_clinic(), a_claim())
    href = (await upload(service, an_835(a_remittance(a_payment())))).json()["remittances"][0][
        "href"
    ]
    async with service.client(POSTING) as client:
        early = await client.post(href + ":release")
        assert early.status_code == 409
        assert early.json()["code"] == "remittance_still_held"
        assert early.json()["errors"][0]["code"] == "unknown_payer"
        await service.deliver(a_payer())
        released = await client.post(href + ":release")
        assert released.status_code == 200, released.text
        assert released.json()["status"] == "posted"
        assert released.json()["counts"]["posted_count"] == 1
        again = await client.post(href + ":release")
        assert (again.status_code, again.json()["code"]) == (409, "remittance_not_held")
    names = [type(one).__name__ for one in await service.told()]
    assert names == [
        "RemittanceReceived", "RemittanceHeld", "ClaimPaymentPosted", "RemittancePosted",
    ]  # fmt: skip
    assert (await get(service, "/v1/work-items?status=open"))["items"] == []


async def test_a_rejected_remittance_is_never_posted(service: ServiceUnderTest) -> None:
    await service.deliver(a_clinic())
    content = an_835(a_remittance(a_payment()))
    href = (await upload(service, content)).json()["remittances"][0]["href"]
    async with service.client(POSTING) as client:
        bad = await client.post(href + ":reject", json={"reason": "not a code!"})
        assert bad.status_code == 422
        unknown = await client.post(href + ":reject", json={"reason": "resent", "why": "x"})
        assert unknown.json()["errors"][0]["pointer"] == "/why"
        rejected = await client.post(href + ":reject", json={"reason": "resent_by_payer"})
        assert rejected.json()["status"] == "rejected"
        assert rejected.json()["rejected_reason"] == "resent_by_payer"
        twice = await client.post(href + ":reject", json={"reason": "resent_by_payer"})
        assert twice.status_code == 409
    await service.deliver(a_payer())
    known = (await upload(service, content)).json()["remittances"][0]
    assert (known["outcome"], known["status"]) == ("known_already", "rejected")
    assert await service.told(RemittancePosted) == []


async def test_remittances_are_listed_by_page_and_filter(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    for number in range(3):
        service.runtime.move(seconds=1)
        await post(service, a_remittance(a_payment(), trace=f"T{number}"))
    first = await get(service, "/v1/remittances?limit=2")
    assert [one["trace_number"] for one in first["items"]] == ["T2", "T1"]
    rest = await get(service, f"/v1/remittances?limit=2&page_token={first['next_page_token']}")
    assert [one["trace_number"] for one in rest["items"]] == ["T0"]
    assert rest["next_page_token"] is None
    for query, count in (
        ("trace_number=T1", 1), ("status=held", 0), ("paid_from_on=2026-03-03", 0),
        ("paid_to_on=2026-03-02", 3), (f"payer_id={a_payer().payer_id}", 3),
        ("updated_since=2027-01-01T00:00:00Z", 0),
    ):  # fmt: skip
        assert len((await get(service, f"/v1/remittances?{query}"))["items"]) == count, query
    async with service.client(POSTING) as client:
        assert (await client.get("/v1/remittances?page_token=x")).status_code == 422
        assert (await client.get("/v1/remittances?limit=0")).status_code == 422


async def test_claim_payments_are_listed_by_page(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    payments = [a_payment(control=f"OLD{number}") for number in range(3)]
    await post(service, a_remittance(*payments))
    first = await get(service, "/v1/unmatched-payments?limit=2")
    rest = await get(
        service, f"/v1/unmatched-payments?limit=2&page_token={first['next_page_token']}"
    )
    ids = [one["id"] for one in (*first["items"], *rest["items"])]
    assert len(set(ids)) == 3


async def test_a_waiting_payment_shows_candidates_and_is_matched_by_a_person(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await service.deliver(a_claim(70_00, claim_id=uuid4(), control="FARAWAY"))
    await post(service, a_remittance(a_payment(control="OLDSYSTEM-1")))
    (waiting,) = (await get(service, "/v1/unmatched-payments"))["items"]
    shown = await get(service, f"/v1/unmatched-payments/{waiting['id']}")
    assert shown["patient_control_number"] == "OLDSYSTEM-1"
    best = shown["candidates"][0]
    assert best["claim_id"] == str(CLAIM)
    assert best["reasons"] == ["charge", "service_day", "payer", "procedures", "line_charges"]

    path = f"/v1/unmatched-payments/{waiting['id']}:match"
    async with service.client(POSTING) as client:
        for body in ({}, {"claim_id": "x"}, {"claim_id": str(CLAIM), "extra": 1}):
            assert (await client.post(path, json=body)).status_code == 422
        missing = await client.post(path, json={"claim_id": NOBODY})
        assert (missing.status_code, missing.json()["code"]) == (404, "no_such_claim")
        matched = await client.post(path, json={"claim_id": str(CLAIM)})
        assert matched.status_code == 200, matched.text
        assert (matched.json()["status"], matched.json()["matched_by"]) == ("posted", "person")
        assert (await client.post(path, json={"claim_id": str(CLAIM)})).status_code == 404
    (posted,) = await service.told(ClaimPaymentPosted)
    assert isinstance(posted, ClaimPaymentPosted)
    assert posted.from_unapplied
    assert posted.claim_payment_id == UUID(waiting["id"])


async def test_a_reversal_without_original_cannot_be_matched_by_a_person(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    reversal = a_payment("-100", "-50", "CO-45 -20, PR-1 -30", status="22", control="OLD")
    await post(service, a_remittance(a_payment("90", "90", "", control="X"), reversal))
    waiting = (await get(service, "/v1/unmatched-payments"))["items"]
    path = next(one["id"] for one in waiting if one["paid_cents"] < 0)
    async with service.client(POSTING) as client:
        answer = await client.post(
            f"/v1/unmatched-payments/{path}:match", json={"claim_id": str(CLAIM)}
        )
    assert (answer.status_code, answer.json()["code"]) == (409, "original_not_found")


def test_every_operation_is_described_with_its_problems() -> None:
    described = create_app(PARTS, None).openapi()
    for path, operations in described["paths"].items():
        for name, operation in operations.items():
            if "work-items" in path:
                continue
            assert operation["summary"], (name, path)
            assert operation["description"], (name, path)
            assert {"401", "403", "422", "503"} <= set(operation["responses"]), (name, path)


async def test_no_name_or_member_number_stands_in_clear(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment(control="CANARYCLP")))
    async with service.workroom.reading(ORGANIZATION) as work:
        for table in PARTS.metadata.sorted_tables:
            rows = await work.connection.execute(table.select())
            assert "CANARY" not in str(rows.all()), table.name
