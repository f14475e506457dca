"""What is heard is booked once, in any order, for its own organization alone."""

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from cleanclaim.accounts import queries
from cleanclaim.accounts.domain.account import NoSuchClaim
from cleanclaim.accounts.events_in import SUBSCRIPTIONS
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.catalog import heard_by, key_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of

from .builders import (
    a_claim,
    a_deposit,
    a_match,
    a_payment,
    a_provider_adjustment,
    a_registration,
    a_reversal,
    a_self_pay_encounter,
    a_variance,
    all_rows,
    an_organization,
    an_unmatched_payment,
    named,
    the_book,
    the_open_traces,
    the_work,
)

HEARD = [subscription.model for subscription in SUBSCRIPTIONS]


def test_the_catalogue_names_exactly_what_is_heard() -> None:
    assert {entry.model for entry in heard_by("accounts")} == set(HEARD)


@pytest.mark.parametrize("model", HEARD, ids=lambda model: model.__name__)
async def test_an_example_heard_twice_changes_the_book_once(
    service: ServiceUnderTest, model: type[Fact]
) -> None:
    example = example_of(model)
    whose = example.envelope.organization_id

    async def state() -> tuple[dict[str, int], list[Fact]]:
        book = await the_book(service, whose)
        return book, await service.told(JournalPosted, organization_id=whose)

    (envelope,) = await service.deliver(example.fact, organization_id=whose)
    once = await state()
    await service.redeliver(envelope, example.fact)
    assert await state() == once
    assert await the_book(service, OTHER_ORGANIZATION) == {}


async def test_the_catalogues_payment_is_told_as_the_catalogue_shows_it(
    service: ServiceUnderTest,
) -> None:
    example = example_of(JournalPosted).fact
    await service.deliver(example_of(HEARD[5]).fact)
    (told,) = await service.told(JournalPosted)
    assert isinstance(told, JournalPosted)
    shown = [
        (one.account, one.amount_cents, one.payer_id, one.trace_number) for one in example.postings
    ]  # type: ignore[attr-defined]
    assert [
        (one.account, one.amount_cents, one.payer_id, one.trace_number) for one in told.postings
    ] == shown
    assert told.subject_id == example.subject_id  # type: ignore[attr-defined]


def _a_story() -> list[Fact]:
    return [
        an_organization(),
        a_registration(),
        a_claim("C1", 250_00),
        a_claim("C1", 260_00, version=2),
        a_claim("C2", 80_00),
        a_payment("P1"),
        a_reversal("P2", "P1"),
        a_payment(
            "P3", 184_00, (("contractual", "45", 50_00), ("patient_share", "2", 26_00)), trace="T2"
        ),
        an_unmatched_payment("P4", 30_00, "T2"),
        a_payment(
            "P4", 30_00, (("denied", "197", 50_00),), claim="C2", trace="T2", from_unapplied=True
        ),
        a_provider_adjustment("WO", -18_00, "T1"),
        a_provider_adjustment("WO", 18_00, "T2"),
        a_deposit("D1", 152_00),
        a_match("D1", 152_00, "T1"),
        a_self_pay_encounter("E1", 90_00),
        a_self_pay_encounter("E1", 95_00, 2),
        a_variance(-4_00, trace_number="T2"),
    ]


def _shuffled(facts: Sequence[Fact], seed: int) -> list[Fact]:
    """An interleaving that keeps the order of each key of each topic, as a stream does."""
    queues: dict[tuple[str, object], list[Fact]] = {}
    for fact in facts:
        family = type(fact).__module__
        queues.setdefault((family, key_of(fact)), []).append(fact)
    mixed = []
    chance = random.Random(seed)
    while queues:
        key = chance.choice(sorted(queues, key=str))
        mixed.append(queues[key].pop(0))
        if not queues[key]:
            del queues[key]
    return mixed


THE_END = {
    "bank": 152_00,
    "cash_clearing": 184_00 + 30_00 - 134_00 - 18_00 - 4_00 + 18_00 + 134_00 - 152_00,
    "contractual_allowance": 50_00,
    "gross_charges": -(260_00 + 80_00 + 95_00),
    "insurance_receivable": 50_00,
    "patient_receivable": 26_00 + 95_00,
    "variance_write_off": 4_00,
}


async def test_the_story_told_in_order_ends_as_reckoned_by_hand(service: ServiceUnderTest) -> None:
    for fact in _a_story():
        await service.deliver(fact)
        await the_book(service)  # balanced after every prefix
    assert await the_book(service) == THE_END


@pytest.mark.parametrize("seed", range(1, 9), ids=lambda seed: f"seed {seed}")
async def test_any_order_of_the_stream_ends_in_the_same_book(
    service: ServiceUnderTest, seed: int
) -> None:
    facts = _shuffled(_a_story(), seed)
    cut = seed * len(facts) // 9
    await service.deliver(*facts[:cut])
    await the_book(service)
    await service.deliver(*facts[cut:])
    assert await the_book(service) == THE_END
    assert await the_open_traces(service) == {"T2": 58_00}
    assert await the_work(service) == []


async def test_a_replay_into_empty_tables_makes_the_same_rows(service: ServiceUnderTest) -> None:
    envelopes = [(await service.deliver(fact), fact) for fact in _a_story()]
    first = await all_rows(service)
    await service.empty()
    for (envelope,), fact in envelopes:
        await service.redeliver(envelope, fact)
    assert await all_rows(service) == first


@pytest.mark.parametrize("told", range(1, 17), ids=lambda told: f"{told} facts told")
async def test_every_line_accounts_for_its_charge_after_any_prefix(
    service: ServiceUnderTest, told: int
) -> None:
    await service.deliver(*_shuffled(_a_story(), told)[:told])
    for claim in ("C1", "C2"):
        async with service.workroom.reading(ORGANIZATION) as work:
            try:
                family = await queries.claim_balance(work, named(claim))
            except NoSuchClaim:
                continue
        balances = [family.balance.total, *family.balance.by_line.values()]
        assert [one.difference_cents for one in balances] == [0] * len(balances)


async def test_a_reversal_that_comes_before_its_original_waits_for_it(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_reversal("P2", "P1"))
    assert await the_book(service) == {}
    await service.deliver(a_payment("P1"))
    assert await the_book(service) == {}  # T1 +134 and T2 -134
    first, second = await service.told(JournalPosted)
    assert isinstance(first, JournalPosted)
    assert isinstance(second, JournalPosted)
    assert second.counters_entry_id == first.entry_id
    assert {one.trace_number for one in second.postings} == {"T2", None}


async def test_what_another_organization_hears_stays_with_it(service: ServiceUnderTest) -> None:
    await service.deliver(a_claim(), organization_id=OTHER_ORGANIZATION)
    assert await the_book(service, ORGANIZATION) == {}
    assert (await the_book(service, OTHER_ORGANIZATION))["insurance_receivable"] == 250_00


async def test_a_batch_of_many_payments_takes_a_handful_of_statements(
    service: ServiceUnderTest,
) -> None:
    async def statements(count: int, offset: int) -> int:
        ran: list[str] = []
        facts = [
            a_payment(f"P{number}", claim=f"C{number}", account=f"A{number}")
            for number in range(offset, offset + count)
        ]
        engine = service.workroom.database.engine.sync_engine
        listener = lambda *arguments: ran.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        try:
            await service.deliver(*facts)
        finally:
            event.remove(engine, "before_cursor_execute", listener)
        return len(ran)

    few, many = await statements(2, 0), await statements(200, 1000)
    assert few == many <= 20


async def test_entries_are_never_changed_even_by_the_application(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim())
    for statement in (
        "UPDATE accounts.postings SET amount_cents = 0",
        "DELETE FROM accounts.journal_entries",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with service.workroom.work(ORGANIZATION) as work:
                await work.connection.execute(text(statement))


async def test_an_entry_names_what_caused_it_and_whom_it_touches(
    service: ServiceUnderTest,
) -> None:
    (envelope,) = await service.deliver(a_payment())
    (told,) = await service.told(JournalPosted)
    assert isinstance(told, JournalPosted)
    assert told.cause_event_id == envelope.event_id
    assert told.cause_event_type == "cleanclaim.remittance.ClaimPaymentPosted.v1"
    assert (told.claim_id, told.patient_account_id) == (named("C1"), named("A1"))
