"""What accounts answers over HTTP, and what it refuses."""

from datetime import timedelta

import pytest

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest

from .builders import (
    a_claim,
    a_deposit,
    a_match,
    a_payer,
    a_payment,
    a_provider_adjustment,
    a_registration,
    a_reversal,
    an_organization,
    named,
)

ALL = "system/Account.rs system/JournalEntry.rs system/Task.r"


@pytest.fixture
async def told(service: ServiceUnderTest) -> ServiceUnderTest:
    await service.deliver(
        an_organization(),
        a_payer(),
        a_registration(),
        a_registration("A2"),
        a_claim(),
        a_payment(),
        a_deposit(),
        a_match(),
    )
    return service


async def test_an_account_says_who_owes_what_and_why(told: ServiceUnderTest) -> None:
    async with told.client(ALL) as client:
        answer = await client.get(f"/v1/patient-accounts/{named('A1')}?as_of=2026-04-15")
    body = answer.json()
    assert answer.status_code == 200
    assert (body["patient_open_cents"], body["insurance_open_cents"]) == (66_00, 0)
    assert body["patient_aging"]["days_31_60"] == 66_00
    (line,) = body["lines"]
    assert line["balance"]["billed_cents"] == 250_00
    assert line["balance"]["difference_cents"] == 0
    (reason,) = line["owed_because"]
    assert (reason["why"], reason["reason"], reason["amount_cents"]) == (
        "patient_share", "66", 66_00,
    )  # fmt: skip
    assert reason["meaning"].startswith("share that the plan leaves to the patient: ")
    async with told.client(ALL) as client:
        entry = (await client.get(f"/v1/journal-entries/{reason['entry_id']}")).json()
    assert sum(one["amount_cents"] for one in entry["postings"]) == 0
    assert entry["cause_event_type"] == "cleanclaim.remittance.ClaimPaymentPosted.v1"


async def test_what_is_owed_adds_up_from_its_reasons_after_a_reversal(
    told: ServiceUnderTest,
) -> None:
    await told.deliver(a_reversal())
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/patient-accounts/{named('A1')}")).json()
    (line,) = body["lines"]
    assert sum(one["amount_cents"] for one in line["owed_because"]) == 0
    assert body["by_payer"] == [
        {"payer_id": str(named("X")), "payer_name": "Prairie Mutual", "open_cents": 250_00}
    ]


async def test_open_only_leaves_out_what_is_settled(told: ServiceUnderTest) -> None:
    await told.deliver(a_claim("C2", 80_00), a_payment("P2", 80_00, (), claim="C2"))
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/patient-accounts/{named('A1')}?open_only=true")).json()
    assert [line["claim_id"] for line in body["lines"]] == [str(named("C1"))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"A1", "A2"}),
        ("?has_balance=true", {"A1"}),
        ("?has_balance=false", {"A2"}),
        ("?older_than_days=30&as_of=2026-04-15", {"A1"}),
        ("?older_than_days=60&as_of=2026-04-15", set()),
    ],
)
async def test_accounts_are_listed_by_balance_and_age(
    told: ServiceUnderTest, query: str, names: set[str]
) -> None:
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/patient-accounts{query}")).json()
    assert {one["id"] for one in body["items"]} == {str(named(name)) for name in names}


async def test_a_list_is_read_page_by_page(told: ServiceUnderTest) -> None:
    async with told.client(ALL) as client:
        first = (await client.get("/v1/patient-accounts?limit=1")).json()
        token = first["next_page_token"]
        second = (await client.get(f"/v1/patient-accounts?limit=1&page_token={token}")).json()
        entries, token = [], ""
        while token is not None:
            page = (await client.get(f"/v1/journal-entries?limit=1{token}")).json()
            entries += page["items"]
            token = page["next_page_token"] and f"&page_token={page['next_page_token']}"
    assert second["next_page_token"] is None
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert len({one["id"] for one in entries}) == len(entries) == 4


async def test_the_trial_balance_of_a_day_is_balanced(told: ServiceUnderTest) -> None:
    async with told.client(ALL) as client:
        early = (await client.get("/v1/trial-balance?as_of=2026-03-15")).json()
        late = (await client.get("/v1/trial-balance?as_of=2026-03-31")).json()
    assert early["balanced"]
    assert late["balanced"]
    assert early["debit_cents"] == early["credit_cents"] == 250_00
    stands = {one["account"]: one["debit_cents"] - one["credit_cents"] for one in late["accounts"]}
    assert {name: cents for name, cents in stands.items() if cents} == {
        "bank": 134_00,
        "contractual_allowance": 50_00,
        "gross_charges": -250_00,
        "patient_receivable": 66_00,
    }


async def test_cash_clearing_is_listed_by_trace(told: ServiceUnderTest) -> None:
    await told.deliver(a_provider_adjustment("WO", 18_00, "T7"))
    async with told.client(ALL) as client:
        open_lines = (await client.get("/v1/balances?account=cash_clearing")).json()
        all_lines = (await client.get("/v1/balances?account=cash_clearing&open_only=false")).json()
    assert [(one["trace_number"], one["amount_cents"]) for one in open_lines["items"]] == [
        ("T7", -18_00)
    ]
    assert {one["trace_number"] for one in all_lines["items"]} == {"T1", "T7"}
    assert all_lines["account_cents"] == sum(one["amount_cents"] for one in all_lines["items"])


async def test_a_claims_balance_accounts_for_every_cent(told: ServiceUnderTest) -> None:
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/claims/{named('C1')}/balance")).json()
    assert body["balance"] == {
        "billed_cents": 250_00,
        "paid_cents": 134_00,
        "patient_paid_cents": 0,
        "contractual_cents": 50_00,
        "capitated_cents": 0,
        "written_off_cents": 0,
        "insurance_open_cents": 0,
        "patient_open_cents": 66_00,
        "withheld_open_cents": 0,
        "other_cents": 0,
        "difference_cents": 0,
    }


async def test_a_further_claim_shares_the_balance_of_the_first(told: ServiceUnderTest) -> None:
    await told.deliver(
        a_claim("C2", payer="Y", related_claim_id=named("C1")),
        a_payment("P2", 10_00, (), claim="C2", payer="Y"),
    )
    async with told.client(ALL) as client:
        first = (await client.get(f"/v1/claims/{named('C1')}/balance")).json()
        further = (await client.get(f"/v1/claims/{named('C2')}/balance")).json()
    assert first["balance"] == further["balance"]
    assert first["balance"]["paid_cents"] == 144_00
    assert further["root_claim_id"] == str(named("C1"))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (f"claim_id={named('C1')}", 2),
        ("account=bank", 1),
        ("effective_from_on=2026-03-17", 2),
        ("effective_to_on=2026-03-10", 1),
        (f"deposit_id={named('D1')}", 2),
        (f"claim_id={named('C9')}", 0),
    ],
)
async def test_entries_are_found_by_what_they_touch(
    told: ServiceUnderTest, query: str, count: int
) -> None:
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/journal-entries?{query}")).json()
    assert len(body["items"]) == count


async def test_the_timeline_of_an_account_tells_what_was_booked(told: ServiceUnderTest) -> None:
    async with told.client(ALL) as client:
        body = (await client.get(f"/v1/patient-accounts/{named('A1')}/timeline")).json()
    causes = [one["facts"]["cause_event_type"].split(".")[2] for one in body["items"]]
    assert causes == ["ClaimSubmitted", "ClaimPaymentPosted"]


PATHS = [
    f"/v1/patient-accounts/{named('A1')}",
    f"/v1/patient-accounts/{named('A1')}/timeline",
    f"/v1/claims/{named('C1')}/balance",
]


@pytest.mark.parametrize("path", PATHS)
async def test_another_organizations_thing_is_no_thing(told: ServiceUnderTest, path: str) -> None:
    async with told.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_another_organizations_lists_are_empty(told: ServiceUnderTest) -> None:
    async with told.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        for path in ("patient-accounts", "journal-entries", "balances?account=bank"):
            assert (await client.get(f"/v1/{path}")).json()["items"] == []
        assert (await client.get("/v1/trial-balance")).json()["accounts"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/v1/patient-accounts/{named('nobody')}", 404, "no_such_patient_account"),
        (f"/v1/journal-entries/{named('nothing')}", 404, "no_such_entry"),
        (f"/v1/claims/{named('nothing')}/balance", 404, "no_such_claim"),
        ("/v1/patient-accounts/not-an-id", 422, "invalid_request"),
        ("/v1/balances", 422, "invalid_request"),
        ("/v1/balances?account=petty_cash", 422, "invalid_request"),
        ("/v1/journal-entries?page_token=made-up", 422, "page_token_invalid"),
        ("/v1/journal-entries?page_token=WyJ4IiwgInkiXQ", 422, "page_token_invalid"),
        ("/v1/patient-accounts?page_token=WyJ4Il0", 422, "page_token_invalid"),
        ("/v1/patient-accounts?limit=0", 422, "invalid_request"),
        ("/v1/trial-balance?as_of=yesterday", 422, "invalid_request"),
        (f"/v1/journal-entries?clam_id={named('C1')}", 422, "invalid_request"),
        (f"/v1/patient-accounts/{named('A1')}?openonly=true", 422, "invalid_request"),
    ],
)
async def test_a_question_that_cannot_be_answered_says_why(
    told: ServiceUnderTest, path: str, status: int, code: str
) -> None:
    async with told.client(ALL) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_token_without_the_scope_is_refused(told: ServiceUnderTest) -> None:
    async with told.client("system/Patient.r") as client:
        for path in (*PATHS, "/v1/trial-balance", "/v1/balances?account=bank"):
            assert (await client.get(path)).status_code == 403


async def test_each_look_at_an_account_is_audited(told: ServiceUnderTest) -> None:
    async with told.client(ALL, subject="an auditor's friend") as client:
        await client.get(f"/v1/patient-accounts/{named('A1')}")
    async with told.workroom.reading(ORGANIZATION) as work:
        rows = (await work.connection.execute(work.schema_tables.audit_log.select())).all()
    assert [(row.action, row.resource, row.principal) for row in rows] == [
        ("read", "Account", "an auditor's friend")
    ]


async def test_an_account_only_the_journal_knows_is_shown(service: ServiceUnderTest) -> None:
    await service.deliver(a_claim(account="A7"))
    async with service.client(ALL) as client:
        body = (await client.get(f"/v1/patient-accounts/{named('A7')}")).json()
    assert (body["patient_id"], body["insurance_open_cents"]) == (None, 250_00)


async def test_a_credit_is_in_the_queue_with_its_clock(told: ServiceUnderTest) -> None:
    await told.deliver(a_payment("P2", 40_00, ()))
    async with told.client(ALL) as client:
        (item,) = (await client.get("/v1/work-items?kind=credit_balance")).json()["items"]
    due = told.runtime.instant.date() + timedelta(days=60)
    assert (item["value_cents"], item["due_on"]) == (40_00, due.isoformat())
    assert item["priority"] == sum(item["priority_terms"].values())
