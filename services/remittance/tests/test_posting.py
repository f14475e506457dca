"""Remittances posted whole: what is told of each claim, in which order, with which money."""

from uuid import uuid4

from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.events.remittance import (
    ClaimDenied,
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    ClaimPaymentUnmatched,
    ProviderAdjustmentPosted,
    RemittancePosted,
    RemittanceReceived,
)

from .builders import (
    CLAIM,
    CONTROL,
    SECOND_PAYER,
    a_claim,
    a_paid_line,
    a_payment,
    a_remittance,
    from_second_payer,
    get,
    know_everybody,
    line_id,
    plb,
    post,
)


async def test_a_plain_payment_is_posted_with_its_dispositions(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await post(service, a_remittance(a_payment()))

    told = await service.told()
    names = [type(one).__name__ for one in told]
    assert names == ["RemittanceReceived", "ClaimPaymentPosted", "RemittancePosted"]
    received, posted, closed = told
    assert isinstance(received, RemittanceReceived)
    assert received.balanced
    assert isinstance(posted, ClaimPaymentPosted)
    assert (posted.claim_id, posted.paid_cents, posted.patient_responsibility_cents) == (
        CLAIM, 50_00, 30_00,
    )  # fmt: skip
    line = posted.lines[0]
    assert line.line_id == line_id(CLAIM, 1)
    assert [(a.reason_code, a.disposition) for a in line.adjustments] == [
        ("45", "contractual"),
        ("1", "patient_share"),
    ]
    assert isinstance(closed, RemittancePosted)
    assert (closed.posted_count, closed.posted_paid_cents, closed.unmatched_count) == (1, 50_00, 0)


async def test_a_payment_hangs_on_the_story_of_its_claim(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    story = uuid4()
    await service.deliver(a_claim(), correlation_id=story)
    report = await post(service, a_remittance(a_payment()))
    payments = await get(
        service, f"/v1/remittances/{report['remittances'][0]['remittance_id']}/claim-payments"
    )
    timeline = await get(service, f"/v1/claim-payments/{payments['items'][0]['id']}/timeline")
    assert {one["correlation_id"] for one in timeline["items"]} == {str(story)}


async def test_a_denied_line_is_told_beside_the_payment(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim(lines=(100_00, 80_00)))
    lines = [
        a_paid_line("100", "80", "CO-45 20", number=1),
        a_paid_line("80", "0", "CO-197 80", number=2),
    ]
    await post(service, a_remittance(a_payment("180", "80", lines=lines)))
    (denied,) = await service.told(ClaimDenied)
    assert isinstance(denied, ClaimDenied)
    assert (denied.scope, denied.denied_cents) == ("line", 80_00)
    assert [line.line_id for line in denied.lines] == [line_id(CLAIM, 2)]


async def test_a_reversal_and_its_correction_undo_and_replace(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await post(service, a_remittance(a_payment()))
    reversal = a_payment("-100", "-50", "CO-45 -20, PR-1 -30", status="22")
    correction = a_payment("100", "80", "CO-45 20")
    await post(service, a_remittance(reversal, correction, trace="T2"))

    first, second = await service.told(ClaimPaymentPosted)
    (taken_back,) = await service.told(ClaimPaymentReversed)
    assert isinstance(first, ClaimPaymentPosted)
    assert isinstance(second, ClaimPaymentPosted)
    assert isinstance(taken_back, ClaimPaymentReversed)
    assert taken_back.reverses_claim_payment_id == first.claim_payment_id
    assert taken_back.paid_cents == -first.paid_cents
    assert [(a.amount_cents, a.disposition) for a in taken_back.lines[0].adjustments] == [
        (-20_00, "contractual"),
        (-30_00, "patient_share"),
    ]
    assert [first.payment_sequence, taken_back.payment_sequence, second.payment_sequence] == [
        1,
        2,
        3,
    ]
    assert taken_back.patient_responsibility_cents == -30_00
    closed = (await service.told(RemittancePosted))[-1]
    assert isinstance(closed, RemittancePosted)
    assert (closed.payment_cents, closed.reversed_count, closed.posted_count) == (30_00, 1, 1)


async def test_a_payment_waits_for_its_claim_and_is_matched_when_it_comes(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment()))
    (waiting,) = await service.told(ClaimPaymentUnmatched)
    assert isinstance(waiting, ClaimPaymentUnmatched)
    assert (waiting.reason, waiting.paid_cents) == ("no_claim", 50_00)
    assert len((await get(service, "/v1/work-items?status=open"))["items"]) == 1

    await service.deliver(a_claim())
    (posted,) = await service.told(ClaimPaymentPosted)
    assert isinstance(posted, ClaimPaymentPosted)
    assert posted.claim_payment_id == waiting.claim_payment_id
    assert posted.from_unapplied
    assert (await get(service, "/v1/unmatched-payments"))["items"] == []
    assert (await get(service, "/v1/work-items?status=open"))["items"] == []


async def test_a_reversal_before_its_original_waits_for_it(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    reversal = a_payment("-100", "-50", "CO-45 -20, PR-1 -30", status="22")
    await post(service, a_remittance(reversal, trace="T2", adjustments=(plb("WO", "-50", "R"),)))
    (waiting,) = await service.told(ClaimPaymentUnmatched)
    assert isinstance(waiting, ClaimPaymentUnmatched)
    assert waiting.reason == "no_original"

    await post(service, a_remittance(a_payment()))
    (posted,) = await service.told(ClaimPaymentPosted)
    (taken_back,) = await service.told(ClaimPaymentReversed)
    assert isinstance(posted, ClaimPaymentPosted)
    assert isinstance(taken_back, ClaimPaymentReversed)
    assert taken_back.claim_payment_id == waiting.claim_payment_id
    assert taken_back.reverses_claim_payment_id == posted.claim_payment_id
    assert taken_back.from_unapplied
    assert taken_back.trace_number == "T2"


async def test_original_and_reversal_that_both_wait_are_posted_in_order(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    reversal = a_payment("-100", "-50", "CO-45 -20, PR-1 -30", status="22")
    carried = (plb("WO", "-50", "R"),)
    await post(service, a_remittance(reversal, trace="T2", adjustments=carried))
    await post(service, a_remittance(a_payment()))
    assert len(await service.told(ClaimPaymentUnmatched)) == 2
    await service.deliver(a_claim())
    assert len(await service.told(ClaimPaymentPosted)) == 1
    assert len(await service.told(ClaimPaymentReversed)) == 1


async def test_a_new_answer_alone_replaces_a_denial(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await post(service, a_remittance(a_payment("100", "0", "CO-197 100")))
    await post(service, a_remittance(a_payment("100", "80", "CO-45 20"), trace="T2"))
    first, second = await service.told(ClaimPaymentPosted)
    (taken_back,) = await service.told(ClaimPaymentReversed)
    assert isinstance(first, ClaimPaymentPosted)
    assert isinstance(second, ClaimPaymentPosted)
    assert isinstance(taken_back, ClaimPaymentReversed)
    assert taken_back.reverses_claim_payment_id == first.claim_payment_id
    assert taken_back.paid_cents == 0
    assert second.paid_cents == 80_00
    late = a_payment("-100", "0", "CO-197 -100", status="22")
    await post(service, a_remittance(late, trace="T3"))
    assert len(await service.told(ClaimPaymentReversed)) == 1
    assert await service.told(ClaimPaymentUnmatched) == []


async def test_a_crossover_is_answered_under_the_first_claims_number(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    further = [{"payer_id": SECOND_PAYER, "payer_responsibility": "S"}]
    await service.deliver(a_claim(200_00, other_payers=further))
    first = a_payment("200", "94.08", "CO-45 80, CO-253 1.92, PR-2 24", status="19")
    await post(service, a_remittance(first))
    supplement = a_payment("200", "14", "OA-23 176, PR-3 10", status="2")
    await post(service, from_second_payer(supplement))
    medicare, second = await service.told(ClaimPaymentPosted)
    assert isinstance(medicare, ClaimPaymentPosted)
    assert isinstance(second, ClaimPaymentPosted)
    assert medicare.next_payer_id == medicare.forwarded_to_payer_id == SECOND_PAYER
    assert [a.disposition for a in medicare.lines[0].adjustments] == [
        "contractual", "contractual", "next_payer",
    ]  # fmt: skip
    assert (second.payer_id, second.payer_responsibility) == (SECOND_PAYER, "S")
    assert [(a.disposition, a.amount_cents) for a in second.lines[0].adjustments] == [
        ("prior_payer", 176_00),
        ("patient_share", 10_00),
    ]


async def test_a_secondary_claim_takes_no_contractual_again(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    further = [{"payer_id": SECOND_PAYER, "payer_responsibility": "S"}]
    await service.deliver(a_claim(500_00, other_payers=further))
    await post(service, a_remittance(a_payment("500", "300", "CO-45 125, PR-1 75")))
    secondary = uuid4()
    await service.deliver(
        a_claim(
            500_00,
            claim_id=secondary,
            control="SECONDARY1",
            payer_id=SECOND_PAYER,
            payer_responsibility="S",
            related_claim_id=CLAIM,
        )
    )
    answer = a_payment("500", "65", "CO-45 435", status="2", control="SECONDARY1")
    await post(service, from_second_payer(answer))
    second = (await service.told(ClaimPaymentPosted))[-1]
    assert isinstance(second, ClaimPaymentPosted)
    assert second.claim_id == secondary
    assert [(a.disposition, a.amount_cents) for a in second.lines[0].adjustments] == [
        ("contractual", 10_00),
        ("prior_payer", 425_00),
    ]


async def test_status_23_and_25_post_nothing_and_are_counted(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    forwarded = a_payment("100", "0", "OA-B11 100", status="23")
    planned = a_payment("100", "0", "OA-101 100", status="25")
    report = await post(service, a_remittance(forwarded, planned))
    assert await service.told(ClaimPaymentPosted, ClaimDenied, ClaimPaymentUnmatched) == []
    row = await get(service, report["remittances"][0]["href"])
    assert row["counts"]["noted_count"] == 2


async def test_carried_balances_share_an_open_item_until_it_is_zero(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    for number, charge in (("A", "600"), ("B", "50"), ("C", "900")):
        await service.deliver(a_claim(int(charge) * 100, claim_id=uuid4(), control=number))
    first = (plb("WO", "800", "X"), plb("FB", "-200", "R1"))
    await post(
        service,
        a_remittance(a_payment("600", "600", "", control="A"), trace="R1", adjustments=first),
    )
    second = (plb("FB", "200", "R1"), plb("FB", "-150", "R2"))
    await post(
        service,
        a_remittance(a_payment("50", "50", "", control="B"), trace="R2", adjustments=second),
    )
    third = (plb("FB", "150", "R2"),)
    await post(
        service,
        a_remittance(a_payment("900", "900", "", control="C"), trace="R3", adjustments=third),
    )
    listed = (await get(service, "/v1/provider-adjustments"))["items"]
    balances = {
        (one["account"], one["reference"]): one["open_item_balance_cents"] for one in listed
    }
    assert balances == {
        ("payer_recoupment", "X"): 800_00,
        ("carried_balance", "R1"): 0,
        ("carried_balance", "R2"): 0,
    }
    told = await service.told(ProviderAdjustmentPosted)
    assert len(told) == 5
    assert [one.payment_cents for one in await service.told(RemittancePosted)] == [0, 0, 750_00]  # type: ignore[attr-defined]


async def test_a_replacement_is_found_by_the_number_of_its_version(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await service.deliver(
        a_claim(claim_version=2, control="C7K2M9Q4X2", frequency_code="7", replaces_version=1)
    )
    await post(service, a_remittance(a_payment(control="c7k2m9q4x2 ")))
    (posted,) = await service.told(ClaimPaymentPosted)
    assert isinstance(posted, ClaimPaymentPosted)
    assert (posted.claim_id, posted.claim_version) == (CLAIM, 2)
    assert CONTROL == "C7K2M9Q4X1"
