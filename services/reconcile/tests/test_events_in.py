"""What reconcile does about each fact it hears: once, whatever comes first, for its own alone."""

from uuid import UUID

import pytest

from cleanclaim.chassis.testing import OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.catalog import heard_by
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.reconcile import DepositMatched, VarianceOpened, VarianceResolved
from cleanclaim.reconcile.events_in import SUBSCRIPTIONS
from cleanclaim.reconcile.store import METADATA

from .builders import (
    ALL,
    PRAIRIE,
    a_bank_file,
    a_credit,
    a_payer,
    a_remittance,
    an_account,
    an_organization,
    booked,
    posted,
    read,
    send,
    trn,
)


async def rows(
    service: ServiceUnderTest, organization_id: UUID
) -> dict[str, list[tuple[object, ...]]]:
    """Every row of reconcile's own tables."""
    own = METADATA.info["platform"]
    ours = [table for table in METADATA.sorted_tables if table not in vars_of(own)]
    async with service.workroom.reading(organization_id) as work:
        return {
            table.name: [tuple(row) for row in await work.connection.execute(table.select())]
            for table in ours
        }


def vars_of(platform: object) -> list[object]:
    return [getattr(platform, name) for name in platform.__dataclass_fields__]  # type: ignore[attr-defined]


def test_it_hears_what_the_catalogue_says() -> None:
    ours = {subscription.entry.type for subscription in SUBSCRIPTIONS}
    assert ours == {entry.type for entry in heard_by("reconcile")}


@pytest.mark.parametrize("entry", heard_by("reconcile"), ids=lambda entry: entry.name)
async def test_an_example_heard_twice_changes_nothing_more(
    service: ServiceUnderTest, entry: object
) -> None:
    heard = example_of(entry.model)  # type: ignore[attr-defined]
    organization_id = heard.envelope.organization_id
    (envelope,) = await service.deliver(heard.fact, organization_id=organization_id)
    once = await rows(service, organization_id)
    told = await service.told(organization_id=organization_id)
    await service.redeliver(envelope, heard.fact)
    assert await rows(service, organization_id) == once
    assert await service.told(organization_id=organization_id) == told


async def test_another_organization_sees_none_of_it(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(an_organization(), a_payer(), a_remittance())
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    async with service.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        for path in ("deposits", "matches", "variances", "bank-accounts", "bank-statements"):
            assert (await client.get(f"/v1/{path}")).json()["items"] == []
        day = (await client.get("/v1/reconciliation/days/2026-03-02")).json()
    assert (day["remitted_cents"], day["deposited_cents"], day["balanced"]) == (0, 0, True)


async def test_a_deposit_waits_for_its_remittance(service: ServiceUnderTest) -> None:
    await an_account(service)
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    assert await service.told(DepositMatched) == []
    await service.deliver(a_remittance())
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert (match.amount_cents, match.unexplained_cents, match.inferred) == (150_00, 0, False)


async def test_a_match_is_told_on_the_thread_of_its_remittance(service: ServiceUnderTest) -> None:
    await an_account(service)
    (envelope,) = await service.deliver(a_remittance())
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    timeline = await read(service, f"/v1/deposits/{deposit['id']}/timeline")
    recorded, matched = timeline["items"]
    assert matched["correlation_id"] == str(envelope.correlation_id)
    assert matched["caused_by"] == str(envelope.event_id)
    assert recorded["correlation_id"] != matched["correlation_id"]


async def test_a_payer_known_only_when_posted_lets_the_money_in(service: ServiceUnderTest) -> None:
    await an_account(service)
    nameless = a_remittance(payer_id=None)
    await service.deliver(nameless)
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    (deposit,) = (await read(service, "/v1/deposits"))["items"]
    assert deposit["waiting_reason"] == "payer_of_remittance_unknown"
    await service.deliver(posted(nameless, payer_id=PRAIRIE))
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert match.parts[0].payer_id == PRAIRIE


async def test_a_payer_configured_later_recognizes_waiting_money(service: ServiceUnderTest) -> None:
    await an_account(service)
    await service.deliver(a_remittance())
    await send(service, a_bank_file(a_credit(text="HCCLAIMPMT CO ID: 1999999999")))
    assert await service.told(DepositMatched) == []
    await service.deliver(a_payer())
    (match,) = await service.told(DepositMatched)
    assert isinstance(match, DepositMatched)
    assert match.inferred


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)], ids=str)
async def test_whatever_comes_first_the_day_is_the_same(
    service: ServiceUnderTest, order: tuple[int, ...]
) -> None:
    one, two = a_remittance("one"), a_remittance("two", payment_cents=20_00)
    facts: list[Fact] = [one, posted(one), two, booked(one)]
    await an_account(service)
    await send(service, a_bank_file(a_credit(text=trn("EFTONE"))))
    for place in order:
        await service.deliver(facts[place])
    day = await read(service, "/v1/reconciliation/days/2026-03-02")
    assert (day["remitted_cents"], day["posted_cents"], day["booked_cents"]) == (
        17000,
        15000,
        15000,
    )
    assert (day["banked_cents"], day["awaited_cents"]) == (15000, 2000)
    assert len(await service.told(DepositMatched)) == 1


async def test_a_posting_that_falls_short_closes_when_it_is_whole(
    service: ServiceUnderTest,
) -> None:
    remittance = a_remittance()
    await service.deliver(an_organization(), remittance)
    service.runtime.move(days=10)
    async with service.client(ALL) as client:
        await client.post("/v1/reconciliation:run", json={})
    kinds = [fact.kind for fact in await service.told(VarianceOpened)]  # type: ignore[attr-defined]
    assert sorted(kinds) == ["remittance_incomplete", "remittance_without_deposit"]
    await service.deliver(posted(remittance))
    (resolved,) = await service.told(VarianceResolved)
    assert isinstance(resolved, VarianceResolved)
    assert (resolved.kind, resolved.outcome) == ("remittance_incomplete", "corrected")


async def test_the_last_word_of_a_posting_stands(service: ServiceUnderTest) -> None:
    remittance = a_remittance()
    partly = posted(remittance, unmatched_paid_cents=1)
    await service.deliver(remittance, partly, posted(remittance))
    assert (await read(service, "/v1/reconciliation/days/2026-03-02"))["posted_cents"] == 150_00
