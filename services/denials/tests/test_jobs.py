"""What the passing of time does to cases."""

from datetime import date

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.denials import jobs
from cleanclaim.events.denials import DenialOpened, DenialResolved

from .builders import a_claim, a_denial, a_denied_line, a_paid_line, a_payer, a_payment, refused

ALL = "system/Denial.rus system/Task.r"


async def by_claim(service: ServiceUnderTest) -> list[tuple[int, int, dict[str, int]]]:
    async with service.client(ALL) as client:
        items = (await client.get("/v1/denials")).json()["items"]
    return [
        (one["priority"], one["expected_recovery_cents"], one["priority_terms"]) for one in items
    ]


async def test_a_case_grows_more_urgent_as_its_day_comes_near_and_lapses_after_it(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_payer(), a_denial())
    ((far, _, _),) = await by_claim(service)
    service.runtime.move(days=(date(2027, 3, 25) - date(2026, 3, 2)).days)
    await jobs.reassess(service.context, ORGANIZATION)
    ((near, expected, terms),) = await by_claim(service)
    assert near > far
    assert (terms["deadline"], expected) == (40, 90_00)
    service.runtime.move(days=5)
    await jobs.reassess(service.context, ORGANIZATION)
    ((lapsed, expected, terms),) = await by_claim(service)
    assert lapsed < near
    assert (terms["deadline"], terms["recoverability"], expected) == (0, 0, 0)


async def test_the_work_item_is_as_urgent_as_its_case(service: ServiceUnderTest) -> None:
    await service.deliver(a_payer(), a_denial())
    service.runtime.move(days=385)
    await jobs.reassess(service.context, ORGANIZATION)
    ((priority, _, terms),) = await by_claim(service)
    async with service.client(ALL) as client:
        (item,) = (await client.get("/v1/work-items")).json()["items"]
    assert (item["priority"], item["priority_terms"]) == (priority, terms)
    assert item["due_on"] == "2027-03-29"


async def test_a_round_reaches_every_case_and_tells_nothing(service: ServiceUnderTest) -> None:
    many = [
        a_denial(a_denied_line("L1", refused("29")), claim=f"C{number}", payment=f"P{number}")
        for number in range(12)
    ]
    await service.deliver(a_payer(), *many, a_payment(a_paid_line(), claim="C0"))
    told = await service.told(DenialOpened, DenialResolved)
    service.runtime.move(days=21)
    jobs.CLAIMS_AT_ONCE, before = 5, jobs.CLAIMS_AT_ONCE
    try:
        await jobs.reassess(service.context, ORGANIZATION)
    finally:
        jobs.CLAIMS_AT_ONCE = before
    ages = [terms["age"] for _, _, terms in await by_claim(service)]
    assert sorted(ages) == [0] + [3] * 11
    assert await service.told(DenialOpened, DenialResolved) == told


async def test_a_claim_sent_again_in_time_is_not_lost_when_the_day_passes(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_payer(), a_claim(), a_denial(), a_claim(version=2))
    service.runtime.move(days=900)
    await jobs.reassess(service.context, ORGANIZATION)
    ((_, expected, _),) = await by_claim(service)
    assert expected == 90_00
