"""What denials makes of what it hears, in whatever order, once or twice."""

from itertools import permutations
from typing import Any

import pytest

from cleanclaim.chassis.testing import OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.denials.events_in import SUBSCRIPTIONS
from cleanclaim.events.catalog import heard_by
from cleanclaim.events.denials import DenialOpened, DenialResolved
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.remittance import ClaimDenied

from .builders import (
    a_claim,
    a_claim_refused_as_a_whole,
    a_denial,
    a_denied_line,
    a_paid_line,
    a_payer,
    a_payment,
    a_rejection,
    a_reversal,
    an_organization,
    named,
    refused,
    the_posting_of_the_denial,
)

ALL = "system/Denial.rus system/Task.r"


async def denials(service: ServiceUnderTest, query: str = "") -> list[dict[str, Any]]:
    async with service.client(ALL) as client:
        answer = await client.get(f"/v1/denials{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def work_items(service: ServiceUnderTest) -> list[tuple[str, str, str]]:
    async with service.client(ALL) as client:
        answer = await client.get("/v1/work-items")
    return sorted((one["kind"], one["reason"], one["status"]) for one in answer.json()["items"])


async def only_denial(service: ServiceUnderTest) -> dict[str, Any]:
    (found,) = await denials(service)
    async with service.client(ALL) as client:
        answer = await client.get(f"/v1/denials/{found['id']}")
    whole: dict[str, Any] = answer.json()
    return whole


def test_it_hears_what_the_catalogue_says_it_hears() -> None:
    assert {one.entry for one in SUBSCRIPTIONS} == set(heard_by("denials"))


@pytest.mark.parametrize("entry", heard_by("denials"), ids=lambda entry: entry.name)
async def test_each_golden_example_is_taken_and_a_second_delivery_changes_nothing(
    service: ServiceUnderTest, entry: Any
) -> None:
    fact: Fact = example_of(entry.model).fact
    organization = getattr(fact, "organization_id", None)
    given = {"organization_id": organization} if organization else {}
    (envelope,) = await service.deliver(fact, **given)
    before = await service.told()
    await service.redeliver(envelope, fact)
    assert await service.told() == before


async def test_a_refusal_opens_a_case_with_cause_deadlines_and_owner(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(an_organization(), a_payer(), a_claim(), a_denial())
    (told,) = await service.told(DenialOpened)
    assert isinstance(told, DenialOpened)
    assert (told.category, told.owner_stage, told.rule_id) == (
        "authorization",
        "intake",
        "routing.reason",
    )
    assert (told.denied_cents, told.scope, told.level) == (200_00, "line", 1)
    assert told.appeal_by_on is not None
    assert told.appeal_by_on.isoformat() == "2027-03-29"
    assert told.correct_by_on is not None
    assert told.correct_by_on.isoformat() == "2027-09-30"
    assert [(one.group_code, one.reason_code) for one in told.reasons] == [("CO", "197")]
    assert await work_items(service) == [("denial", "authorization", "open")]


async def test_lines_refused_for_one_cause_are_one_case_and_others_another(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(
        a_payer(),
        a_denial(
            a_denied_line("L1"),
            a_denied_line("L2"),
            a_denied_line("L3", refused("29", 50_00)),
        ),
    )
    found = {one["reason_code"]: one["denied_cents"] for one in await denials(service)}
    assert found == {"197": 400_00, "29": 50_00}


async def test_the_refused_amounts_of_the_cases_add_up_to_the_refusal(
    service: ServiceUnderTest,
) -> None:
    refusal = a_denial(
        a_denied_line("L1"),
        a_denied_line("L2", refused("50", 70_00)),
        adjustments=[refused("22", 30_00)],
        denied_cents=300_00,
        charge_cents=300_00,
    )
    await service.deliver(refusal)
    told = await service.told(DenialOpened)
    assert sum(one.denied_cents for one in told) == refusal.denied_cents  # type: ignore[attr-defined]
    assert sorted(one["scope"] for one in await denials(service)) == ["claim", "line", "line"]


async def test_a_payer_that_is_not_known_leaves_the_deadlines_unknown_until_it_is(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_denial())
    whole = await only_denial(service)
    assert whole["deadlines"]["appeal"]["state"] == "unknown"
    assert whole["deadlines"]["appeal"]["due_on"] is None
    assert await work_items(service) == [
        ("denial", "authorization", "open"),
        ("denial_deadline", "appeal_no_payer_policy", "open"),
        ("denial_deadline", "correction_no_payer_policy", "open"),
    ]
    await service.deliver(a_payer())
    whole = await only_denial(service)
    assert whole["deadlines"]["appeal"]["due_on"] == "2027-03-29"
    assert [one[2] for one in await work_items(service)] == ["open", "closed", "closed"]


async def test_a_later_payment_recovers_the_case_with_days_and_money(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_payer(), the_posting_of_the_denial(), a_denial())
    service.runtime.move(days=40)
    await service.deliver(
        a_payment(a_paid_line("L1", 150_00, refused("45", 50_00, "CO", "contractual")))
    )
    (told,) = await service.told(DenialResolved)
    assert isinstance(told, DenialResolved)
    assert (told.outcome, told.recovered_cents, told.denied_cents) == ("recovered", 150_00, 200_00)
    assert (told.days_open, told.claim_payment_id) == (40, named("D2"))
    assert await work_items(service) == [("denial", "authorization", "closed")]


async def test_a_payment_that_refuses_a_part_again_ends_the_case_and_opens_the_next(
    service: ServiceUnderTest,
) -> None:
    rest = a_denied_line("L1", refused("197", 80_00), charge_cents=200_00, paid_cents=120_00)
    await service.deliver(a_payer(), the_posting_of_the_denial(), a_denial())
    await service.deliver(
        a_payment(a_paid_line("L1", 120_00, refused("197", 80_00))),
        a_denial(rest, payment="D2", payment_sequence=2),
    )
    found = {one["status"]: one for one in await denials(service)}
    assert set(found) == {"partly_recovered", "open"}
    assert found["partly_recovered"]["recovered_cents"] == 120_00
    assert found["open"]["denied_cents"] == 80_00


async def test_a_payment_on_another_line_or_claim_leaves_the_case_alone(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(
        a_payer(), a_denial(), a_payment(a_paid_line("L2")), a_payment(a_paid_line(), claim="C2")
    )
    assert [one["status"] for one in await denials(service)] == ["open"]


async def test_taking_the_payment_back_opens_the_case_again(service: ServiceUnderTest) -> None:
    await service.deliver(
        a_payer(), the_posting_of_the_denial(), a_denial(), a_payment(a_paid_line())
    )
    service.runtime.move(days=1)
    await service.deliver(a_reversal(of="D2"))
    assert len(await service.told(DenialOpened)) == 2
    whole = await only_denial(service)
    assert (whole["status"], whole["recovered_cents"]) == ("open", 0)
    assert [one["to_status"] for one in whole["history"]] == ["open", "recovered", "open"]
    assert ("denial", "authorization", "open") in await work_items(service)


async def test_a_refusal_taken_back_waits_for_the_correction(service: ServiceUnderTest) -> None:
    await service.deliver(the_posting_of_the_denial(), a_denial(), a_reversal(of="D1", sequence=2))
    whole = await only_denial(service)
    assert (whole["status"], whole["action"]) == ("open", "wait")
    await service.deliver(a_payment(a_paid_line("L1", 200_00), sequence=3))
    assert (await only_denial(service))["status"] == "recovered"


async def test_a_reversal_and_correction_that_deny_again_leave_one_open_case(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(the_posting_of_the_denial(), a_denial(), a_reversal(of="D1", sequence=2))
    await service.deliver(
        a_payment(a_paid_line("L1", 0, refused()), payment="D3", sequence=3),
        a_denial(payment="D3", payment_sequence=3),
    )
    assert sorted(one["status"] for one in await denials(service)) == ["open", "superseded"]


async def test_a_replacement_corrects_a_void_supersedes(service: ServiceUnderTest) -> None:
    await service.deliver(
        a_payer(), a_claim("L1", "L2"), a_denial(), a_denial(claim="C2", payment="E1")
    )
    await service.deliver(a_claim("L1", "L2", version=2))
    await service.deliver(a_claim(claim="C2", version=2, frequency_code="8"))
    found = {one["claim_id"]: one["status"] for one in await denials(service)}
    assert found == {str(named("C1")): "corrected", str(named("C2")): "superseded"}


async def test_a_replacement_without_the_refused_line_supersedes_its_case(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim("L1", "L2"), a_denial(), a_claim("L2", version=2))
    assert [one["status"] for one in await denials(service)] == ["superseded"]


async def test_a_corrected_claim_that_is_paid_is_recovered(service: ServiceUnderTest) -> None:
    await service.deliver(the_posting_of_the_denial(), a_claim(), a_denial(), a_claim(version=2))
    await service.deliver(a_payment(a_paid_line(), claim_version=2))
    whole = await only_denial(service)
    assert [one["to_status"] for one in whole["history"]] == ["open", "corrected", "recovered"]


async def test_a_corrected_claim_that_is_refused_at_the_door_is_work_again(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(), a_denial(), a_claim(version=2), a_rejection(version=2))
    whole = await only_denial(service)
    assert [one["to_status"] for one in whole["history"]] == ["open", "corrected", "in_work"]
    assert whole["action"] == "appeal"
    await service.deliver(a_claim(version=3))
    whole = await only_denial(service)
    assert (whole["status"], whole["action"]) == ("corrected", "wait")


async def test_a_rejection_heard_before_its_version_counts_all_the_same(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_denial(), a_rejection(version=2), a_claim(version=2))
    assert (await only_denial(service))["status"] == "open"


def arrivals_of(name: str) -> dict[str, list[Fact]]:
    """One story with ids of its own: the directory, the claim in two versions, the postings."""
    ids = {"claim": name, "payer": f"payer of {name}"}
    first, second = f"{name}.D1", f"{name}.D2"
    return {
        "D": [a_payer(ids["payer"])],
        "C": [a_claim(claim=name), a_claim(claim=name, version=2)],
        "P": [
            a_payment(a_paid_line("L1", 0, refused()), payment=first, sequence=1, **ids),
            a_denial(payment=first, **ids),
            a_payment(a_paid_line(), payment=second, **ids),
        ],
    }


async def test_every_order_of_arrival_ends_in_the_same_state(service: ServiceUnderTest) -> None:
    """Topics are not ordered among each other: three topics, the order within each kept."""
    orders = sorted(set(permutations("DCCPPP")))
    for order in orders:
        waiting = arrivals_of("".join(order))
        for topic in order:
            await service.deliver(waiting[topic].pop(0))
    found = await denials(service, "?limit=500")
    assert len(found) == len(orders) == 60
    ends = {(one["status"], one["recovered_cents"], one["resolved_on"]) for one in found}
    assert ends == {("recovered", 150_00, "2026-03-02")}


async def test_a_claim_refused_as_a_whole_is_measured_by_the_claims_payment(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim_refused_as_a_whole())
    (told,) = await service.told(DenialOpened)
    assert isinstance(told, DenialOpened)
    assert (told.scope, told.lines, told.category) == ("claim", (), "timely_filing")
    await service.deliver(a_payment(a_paid_line("L1", 300_00), a_paid_line("L2", 100_00)))
    found = (await denials(service))[0]
    assert (found["status"], found["recovered_cents"]) == ("recovered", 400_00)


async def test_money_for_no_line_in_particular_waits_for_a_person(
    service: ServiceUnderTest,
) -> None:
    two = (a_denied_line("L1"), a_denied_line("L2", refused("29", 100_00)))
    posted = a_payment(
        a_paid_line("L1", 0, refused()),
        a_paid_line("L2", 0, refused("29", 100_00)),
        payment="D1",
        sequence=1,
    )
    await service.deliver(a_payer(), posted, a_denial(*two))
    await service.deliver(a_payment(paid_cents=120_00, charge_cents=300_00))
    assert [one["status"] for one in await denials(service)] == ["open", "open"]
    assert ("denial_recovery", "paid_without_lines", "open") in await work_items(service)
    await service.deliver(
        a_payment(payment="D3", sequence=3, paid_cents=300_00, charge_cents=300_00)
    )
    assert {one["status"] for one in await denials(service)} == {"recovered"}


async def test_a_reason_outside_our_table_goes_to_a_person(service: ServiceUnderTest) -> None:
    await service.deliver(a_payer(), a_denial(a_denied_line("L1", refused("9Z9"))))
    found = (await denials(service))[0]
    assert (found["category"], found["action"]) == ("payer_processing", "follow_up")
    assert ("denial_reason", "reason_not_in_table", "open") in await work_items(service)


async def test_lines_that_exceed_their_claim_are_refused_by_name(service: ServiceUnderTest) -> None:
    with pytest.raises(Exception, match="refused lines add up to more"):
        await service.deliver(a_denial(denied_cents=1_00))
    assert await service.told() == []


async def test_an_amount_refused_for_no_reason_is_refused_by_name(
    service: ServiceUnderTest,
) -> None:
    with pytest.raises(Exception, match="no adjustment of it is judged as refused"):
        await service.deliver(a_denial(a_denied_line("L1", denied_cents=5_00, adjustments=[])))
    assert await service.told() == []


async def test_another_organization_sees_nothing_of_it(service: ServiceUnderTest) -> None:
    await service.deliver(a_payer(), a_denial())
    mine = (await denials(service))[0]
    async with service.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        listed = await client.get("/v1/denials")
        read = await client.get(f"/v1/denials/{mine['id']}")
        summary = await client.get("/v1/denial-summary")
        started = await client.post(f"/v1/denials/{mine['id']}:start")
    assert listed.json()["items"] == []
    assert (read.status_code, started.status_code) == (404, 404)
    assert summary.json()["total"]["cases"] == 0


async def test_the_same_refusal_told_to_another_organization_is_another_case(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_denial())
    await service.deliver(a_denial(), organization_id=OTHER_ORGANIZATION)
    assert len(await service.told(DenialOpened)) == 1
    assert len(await service.told(DenialOpened, organization_id=OTHER_ORGANIZATION)) == 1


async def test_a_whole_batch_of_refusals_is_taken_at_once(service: ServiceUnderTest) -> None:
    many: list[ClaimDenied] = [
        a_denial(claim=f"C{number}", payment=f"P{number}") for number in range(200)
    ]
    await service.deliver(a_payer(), *many)
    assert len(await service.told(DenialOpened)) == 200
