"""What people and systems meet at the doors of denials."""

from typing import Any

import pytest

from cleanclaim.chassis.pages import page_token
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest

from .builders import (
    a_billing_provider,
    a_claim,
    a_denial,
    a_denied_line,
    a_paid_line,
    a_payer,
    a_payment,
    named,
    refused,
)

ALL = "system/Denial.rus system/Task.r"


async def get(service: ServiceUnderTest, path: str) -> Any:
    async with service.client(ALL) as client:
        return await client.get(path)


async def post(service: ServiceUnderTest, path: str, body: Any = None, **headers: str) -> Any:
    async with service.client(ALL, subject="ines") as client:
        return await client.post(path, json=body, headers=headers)


async def ids(service: ServiceUnderTest, query: str = "") -> list[str]:
    answer = await get(service, f"/v1/denials{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_a_case_explains_itself(service: ServiceUnderTest) -> None:
    await service.deliver(a_billing_provider(), a_payer(), a_claim())
    await service.deliver(a_denial(a_denied_line("L1", remark_codes=["M62", "N9999"])))
    (denial_id,) = await ids(service)
    whole = (await get(service, f"/v1/denials/{denial_id}")).json()
    assert whole["root_cause"]["rule_id"] == "routing.reason"
    assert whole["root_cause"]["inputs"]["reason_code"] == "197"
    assert whole["root_cause"]["evidence"]
    assert whole["deadlines"]["appeal"] == {
        "state": "known",
        "due_on": "2027-03-29",
        "basis": "adjudicated_on",
        "counted_from_on": "2026-09-30",
        "days": 180,
    }
    assert whole["plan"] == {
        "action": "appeal",
        "resend": None,
        "appealable": True,
        "because": ["plan.reason"],
    }
    assert whole["expected_recovery"] == {
        "expected_cents": 90_00,
        "share_percent": 45,
        "because": "category_share",
    }
    assert sum(whole["priority_terms"].values()) == whole["priority"]
    (line,) = whole["lines"]
    assert line["adjustments"][0]["meaning"]
    assert [(one["code"], one["listed"]) for one in line["remarks"]] == [
        ("M62", True),
        ("N9999", False),
    ]
    assert (whole["payer_name"], whole["billing_provider_name"]) == (
        "Prairie Mutual Health Plan",
        "Springfield Family Medicine",
    )
    assert [one["to_status"] for one in whole["history"]] == ["open"]


@pytest.fixture
async def three(service: ServiceUnderTest) -> ServiceUnderTest:
    """Three cases: 20,000 dollars for CO-50, 200 for CO-197, and 10 for CO-29 of payer Y, paid."""
    await service.deliver(
        a_payer(),
        a_payer("Y", name="Lakeside Health"),
        a_denial(a_denied_line("L1", refused("50", 20_000_00)), claim="C1", payment="P1"),
        a_denial(a_denied_line("L1"), claim="C2", payment="P2"),
        a_denial(a_denied_line("L1", refused("29", 10_00)), claim="C3", payment="P3", payer="Y"),
        a_payment(a_paid_line("L1", 10_00), claim="C3", payment="P4", payer="Y"),
    )
    return service


FILTERS = {
    "": ["C1", "C2", "C3"],
    "?active=true": ["C1", "C2"],
    "?active=false": ["C3"],
    "?status=recovered": ["C3"],
    "?category=medical_necessity": ["C1"],
    "?reason_code=197": ["C2"],
    "?owner_queue=authorization": ["C2"],
    "?owner_stage=intake": ["C2"],
    "?assigned_to=nobody": [],
    "?deadline_before=2027-03-29": [],
    "?deadline_before=2027-03-30": ["C1", "C2", "C3"],
    "?updated_since=2026-03-02T14:00:00Z": ["C1", "C2", "C3"],
    "?updated_since=2026-03-03T14:00:00Z": [],
    f"?payer_id={named('Y')}": ["C3"],
    f"?claim_id={named('C2')}": ["C2"],
}


async def test_the_list_is_narrowed_by_what_people_search_by(three: ServiceUnderTest) -> None:
    found = {}
    for query in FILTERS:
        items = (await get(three, f"/v1/denials{query}")).json()["items"]
        found[query] = [one["claim_id"] for one in items]
    names = {str(named(claim)): claim for claim in ("C1", "C2", "C3")}
    assert {query: sorted(names[one] for one in got) for query, got in found.items()} == FILTERS


async def test_the_list_is_ordered_by_urgency_and_paged(three: ServiceUnderTest) -> None:
    everything = (await get(three, "/v1/denials")).json()["items"]
    priorities = [one["priority"] for one in everything]
    assert priorities == sorted(priorities, reverse=True)
    paged, token = [], ""
    for _ in range(3):
        page = (await get(three, f"/v1/denials?limit=1{token}")).json()
        paged += [one["id"] for one in page["items"]]
        token = f"&page_token={page['next_page_token']}"
    assert paged == [one["id"] for one in everything]
    assert token == "&page_token=None"


BAD_QUERIES = [
    ("?limit=0", "limit"),
    ("?limit=501", "limit"),
    ("?status=paid", "status"),
    ("?payer_id=X", "payer_id"),
    ("?deadline_before=soon", "deadline_before"),
    ("?page_token=made-up", "page_token"),
    (f"?page_token={page_token(['1', 'x'])}", "page_token"),
    (f"?page_token={page_token([10**30, str(named('C1'))])}", "page_token"),
    (f"?page_token={page_token([None, str(named('C1'))])}", "page_token"),
    ("?updated_since=2026-03-02T14:00:00", "updated_since"),
    ("?category=%00", "category"),
    ("?assigned_to=%00", "assigned_to"),
    ("?active=perhaps", "active"),
]


@pytest.mark.parametrize(("query", "place"), BAD_QUERIES)
async def test_a_parameter_that_breaks_a_rule_is_pointed_at(
    service: ServiceUnderTest, query: str, place: str
) -> None:
    answer = await get(service, f"/v1/denials{query}")
    assert answer.status_code == 422
    assert place in answer.json()["errors"][0]["pointer"]


async def test_the_summary_counts_and_adds_up(three: ServiceUnderTest) -> None:
    summary = (await get(three, "/v1/denial-summary")).json()
    assert summary["total"] == {
        "cases": 3,
        "active_cases": 2,
        "denied_cents": 20_210_00,
        "expected_recovery_cents": 9_090_00,
        "recovered_cents": 10_00,
    }
    for part in ("by_category", "by_reason", "by_payer"):
        assert sum(one["denied_cents"] for one in summary[part]) == 20_210_00
        assert sum(one["cases"] for one in summary[part]) == 3
    assert summary["by_category"][0]["category"] == "medical_necessity"
    assert [one["payer_name"] for one in summary["by_payer"]] == [
        "Prairie Mutual Health Plan",
        "Lakeside Health",
    ]
    empty = (await get(three, "/v1/denial-summary?opened_to=2026-01-01")).json()
    assert empty["total"]["cases"] == 0


async def test_a_summary_of_a_span_that_ends_before_it_begins_is_refused(
    service: ServiceUnderTest,
) -> None:
    answer = await get(service, "/v1/denial-summary?opened_from=2026-02-01&opened_to=2026-01-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "date_range_backwards")


async def test_who_starts_a_case_has_it(three: ServiceUnderTest) -> None:
    (denial_id,) = await ids(three, "?reason_code=197")
    started = (await post(three, f"/v1/denials/{denial_id}:start")).json()
    assert (started["status"], started["assigned_to"]) == ("in_work", "ines")
    assert [(one["to_status"], one["by"]) for one in started["history"]] == [
        ("open", None),
        ("in_work", "ines"),
    ]
    items = (await get(three, "/v1/work-items?owner=ines")).json()["items"]
    assert [(one["subject_id"], one["status"]) for one in items] == [(denial_id, "in_work")]


async def test_a_case_that_was_given_to_somebody_stays_theirs_when_another_starts_it(
    three: ServiceUnderTest,
) -> None:
    (denial_id,) = await ids(three, "?reason_code=197")
    await post(three, f"/v1/denials/{denial_id}:assign", {"assignee": "denials-team-2"})
    started = (await post(three, f"/v1/denials/{denial_id}:start")).json()
    assert started["assigned_to"] == "denials-team-2"
    assert await ids(three, "?assigned_to=denials-team-2") == [denial_id]


async def test_a_case_is_started_once(three: ServiceUnderTest) -> None:
    (denial_id,) = await ids(three, "?reason_code=197")
    path = f"/v1/denials/{denial_id}:start"
    first = await post(three, path, **{"Idempotency-Key": "k1"})
    replay = await post(three, path, **{"Idempotency-Key": "k1"})
    again = await post(three, path)
    assert replay.content == first.content
    assert (again.status_code, again.json()["code"]) == (409, "step_refused")
    assert again.json()["errors"][0]["fix"]


async def test_an_ended_case_is_neither_started_nor_given_away(three: ServiceUnderTest) -> None:
    (denial_id,) = await ids(three, "?reason_code=29")
    started = await post(three, f"/v1/denials/{denial_id}:start")
    assigned = await post(three, f"/v1/denials/{denial_id}:assign", {"assignee": "ines"})
    assert (started.status_code, assigned.status_code) == (409, 409)


BAD_ASSIGNMENTS = [
    ({}, "/assignee"),
    ({"assignee": ""}, "/assignee"),
    ({"assignee": 7}, "/assignee"),
    ({"assignee": "Ines Example of team 2"}, "/assignee"),
    ({"assignee": "x" * 201}, "/assignee"),
    ({"assignee": "ines", "asignee": "ines"}, "/asignee"),
]


@pytest.mark.parametrize(("body", "pointer"), BAD_ASSIGNMENTS)
async def test_a_wrong_assignment_is_pointed_at_and_changes_nothing(
    three: ServiceUnderTest, body: dict[str, Any], pointer: str
) -> None:
    (denial_id,) = await ids(three, "?reason_code=197")
    answer = await post(three, f"/v1/denials/{denial_id}:assign", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith(pointer)
    kept = (await get(three, f"/v1/denials/{denial_id}")).json()
    assert kept["assigned_to"] is None


@pytest.mark.parametrize("path", ["", "/timeline"])
async def test_what_is_not_there_is_missing(service: ServiceUnderTest, path: str) -> None:
    answer = await get(service, f"/v1/denials/{named('nothing')}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_denial")


async def test_the_timeline_holds_the_facts_of_this_case_alone(service: ServiceUnderTest) -> None:
    await service.deliver(
        a_denial(a_denied_line("L1"), a_denied_line("L2", refused("29", 50_00))),
        a_payment(a_paid_line("L1")),
    )
    (denial_id,) = await ids(service, "?reason_code=197")
    told = (await get(service, f"/v1/denials/{denial_id}/timeline")).json()["items"]
    assert [one["event_type"].split(".")[2] for one in told] == ["DenialOpened", "DenialResolved"]
    assert {one["facts"]["denial_id"] for one in told} == {denial_id}


SCOPES = [
    ("get", "/v1/denials", "system/Denial.r"),
    ("get", "/v1/denial-summary", "system/Denial.r"),
    ("get", f"/v1/denials/{named('nothing')}", "system/Denial.s"),
    ("get", f"/v1/denials/{named('nothing')}/timeline", "system/Denial.s"),
    ("post", f"/v1/denials/{named('nothing')}:start", "system/Denial.rs"),
    ("post", f"/v1/denials/{named('nothing')}:assign", "system/Denial.rs"),
]


@pytest.mark.parametrize(("method", "path", "scope"), SCOPES)
async def test_each_door_wants_its_own_scope(
    service: ServiceUnderTest, method: str, path: str, scope: str
) -> None:
    async with service.client(scope) as client:
        answer = await client.request(method, path, json={"assignee": "ines"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_reads_and_changes_are_audited(three: ServiceUnderTest) -> None:
    (denial_id,) = await ids(three, "?reason_code=197")
    await get(three, f"/v1/denials/{denial_id}")
    await post(three, f"/v1/denials/{denial_id}:start")
    table = three.parts.metadata.info["platform"].audit_log
    async with three.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(table.select().order_by(table.c.id))
        written = [(row.action, row.count) for row in rows]
    assert sorted(written) == [("read", 1), ("search", 1), ("write", 1)]
