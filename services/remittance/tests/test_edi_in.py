"""Files that are cut, miscounted, contradictory or no X12: held whole or refused, never posted."""

import asyncio
from pathlib import Path

import pytest

from cleanclaim.chassis.context import InboundFile
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.remittance import (
    ClaimPaymentPosted,
    RemittanceHeld,
    RemittancePosted,
    RemittanceReceived,
)
from cleanclaim.remittance.edi_in import (
    NoRemittanceInFile,
    RemittanceFileUnreadable,
    take_file,
)
from cleanclaim.x12 import Party

from .builders import (
    a_claim,
    a_paying_party,
    a_payment,
    a_remittance,
    an_835,
    get,
    know_everybody,
    plb,
    post,
    upload,
)

WHOLE = an_835(a_remittance(a_payment()), a_remittance(a_payment(control="OTHER"), trace="T9"))


def cut_in_the_second_set(content: bytes) -> bytes:
    return content[: content.rindex(b"CLP*") + 20]


def with_second(old: bytes, new: bytes) -> bytes:
    at = WHOLE.rindex(old)
    return WHOLE[:at] + new + WHOLE[at + len(old) :]


BAD_SECOND_SETS = {
    "cut in the middle of a segment": cut_in_the_second_set(WHOLE),
    "a wrong count of segments": with_second(b"SE*", b"SE*9"),
    "another control number in its trailer": with_second(b"*0002~GE", b"*0003~GE"),
    "without its trailer": WHOLE[: WHOLE.rindex(b"SE*")] + WHOLE[WHOLE.rindex(b"GE*") :],
    "a paid amount that is no number": with_second(b"*1*100*50*", b"*1*100*5O*"),
    "a charge of millions of millions": with_second(b"*1*100*50*", b"*1*99999999999999*50*"),
    "a day that does not exist": with_second(b"*20260302~TRN", b"*20260231~TRN"),
    "without a trace": with_second(b"TRN*1*T9*1999999999~", b""),
    "a sum that is not paid out": with_second(b"BPR*I*50*", b"BPR*I*51*"),
    "a payment that is no number": with_second(b"BPR*I*50*", b"BPR*I*x*"),
    "a claim status that is missing": with_second(b"CLP*OTHER*1*", b"CLP*OTHER**"),
}


@pytest.mark.parametrize("what", BAD_SECOND_SETS)
async def test_a_bad_set_is_held_and_its_neighbour_is_posted(
    service: ServiceUnderTest, what: str
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    answer = await upload(service, BAD_SECOND_SETS[what])
    assert answer.status_code == 201, answer.text
    good, bad = answer.json()["remittances"]
    assert (good["outcome"], bad["outcome"]) == ("posted", "held")
    assert bad["reasons"]
    report = await get(service, bad["href"])
    wrong = [one["place"] for one in report["faults"]]
    wrong += [one["name"] for one in report["equations"] if not one["holds"]]
    assert wrong
    assert len(await service.told(ClaimPaymentPosted)) == 1
    assert len(await service.told(RemittancePosted)) == 1
    items = (await get(service, "/v1/work-items?kind=remittance_held"))["items"]
    assert [one["subject_id"] for one in items] == [bad["remittance_id"]]
    assert "CANARY" not in answer.text + str(report)


WHOLE_INTERCHANGE = {
    "a wrong count of sets": (b"GE*2*", b"GE*3*"),
    "another group control number": (b"GE*2*1~", b"GE*2*7~"),
    "another interchange control number": (b"IEA*1*000000001", b"IEA*1*000000002"),
    "a wrong count of groups": (b"IEA*1*", b"IEA*2*"),
}


@pytest.mark.parametrize("what", WHOLE_INTERCHANGE)
async def test_a_broken_envelope_holds_all_that_it_held(
    service: ServiceUnderTest, what: str
) -> None:
    await know_everybody(service)
    old, new = WHOLE_INTERCHANGE[what]
    answer = await upload(service, WHOLE.replace(old, new))
    outcomes = {one["outcome"] for one in answer.json()["remittances"]}
    assert outcomes == {"held"}
    again = await upload(service, WHOLE)
    assert {one["outcome"] for one in again.json()["remittances"]} == {"posted"}


NO_835 = {
    "nothing": (b"", "remittance_file_unreadable"),
    "bytes": (bytes(range(256)) * 8, "remittance_file_unreadable"),
    "a packed file": (b"PK\x03\x04" + b"\x00" * 400, "remittance_file_unreadable"),
    "words": (b"Dear provider, please find the payment attached.", "remittance_file_unreadable"),
    "an interchange without sets": (
        WHOLE[: WHOLE.index(b"GS*")] + b"IEA*0*000000001~",
        "no_remittance_in_file",
    ),
}


@pytest.mark.parametrize("what", NO_835)
async def test_a_file_that_is_no_835_is_kept_and_refused(
    service: ServiceUnderTest, what: str, tmp_path: Path
) -> None:
    content, code = NO_835[what]
    answer = await upload(service, content)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["errors"][0]["fix"]
    async with service.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(work.schema_tables.raw_files.select())
        assert len(rows.all()) == 1
    file = InboundFile(organization_id=ORGANIZATION, connection="c", name="f", content=content)
    with pytest.raises((RemittanceFileUnreadable, NoRemittanceInFile)):
        await take_file(service.context, file)


async def test_a_mailbox_file_is_taken_once_however_often_it_comes(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    file = InboundFile(
        organization_id=ORGANIZATION, connection="clearinghouse", name="f.835", content=WHOLE
    )
    await take_file(service.context, file)
    await take_file(service.context, file)
    first, second = await service.told(RemittanceReceived)
    assert isinstance(first, RemittanceReceived)
    assert (first.source, first.mailbox) == ("mailbox", "clearinghouse")
    assert first.trace_number != second.trace_number  # type: ignore[attr-defined]


async def test_the_same_content_in_another_envelope_is_known_already(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    report = await post(service, a_remittance(a_payment()))
    remittance_id = report["remittances"][0]["remittance_id"]
    same = an_835(a_remittance(a_payment()), control=77, line_break="\r\n")
    for content in (same, same.replace(b"*", b"|").replace(b"~", b"\x1d")):
        answer = await upload(service, content)
        assert answer.status_code == 200
        (known,) = answer.json()["remittances"]
        assert (known["outcome"], known["remittance_id"]) == ("known_already", remittance_id)
    assert len(await service.told(RemittancePosted)) == 1


async def test_twenty_uploads_at_once_post_once(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    files = [an_835(a_remittance(a_payment()), control=number) for number in range(1, 21)]
    answers = await asyncio.gather(*(upload(service, one) for one in files))
    outcomes = sorted(one.json()["remittances"][0]["outcome"] for one in answers)
    assert outcomes == ["known_already"] * 19 + ["posted"]
    assert len({one.json()["remittances"][0]["remittance_id"] for one in answers}) == 1
    assert len(await service.told(ClaimPaymentPosted)) == 1


async def test_the_same_key_with_other_content_is_held_as_a_contradiction(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment()))
    answer = await upload(service, an_835(a_remittance(a_payment("90", "50", "CO-45 40"))))
    (held,) = answer.json()["remittances"]
    assert (held["outcome"], held["reasons"]) == ("held", ["duplicate"])
    (told,) = await service.told(RemittanceHeld)
    assert isinstance(told, RemittanceHeld)
    assert told.reasons == ("duplicate",)


async def test_a_trace_may_come_again_where_nothing_was_paid(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment("100", "0", "CO-197 100"), trace="ZERO"))
    await post(service, a_remittance(a_payment("90", "0", "CO-197 90"), trace="ZERO"))
    assert len(await service.told(RemittancePosted)) == 2


UNKNOWN = {
    "unknown_payer": {
        "payer": a_paying_party("SOMEBODY ELSE"),
        "trace_originator": "1777777777",
    },
    "ambiguous_payer": {"payer": a_paying_party("HARVEST SUPPLEMENT")},
    "unknown_payee": {
        "payee": Party(entity="PE", name="X", identifier_qualifier="XX", identifier="1999999984")
    },
}


@pytest.mark.parametrize("reason", UNKNOWN)
async def test_a_payer_or_payee_that_is_not_known_holds_all_of_it(
    service: ServiceUnderTest, reason: str
) -> None:
    await know_everybody(service)
    content = an_835(a_remittance(a_payment(), **UNKNOWN[reason]))
    answer = await upload(service, content)
    (held,) = answer.json()["remittances"]
    assert held["reasons"] == [reason]
    received, told = await service.told()
    assert isinstance(received, RemittanceReceived)
    assert received.balanced
    assert isinstance(told, RemittanceHeld)


async def test_an_unbalanced_remittance_is_told_with_its_equation(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    payment = a_payment()
    await upload(service, an_835(a_remittance(payment, payment_cents=51_00)))
    received, held = await service.told()
    assert isinstance(received, RemittanceReceived)
    assert isinstance(held, RemittanceHeld)
    assert (received.balanced, received.failing_equation) == (False, "transaction")
    assert (held.failing_equation, held.difference_cents) == ("transaction", -1_00)


async def test_what_a_payer_corrects_takes_the_place_of_what_did_not_sum_up(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    wrong = a_remittance(a_payment("100", "50", "CO-45 21, PR-1 30"))
    answer = await upload(service, an_835(wrong))
    assert answer.json()["remittances"][0]["reasons"] == ["unbalanced"]
    await post(service, a_remittance(a_payment()))


async def test_plb_of_an_unknown_code_goes_to_suspense_and_to_a_person(
    service: ServiceUnderTest,
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    content = an_835(a_remittance(a_payment(), adjustments=(plb("CS", "5", "CANARYREF"),)))
    answer = await upload(service, content.replace(b"*CS:", b"*Q9:"))
    assert answer.json()["remittances"][0]["outcome"] == "posted", answer.text
    (listed,) = (await get(service, "/v1/provider-adjustments"))["items"]
    assert (listed["account"], listed["reference"]) == ("suspense", "CANARYREF")
    items = (await get(service, "/v1/work-items?kind=provider_adjustment_review"))["items"]
    assert len(items) == 1
