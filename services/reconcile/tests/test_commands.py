"""Files become deposits, deposits find remittances, and what does not agree becomes a variance."""

import asyncio
from datetime import date

import pytest

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.reconcile import (
    DepositMatched,
    DepositRecorded,
    VarianceOpened,
    VarianceResolved,
)
from cleanclaim.reconcile.jobs import open_overdue

from .builders import (
    ALL,
    HARBOR,
    PRAIRIE,
    a_bank_file,
    a_credit,
    a_payer,
    a_remittance,
    an_account,
    an_id,
    an_organization,
    read,
    send,
    trn,
)


async def opened(service: ServiceUnderTest) -> list[tuple[str, int]]:
    facts = await service.told(VarianceOpened)
    return [(fact.kind, fact.difference_cents) for fact in facts]  # type: ignore[attr-defined]


async def resolved(service: ServiceUnderTest) -> list[tuple[str, str]]:
    facts = await service.told(VarianceResolved)
    return [(fact.kind, fact.outcome) for fact in facts]  # type: ignore[attr-defined]


async def states(service: ServiceUnderTest) -> list[tuple[int, str, str | None]]:
    items = (await read(service, "/v1/deposits"))["items"]
    return sorted((one["amount_cents"], one["state"], one["waiting_reason"]) for one in items)


async def test_money_and_remittance_meet_by_trace(service: ServiceUnderTest) -> None:
    account_id = await an_account(service)
    await service.deliver(a_payer(), a_remittance())
    answer = await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    assert answer.status_code == 201
    (recorded,) = await service.told(DepositRecorded)
    assert isinstance(recorded, DepositRecorded)
    assert (str(recorded.bank_account_id), recorded.method) == (account_id, "ACH")
    assert (recorded.trace_number, recorded.originating_company_id) == ("EFTONE", "1999999999")
    assert recorded.payer_id == PRAIRIE
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert match.parts[0].remittance_id == an_id("one")
    assert await states(service) == [(15000, "matched", None)]
    assert await opened(service) == []


@pytest.mark.parametrize(
    ("cents", "kind", "difference_cents"),
    [(149_99, "deposit_short", -1), (150_01, "deposit_over", 1)],
)
async def test_a_cent_of_difference_is_matched_and_named(
    service: ServiceUnderTest, cents: int, kind: str, difference_cents: int
) -> None:
    await an_account(service)
    await service.deliver(a_remittance())
    await send(service, a_bank_file(a_credit(cents, trn("EFTONE"))))
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert match.parts[0].amount_cents == cents
    assert await opened(service) == [(kind, difference_cents)]
    (item,) = (await read(service, "/v1/work-items"))["items"]
    assert (item["kind"], item["subject_type"], item["value_cents"]) == (kind, "variance", 1)


async def test_the_rest_of_a_short_payment_corrects_it(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance())
    await send(service, a_bank_file(a_credit(100_00, trn("EFTONE"))))
    await send(service, a_bank_file(a_credit(30_00, trn("EFTONE")), on=date(2026, 3, 3)))
    await send(service, a_bank_file(a_credit(20_00, trn("EFTONE")), on=date(2026, 3, 4)))
    assert await opened(service) == [("deposit_short", -50_00), ("deposit_short", -20_00)]
    assert await resolved(service) == [("deposit_short", "corrected")] * 2
    items = (await read(service, "/v1/work-items?status=open"))["items"]
    assert items == []


async def test_a_match_without_a_trace_is_marked_as_inferred(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_payer(), a_remittance())
    await send(service, a_bank_file(a_credit(text="PRAIRIE MUTUAL HCCLAIMPMT")))
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert match.inferred


async def test_two_that_might_be_meant_wait_for_a_person(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_payer(), a_remittance("one"), a_remittance("two"))
    await send(service, a_bank_file(a_credit(text="PRAIRIE MUTUAL")))
    assert await service.told(DepositMatched) == []
    assert await states(service) == [(15000, "unmatched", "several_remittances")]
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    detail = await read(service, f"/v1/deposits/{deposit['id']}")
    assert {one["remittance_id"] for one in detail["candidates"]} == {
        str(an_id("one")), str(an_id("two")),
    }  # fmt: skip


async def test_a_lockbox_check_is_known_by_its_number(service: ServiceUnderTest) -> None:
    await an_account(service)
    check = a_remittance(trace_number="70123", payment_method="CHK", originating_company_id=None)
    await service.deliver(check)
    await send(service, a_bank_file(a_credit(code="115", customer="70123", text="LOCKBOX 4")))
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert not match.inferred


async def test_the_same_file_again_changes_nothing(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance())
    content = a_bank_file(a_credit(text=trn("EFTONE")))
    assert (await send(service, content)).status_code == 201
    told = await service.told()
    again = await send(service, content)
    assert (again.status_code, again.json()["already_known"]) == (200, True)
    assert await service.told() == told


async def test_a_deposit_in_another_file_is_recorded_once(service: ServiceUnderTest) -> None:
    await an_account(service)
    interim = a_bank_file(a_credit(text="PENDING", reference="FT1"), a_credit(20_00, "B"))
    final = a_bank_file(
        a_credit(text=trn("EFTONE"), reference="FT1"),
        a_credit(20_00, "B"),
        a_credit(20_00, "B"),
        file_id="2",
    )
    first, second = await send(service, interim), await send(service, final)
    assert (first.json()["recorded_count"], first.json()["known_count"]) == (2, 0)
    assert (second.json()["recorded_count"], second.json()["known_count"]) == (1, 2)
    assert [cents for cents, *_ in await states(service)] == [2000, 2000, 15000]


async def test_an_account_that_nobody_named_refuses_the_file_until_it_is_added(
    service: ServiceUnderTest,
) -> None:
    content = a_bank_file(a_credit(text=trn("EFTONE")))
    refused = await send(service, content)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["code"] == "bank_account_unknown"
    assert await service.told() == []
    statement = await read(service, refused.headers["location"])
    assert (statement["status"], statement["findings"][0]["line"]) == ("refused", 3)
    await an_account(service)
    assert (await send(service, content)).status_code == 201
    assert (await read(service, refused.headers["location"]))["status"] == "accepted"
    assert (await read(service, "/v1/work-items?status=open"))["items"] == []


async def test_a_file_with_one_wrong_cent_records_nothing(service: ServiceUnderTest) -> None:
    await an_account(service)
    content = a_bank_file(a_credit(text=trn("EFTONE"))).replace(b"16,165,15000", b"16,165,15001")
    assert (await send(service, content)).status_code == 422
    assert await service.told() == []
    assert await states(service) == []


async def test_debits_are_not_receipts_but_returns_are_variances(service: ServiceUnderTest) -> None:
    await an_account(service)
    await send(
        service,
        a_bank_file(a_credit(90_00, "PAYROLL", code="455"), a_credit(40_00, "NSF", code="555")),
    )
    assert await states(service) == [(-4000, "returned", None)]
    assert await opened(service) == [("deposit_returned", -40_00)]
    (statement,) = (await read(service, "/v1/bank-statements"))["items"]
    assert statement["accounts"][0]["other_debit_cents"] == 90_00


async def test_windows_that_end_open_variances_once(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(an_organization(), a_remittance())
    await send(service, a_bank_file(a_credit(33_00, "UNKNOWN")))
    service.runtime.move(days=4)  # Friday: the last day of the window
    await open_overdue(service.context, ORGANIZATION)
    assert await opened(service) == []
    service.runtime.move(days=1)
    await open_overdue(service.context, ORGANIZATION)
    await open_overdue(service.context, ORGANIZATION)
    assert sorted(await opened(service)) == [
        ("deposit_without_remittance", 33_00),
        ("remittance_incomplete", -150_00),
        ("remittance_without_deposit", -150_00),
    ]


async def test_late_money_corrects_what_was_overdue(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(an_organization(), a_remittance())
    await send(service, a_bank_file(a_credit(33_00, trn("EFTTWO"))))
    service.runtime.move(days=8)
    await open_overdue(service.context, ORGANIZATION)
    await send(service, a_bank_file(a_credit(text=trn("EFTONE")), on=date(2026, 3, 10)))
    await service.deliver(a_remittance("two", payment_cents=33_00))
    assert sorted(await resolved(service)) == [
        ("deposit_without_remittance", "corrected"),
        ("remittance_without_deposit", "corrected"),
    ]


async def test_a_remittance_without_money_needs_no_deposit(service: ServiceUnderTest) -> None:
    await service.deliver(a_remittance(payment_cents=0, payment_method="NON"))
    service.runtime.move(days=30)
    await open_overdue(service.context, ORGANIZATION)
    assert ("remittance_without_deposit", 0) not in await opened(service)
    assert [kind for kind, _ in await opened(service)] == ["remittance_incomplete"]


async def test_a_day_is_the_organization_s_own(service: ServiceUnderTest) -> None:
    await service.deliver(an_organization("Pacific/Honolulu"), a_remittance())
    service.runtime.move(days=4, hours=12)  # Saturday in London, still Friday in Honolulu
    await open_overdue(service.context, ORGANIZATION)
    assert await opened(service) == []
    await service.deliver(an_organization("Europe/London"))
    await open_overdue(service.context, ORGANIZATION)
    assert len(await opened(service)) == 2


async def test_no_deposit_is_matched_twice_however_many_try(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance("one"), a_remittance("two"))
    await send(service, a_bank_file(a_credit(text="UNKNOWN")))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    async with service.client(ALL) as client:
        answers = await asyncio.gather(
            *(
                client.post(
                    f"/v1/deposits/{deposit['id']}:match",
                    json={"remittance_ids": [str(an_id(name))]},
                )
                for name in ("one", "two", "one", "two")
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len(await service.told(DepositMatched)) == 1


async def test_the_wording_of_the_bank_is_sealed(service: ServiceUnderTest) -> None:
    await an_account(service)
    await send(service, a_bank_file(a_credit(text="QUILL ZEPHYRINE REFUND")))
    async with service.workroom.reading(ORGANIZATION) as work:
        table = service.parts.metadata.tables["reconcile.deposits"]
        (row,) = (await work.connection.execute(table.select())).mappings()
    assert b"ZEPHYRINE" not in bytes(row["sealed_text"])
    assert "ZEPHYRINE" not in str({name: row[name] for name in row if name != "sealed_text"})


async def test_hundreds_of_deposits_are_matched_in_one_file(service: ServiceUnderTest) -> None:
    await an_account(service)
    names = [str(number) for number in range(300)]
    await service.deliver(*(a_remittance(name, payment_cents=100 + len(name)) for name in names))
    lines = [a_credit(100 + len(name), trn(f"EFT{name}")) for name in names]
    assert (await send(service, a_bank_file(*lines))).status_code == 201
    assert len(await service.told(DepositMatched)) == 300
    assert await opened(service) == []


async def test_harbor_s_money_never_pays_prairie_s_remittance(service: ServiceUnderTest) -> None:
    await an_account(service)
    harbor = a_payer(HARBOR, "Harbor Health", "1888888888")
    await service.deliver(a_payer(), harbor, a_remittance())
    await send(service, a_bank_file(a_credit(text=trn("EFTONE", "1888888888"))))
    await send(service, a_bank_file(a_credit(text="HARBOR HEALTH"), on=date(2026, 3, 3)))
    assert await service.told(DepositMatched) == []
