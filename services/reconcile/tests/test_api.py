"""What callers meet over HTTP: the day to the cent, decisions of people, and plain refusals."""

from datetime import date
from typing import Any

import pytest

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.reconcile import DepositMatched, VarianceResolved
from cleanclaim.reconcile.api import examples
from cleanclaim.reconcile.main import PARTS

from .builders import (
    ALL,
    a_bank_file,
    a_credit,
    a_payer,
    a_remittance,
    an_account,
    an_id,
    an_organization,
    booked,
    posted,
    read,
    send,
    trn,
)

DAY = "/v1/reconciliation/days/2026-03-02"


async def post(service: ServiceUnderTest, path: str, body: Any, scope: str = ALL) -> Any:
    async with service.client(scope) as client:
        return await client.post(path, json=body)


async def a_settled_day(service: ServiceUnderTest, deposited_cents: int = 150_00) -> None:
    """One remittance: announced, posted, booked, in the bank, and cleared in the book."""
    await an_account(service)
    remittance = a_remittance()
    await service.deliver(an_organization(), a_payer(), remittance)
    await service.deliver(posted(remittance), booked(remittance))
    await send(service, a_bank_file(a_credit(deposited_cents, trn("EFTONE"))))
    await service.deliver(booked(remittance, cents=-deposited_cents, cause="match"))


async def test_a_day_on_which_all_came_balances(service: ServiceUnderTest) -> None:
    await a_settled_day(service)
    day = await read(service, DAY)
    assert (day["balanced"], day["accounted_for"], day["failing_equation"]) == (True, True, None)
    assert {day[name] for name in (
        "remitted_cents", "posted_cents", "booked_cents", "banked_cents", "deposited_cents"
    )} == {150_00}  # fmt: skip
    assert day["on_the_day"] == {
        "billed_cents": 0, "remitted_cents": 150_00, "deposited_cents": 150_00,
    }  # fmt: skip


async def test_the_day_before_knew_nothing_of_it(service: ServiceUnderTest) -> None:
    await a_settled_day(service)
    day = await read(service, "/v1/reconciliation/days/2026-03-01")
    assert (day["remitted_cents"], day["balanced"]) == (0, True)


async def test_money_on_its_way_is_awaited_then_an_exception(service: ServiceUnderTest) -> None:
    remittance = a_remittance()
    await service.deliver(an_organization(), remittance)
    await service.deliver(posted(remittance), booked(remittance))
    inside = await read(service, "/v1/reconciliation/days/2026-03-06")
    assert (inside["awaited_cents"], inside["balanced"]) == (150_00, True)
    late = await read(service, "/v1/reconciliation/days/2026-03-07")
    assert (late["awaited_cents"], late["balanced"]) == (0, False)
    assert late["failing_equation"] == "remitted_is_banked"
    assert late["accounted_for"]
    await post(service, "/v1/reconciliation:run", {"as_of": "2026-03-07"})
    path = "/v1/reconciliation/days/2026-03-07/exceptions"
    (exception,) = (await read(service, path))["items"]
    assert (exception["name"], exception["cents"], exception["age_days"]) == (
        "remittance_without_deposit", 150_00, 5,
    )  # fmt: skip
    assert exception["variance_id"] is not None


async def test_an_exception_names_the_owner_of_its_work_item(service: ServiceUnderTest) -> None:
    await a_settled_day(service, deposited_cents=149_99)
    (item,) = (await read(service, "/v1/work-items"))["items"]
    assert (await post(service, f"/v1/work-items/{item['id']}:claim", {})).status_code == 200
    (exception,) = (await read(service, f"{DAY}/exceptions"))["items"]
    assert (exception["name"], exception["cents"], exception["owner"]) == (
        "deposit_short", 1, "tester",
    )  # fmt: skip
    (variance,) = (await read(service, "/v1/variances?status=open"))["items"]
    assert variance["owner"] == "tester"


@pytest.mark.parametrize(
    ("left_out", "failing"),
    [
        ("posted", "remitted_is_posted"),
        ("booked", "posted_is_booked"),
        ("cleared", "book_is_cleared"),
    ],
)
async def test_whatever_side_is_missing_fails_by_name(
    service: ServiceUnderTest, left_out: str, failing: str
) -> None:
    await an_account(service)
    one = a_remittance()
    await service.deliver(an_organization(), one)
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    facts = {
        "posted": posted(one),
        "booked": booked(one),
        "cleared": booked(one, cents=-150_00, cause="match"),
    }
    await service.deliver(*(fact for name, fact in facts.items() if name != left_out))
    day = await read(service, DAY)
    assert (day["balanced"], day["failing_equation"], day["accounted_for"]) == (
        False, failing, True,
    )  # fmt: skip


async def test_short_and_over_do_not_hide_each_other(service: ServiceUnderTest) -> None:
    await an_account(service)
    both = [a_remittance("one"), a_remittance("two")]
    await service.deliver(an_organization(), *both)
    await service.deliver(*map(posted, both), *map(booked, both))
    await send(
        service,
        a_bank_file(a_credit(149_00, trn("EFTONE")), a_credit(151_00, trn("EFTTWO"))),
    )
    day = await read(service, DAY)
    assert (day["remitted_cents"], day["banked_cents"]) == (300_00, 300_00)
    assert (day["balanced"], day["failing_equation"]) == (False, "remitted_is_banked")


async def test_money_before_its_remittance_belongs_to_both_days(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(an_organization(), a_remittance(paid_on=date(2026, 3, 4)))
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    before = await read(service, DAY)
    assert (before["remitted_cents"], before["banked_cents"]) == (0, 0)
    assert (before["deposited_cents"], before["unidentified_cents"]) == (150_00, 150_00)
    after = await read(service, "/v1/reconciliation/days/2026-03-04")
    assert (after["banked_cents"], after["unidentified_cents"]) == (150_00, 0)


async def test_a_written_off_cent_balances_the_day(service: ServiceUnderTest) -> None:
    await a_settled_day(service, deposited_cents=149_99)
    (variance,) = (await read(service, "/v1/variances"))["items"]
    path = f"/v1/variances/{variance['id']}"
    answer = await post(service, f"{path}:write-off", {"reason": "small_balance"})
    assert (answer.status_code, answer.json()["written_off_cents"]) == (200, -1)
    assert answer.json()["resolved_by"] == "tester"
    await service.deliver(booked(a_remittance(), cents=-1, cause="write_off"))
    day = await read(service, DAY)
    assert (day["balanced"], day["settled_cents"]) == (True, 1)
    (fact,) = await service.told(VarianceResolved)
    assert isinstance(fact, VarianceResolved)
    assert (fact.outcome, fact.reason, fact.written_off_cents) == (
        "written_off", "small_balance", -1,
    )  # fmt: skip
    timeline = await read(service, f"{path}/timeline")
    assert [entry["event_type"].split(".")[2] for entry in timeline["items"]] == [
        "VarianceOpened", "VarianceResolved",
    ]  # fmt: skip


async def test_money_that_comes_after_its_write_off_is_too_much(service: ServiceUnderTest) -> None:
    await an_account(service)
    remittance = a_remittance()
    await service.deliver(an_organization(), remittance)
    await service.deliver(posted(remittance), booked(remittance))
    await post(service, "/v1/reconciliation:run", {"as_of": "2026-03-09"})
    (variance,) = (await read(service, "/v1/variances"))["items"]
    await post(service, f"/v1/variances/{variance['id']}:write-off", {"reason": "payer_closed"})
    await service.deliver(booked(remittance, cents=-150_00, cause="write_off"))
    assert (await read(service, "/v1/reconciliation/days/2026-03-09"))["balanced"]
    await send(service, a_bank_file(a_credit(text=trn("EFTONE")), on=date(2026, 3, 9)))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    assert deposit["waiting_reason"] == "nothing_open"
    body = {"remittance_ids": [str(an_id("one"))]}
    await post(service, f"/v1/deposits/{deposit['id']}:match", body)
    day = await read(service, "/v1/reconciliation/days/2026-03-09")
    assert (day["balanced"], day["exceptions"][0]["name"]) == (False, "deposit_over")
    assert day["exceptions"][0]["cents"] == -150_00


async def test_an_explained_deposit_is_settled_and_may_still_be_matched(
    service: ServiceUnderTest,
) -> None:
    await an_account(service)
    await service.deliver(an_organization())
    await send(service, a_bank_file(a_credit(33_00, trn("EFTONE"))))
    await post(service, "/v1/reconciliation:run", {"as_of": "2026-03-09"})
    (variance,) = (await read(service, "/v1/variances?kind=deposit_without_remittance"))["items"]
    body = {"reason": "paper_eob_on_its_way"}
    answer = await post(service, f"/v1/variances/{variance['id']}:explain", body)
    assert answer.json()["status"] == "explained"
    assert (await read(service, "/v1/deposits?state=explained"))["items"]
    day = await read(service, "/v1/reconciliation/days/2026-03-09")
    assert day["balanced"]
    await service.deliver(a_remittance(payment_cents=33_00))
    assert len(await service.told(DepositMatched)) == 1


async def test_a_person_matches_several_remittances(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance("one"), a_remittance("two", payment_cents=50_00))
    await send(service, a_bank_file(a_credit(200_00, "ONE CHECK FOR TWO")))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    ids = [str(an_id("one")), str(an_id("two"))]
    answer = await post(service, f"/v1/deposits/{deposit['id']}:match", {"remittance_ids": ids})
    assert answer.status_code == 200
    match = answer.json()
    assert (match["rule"], match["inferred"], match["matched_by"]) == ("person", False, "tester")
    assert [part["amount_cents"] for part in match["parts"]] == [150_00, 50_00]
    assert (await read(service, f"/v1/matches?remittance_id={ids[1]}"))["items"] == [match]
    again = await post(service, f"/v1/deposits/{deposit['id']}:match", {"remittance_ids": ids})
    assert (again.status_code, again.json()["code"]) == (409, "deposit_already_matched")


async def test_the_bank_s_wording_is_shown_to_who_reads_one_deposit(
    service: ServiceUnderTest,
) -> None:
    await an_account(service)
    await send(service, a_bank_file(a_credit(text="A LINE\nANOTHER", reference="FT1")))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    assert "wording" not in deposit
    detail = await read(service, f"/v1/deposits/{deposit['id']}")
    assert detail["wording"] == {
        "bank_reference": "FT1", "customer_reference": "", "text": ["A LINE", "ANOTHER"],
    }  # fmt: skip
    async with service.workroom.reading(ORGANIZATION) as work:
        rows = (await work.connection.execute(work.schema_tables.audit_log.select())).mappings()
        assert [row["action"] for row in rows if str(row["resource_id"]) == deposit["id"]] == [
            "read"
        ]


NOBODY = "01980000-0000-7000-8000-0000000000ee"


@pytest.mark.parametrize(
    "path",
    [
        "bank-accounts/{}", "bank-statements/{}", "deposits/{}", "deposits/{}/timeline",
        "variances/{}", "variances/{}/timeline",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(service: ServiceUnderTest, path: str) -> None:
    async with service.client(ALL) as client:
        answer = await client.get(f"/v1/{path.format(NOBODY)}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["fix"]


async def test_another_organization_s_things_are_not_found(service: ServiceUnderTest) -> None:
    await a_settled_day(service, deposited_cents=1)
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    (variance,) = (await read(service, "/v1/variances"))["items"]
    async with service.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        answers = [
            await client.get(f"/v1/deposits/{deposit['id']}"),
            await client.get(f"/v1/variances/{variance['id']}"),
            await client.post(
                f"/v1/deposits/{deposit['id']}:match",
                json={"remittance_ids": [str(an_id("one"))]},
            ),
            await client.post(f"/v1/variances/{variance['id']}:explain", json={"reason": "mine"}),
        ]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ("deposited_on=0", "/deposited_on"),
        ("deposited_on=2026-03-02T00:00:00", "/deposited_on"),
        (f"amount_cents={2**63}", "/amount_cents"),
        (f"amount_cents=-{2**63}", "/amount_cents"),
    ],
)
async def test_deposits_are_searched_by_days_and_amounts_that_there_can_be(
    service: ServiceUnderTest, asked: str, pointer: str
) -> None:
    async with service.client(ALL) as client:
        refused = await client.get(f"/v1/deposits?{asked}")
        found = await client.get("/v1/deposits?deposited_on=2026-03-02&amount_cents=15000")
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    assert (found.status_code, found.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("bank-accounts", examples.BANK_ACCOUNT_IN | {"nmae": "x"}, "/nmae"),
        ("bank-accounts", examples.BANK_ACCOUNT_IN | {"name": ""}, "/name"),
        ("bank-accounts", examples.BANK_ACCOUNT_IN | {"account_number": 12345}, "/account_number"),
        (
            "bank-accounts",
            examples.BANK_ACCOUNT_IN | {"account_number": "12*45"},
            "/account_number",
        ),
        (f"deposits/{NOBODY}:match", {"remittance_ids": []}, "/remittance_ids"),
        (f"deposits/{NOBODY}:match", {"remittance_ids": ["x"]}, "/remittance_ids/0"),
        (f"variances/{NOBODY}:explain", {"reason": "Mrs. Quill called"}, "/reason"),
        (f"variances/{NOBODY}:explain", {"reason": False}, "/reason"),
        (f"variances/{NOBODY}:explain", {}, "/reason"),
        ("reconciliation:run", {"as_of": "yesterday"}, "/as_of"),
        ("reconciliation:run", {"as_of": False}, "/as_of"),
    ],
)
async def test_bad_bodies_are_refused_with_a_pointer(
    service: ServiceUnderTest, path: str, body: Any, pointer: str
) -> None:
    answer = await post(service, f"/v1/{path}", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "query",
    [
        "deposits?page_token=nonsense", "deposits?limit=0", "deposits?payer_id=x",
        "deposits?page_token=WyJ4IiwgInkiXQ", "matches?page_token=WzEsIDJd",
        "variances?page_token=WyJ4IiwgInkiXQ", "bank-accounts?page_token=WyJ4IiwgInkiXQ",
        "bank-statements?status=lost", "reconciliation/days/2026-02-30",
    ],
)  # fmt: skip
async def test_bad_parameters_are_refused(service: ServiceUnderTest, query: str) -> None:
    async with service.client(ALL) as client:
        answer = await client.get(f"/v1/{query}")
    assert answer.status_code == 422


async def test_an_account_is_added_once(service: ServiceUnderTest) -> None:
    await an_account(service, "0012345678")
    again = await post(
        service,
        "/v1/bank-accounts",
        {"name": "x", "bank_name": "y", "account_number": "12-345678"},
    )
    assert (again.status_code, again.json()["code"]) == (409, "bank_account_known")
    (account,) = (await read(service, "/v1/bank-accounts"))["items"]
    assert account["last_four"] == "5678"
    assert "12345678" not in str(account)


async def test_remittances_that_do_not_fit_are_refused(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance("one"), a_remittance("two"))
    await send(service, a_bank_file(a_credit(200_00, "UNKNOWN")))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    path = f"/v1/deposits/{deposit['id']}:match"
    both = [str(an_id("one")), str(an_id("two"))]
    refused = await post(service, path, {"remittance_ids": both})
    assert (refused.status_code, refused.json()["code"]) == (422, "parts_do_not_add_up")
    unknown = await post(service, path, {"remittance_ids": [NOBODY]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_remittance")
    assert await service.told(DepositMatched) == []


@pytest.mark.parametrize(
    ("scope", "path", "body"),
    [
        ("system/PaymentReconciliation.r", "bank-accounts", examples.BANK_ACCOUNT_IN),
        ("system/PaymentReconciliation.crs", f"deposits/{NOBODY}:match", examples.MATCH_IN),
        ("system/PaymentReconciliation.cruds", f"variances/{NOBODY}:write-off", {"reason": "fee"}),
        ("system/PaymentReconciliation.crs", "reconciliation:run", {}),
    ],
)
async def test_a_right_that_was_not_given_is_refused(
    service: ServiceUnderTest, scope: str, path: str, body: Any
) -> None:
    assert (await post(service, f"/v1/{path}", body, scope)).status_code == 403


async def test_a_refused_file_is_answered_the_same_under_its_key(service: ServiceUnderTest) -> None:
    headers = {"Idempotency-Key": "k1", "Content-Type": "text/plain"}
    async with service.client(ALL) as client:
        first = await client.post("/v1/bank-statements", content=b"01,x/", headers=headers)
        again = await client.post("/v1/bank-statements", content=b"01,x/", headers=headers)
    assert (first.status_code, again.status_code) == (422, 422)
    assert first.json() == again.json()
    assert again.headers["content-type"] == "application/problem+json"


async def test_the_example_file_is_taken(service: ServiceUnderTest) -> None:
    await an_account(service, examples.BANK_ACCOUNT_IN["account_number"])
    answer = await send(service, examples.BANK_STATEMENT_TEXT.encode())
    assert (answer.status_code, answer.json().get("recorded_count")) == (201, 1)
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    shown = ("amount_cents", "deposited_on", "method", "trace_number", "window_ends_on")
    assert {name: deposit[name] for name in shown} == {
        name: examples.DEPOSIT[name] for name in shown
    }


async def test_pages_follow_one_another(service: ServiceUnderTest) -> None:
    await an_account(service)
    await send(service, a_bank_file(*(a_credit(cents, "X") for cents in range(1, 8))))
    seen: list[int] = []
    path = "/v1/deposits?limit=3"
    while path:
        page = await read(service, path)
        seen += [one["amount_cents"] for one in page["items"]]
        token = page["next_page_token"]
        path = f"/v1/deposits?limit=3&page_token={token}" if token else ""
    assert sorted(seen) == list(range(1, 8))


def test_every_operation_is_described() -> None:
    described = create_app(PARTS, None).openapi()["paths"]
    ours = {path: verbs for path, verbs in described.items() if "work-items" not in path}
    for path, verbs in ours.items():
        for operation in verbs.values():
            if path.startswith("/v1/"):
                assert operation["summary"], path
                assert operation["description"], path
                assert {"401", "403", "422", "503"} <= set(operation["responses"]), path
