"""Posting is set-based and all or nothing: what many claims cost, and what a crash leaves."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from cleanclaim.chassis.runtime import FailPoint, derived_id
from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.events.remittance import ClaimPaymentPosted, RemittancePosted

from .builders import (
    CLAIM,
    a_claim,
    a_payment,
    a_remittance,
    an_835,
    get,
    know_everybody,
    post,
    upload,
)


@contextmanager
def counted(service: ServiceUnderTest) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = service.workroom.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_many_claims_cost_no_more_statements_than_few(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    cost = {}
    for count in (3, 60):
        claims = [
            a_claim(claim_id=derived_id(CLAIM, f"{count} {n}"), control=f"N{count}X{n}")
            for n in range(count)
        ]
        await service.deliver(*claims)
        # every third one finds no claim
        payments = [
            a_payment(control=f"N{count}X{n}" if n % 3 else f"OLD{count}{n}") for n in range(count)
        ]
        with counted(service) as statements:
            await post(service, a_remittance(*payments, trace=f"T{count}"))
        cost[count] = len(statements)
    assert cost[60] <= cost[3]


async def test_a_crash_in_the_middle_leaves_nothing_and_the_next_run_posts_all(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    content = an_835(a_remittance(a_payment(), a_payment(control="OLD")))
    seen: list[FailPoint] = []

    def die_at_the_second(point: FailPoint) -> None:
        seen.append(point)
        if seen.count(FailPoint.POSTING_EVERY_CLAIM) == 2:
            raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(service.runtime, "fail_point", die_at_the_second)
        assert (await upload(service, content)).status_code == 500
    assert await service.told() == []
    assert (await get(service, "/v1/remittances"))["items"] == []
    answer = await upload(service, content)
    assert answer.json()["remittances"][0]["outcome"] == "posted"
    assert len(await service.told(ClaimPaymentPosted)) == 1


async def test_the_totals_say_what_was_told(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await service.deliver(a_claim())
    await post(service, a_remittance(a_payment()))
    back = a_payment("-100", "-50", "CO-45 -20, PR-1 -30", status="22")
    again = a_payment("100", "80", "CO-45 20")
    unknown = a_payment("90", "70", "CO-45 20", control="OLD")
    await post(service, a_remittance(back, again, unknown, trace="T2"))
    closed = (await service.told(RemittancePosted))[-1]
    assert isinstance(closed, RemittancePosted)
    assert (closed.posted_paid_cents, closed.reversed_paid_cents, closed.unmatched_paid_cents) == (
        80_00, -50_00, 70_00,
    )  # fmt: skip
    told = closed.posted_paid_cents + closed.reversed_paid_cents + closed.unmatched_paid_cents
    assert told == closed.total_paid_cents == closed.payment_cents
