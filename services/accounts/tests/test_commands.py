"""What a verb leaves behind: entries, and work for people where no rule can decide."""

import pytest
from sqlalchemy.exc import IntegrityError

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.accounts import JournalPosted

from .builders import (
    a_claim,
    a_payment,
    a_provider_adjustment,
    a_registration,
    a_reversal,
    a_self_pay_encounter,
    a_variance,
    an_organization,
    an_unmatched_payment,
    named,
    the_book,
    the_work,
)


async def test_a_replacement_counters_the_charges_of_the_version_before(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(charge_cents=250_00), a_claim(charge_cents=300_00, version=2))
    assert await the_book(service) == {"insurance_receivable": 300_00, "gross_charges": -300_00}
    first, second = await service.told(JournalPosted)
    assert isinstance(first, JournalPosted)
    assert isinstance(second, JournalPosted)
    assert second.counters_entry_id == first.entry_id
    assert [one.amount_cents for one in second.postings] == [-250_00, 250_00, 300_00, -300_00]


async def test_the_same_charges_sent_again_are_booked_once(service: ServiceUnderTest) -> None:
    await service.deliver(a_claim(), a_claim(version=2))
    assert len(await service.told(JournalPosted)) == 1


async def test_a_void_takes_the_charges_away(service: ServiceUnderTest) -> None:
    await service.deliver(a_claim(), a_claim(version=2, frequency_code="8"))
    assert await the_book(service) == {}


async def test_a_further_claim_for_the_same_services_brings_no_charges(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim("C1"), a_claim("C2", payer="Y", related_claim_id=named("C1")))
    assert await the_book(service) == {"insurance_receivable": 250_00, "gross_charges": -250_00}


async def test_a_version_that_a_later_one_has_overtaken_changes_nothing(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(charge_cents=300_00, version=2))
    await service.deliver(a_claim(charge_cents=250_00, version=1))
    assert await the_book(service) == {"insurance_receivable": 300_00, "gross_charges": -300_00}


async def test_an_encounter_that_turns_out_to_be_covered_leaves_the_patient_nothing_to_pay(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_self_pay_encounter())
    assert await the_book(service) == {"patient_receivable": 90_00, "gross_charges": -90_00}
    await service.deliver(a_self_pay_encounter(version=2, self_pay=False))
    assert await the_book(service) == {}


async def test_a_covered_encounter_is_not_booked(service: ServiceUnderTest) -> None:
    await service.deliver(a_self_pay_encounter(self_pay=False))
    assert await service.told(JournalPosted) == []


async def test_a_claim_sent_in_the_evening_counts_for_the_organizations_own_day(
    service: ServiceUnderTest,
) -> None:
    service.runtime.instant = service.runtime.instant.replace(day=3, hour=2)
    await service.deliver(an_organization("America/Chicago"), a_claim())
    (told,) = await service.told(JournalPosted)
    assert isinstance(told, JournalPosted)
    assert told.effective_on.isoformat() == "2026-03-02"


async def test_a_payment_whose_claim_is_found_later_leaves_unapplied_cash_at_nothing(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(), an_unmatched_payment())
    assert (await the_book(service))["unapplied_insurance_cash"] == -134_00
    await service.deliver(a_payment(from_unapplied=True))
    assert await the_book(service) == {
        "cash_clearing": 134_00,
        "contractual_allowance": 50_00,
        "gross_charges": -250_00,
        "patient_receivable": 66_00,
    }


async def test_a_credit_balance_opens_work_and_its_end_closes_it(service: ServiceUnderTest) -> None:
    await service.deliver(a_claim(charge_cents=100_00))
    await service.deliver(a_payment("P1", 100_00, ()))
    assert await the_work(service) == []
    await service.deliver(a_payment("P2", 40_00, ()))
    assert await the_work(service) == [("credit_balance", "insurance_credit", 40_00)]
    await service.deliver(a_payment("P3", 10_00, ()))
    assert await the_work(service) == [("credit_balance", "insurance_credit", 50_00)]
    await service.deliver(a_reversal("P4", "P2", -40_00), a_reversal("P5", "P3", -10_00))
    assert await the_work(service) == []


async def test_a_credit_of_one_payer_is_not_hidden_by_what_another_owes(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(
        a_claim(charge_cents=100_00),
        a_payment("P1", 80_00, (), payer="Y"),
    )
    assert await the_work(service) == [("credit_balance", "insurance_credit", 80_00)]


async def test_a_payment_before_its_claim_is_no_credit(service: ServiceUnderTest) -> None:
    await service.deliver(a_payment())
    assert await the_work(service) == []
    await service.deliver(a_claim())
    assert await the_work(service) == []


async def test_an_amount_that_nobody_decided_is_work_until_it_is_answered(
    service: ServiceUnderTest,
) -> None:
    pended = (("undecided", "133", 116_00),)
    await service.deliver(a_claim(), a_payment("P1", 134_00, pended))
    assert await the_work(service) == [("undecided_amount", "undecided", 116_00)]
    await service.deliver(a_reversal())
    assert await the_work(service) == []


async def test_a_disposition_unknown_to_this_version_stays_open_and_is_shown(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(), a_payment("P1", 134_00, (("deferred", "45", 116_00),)))
    assert (await the_book(service))["insurance_receivable"] == 116_00
    assert await the_work(service) == [("undecided_amount", "deferred", 116_00)]


async def test_a_reversal_of_other_money_counters_nothing_and_asks_a_person(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(), a_payment(), a_reversal(paid_cents=-130_00))
    book = await the_book(service)
    assert book["unapplied_insurance_cash"] == 130_00
    assert book["patient_receivable"] == 66_00
    assert ("undecided_amount", "reversal_differs", 130_00) in await the_work(service)


async def test_a_second_reversal_of_the_same_payment_counters_nothing(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(
        a_claim(), a_payment(), a_reversal("P2"), a_reversal("P3", "P1", trace="T3")
    )
    book = await the_book(service)
    assert book["insurance_receivable"] == 250_00
    assert book["unapplied_insurance_cash"] == 134_00


async def test_money_taken_without_a_reversal_is_work_until_it_is_offset(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_provider_adjustment("WO", 18_00))
    assert await the_work(service) == [("open_recoupment", "taken_without_reversal", 18_00)]
    await service.deliver(a_provider_adjustment("WO", -18_00, "T2"))
    assert await the_work(service) == []


async def test_an_unknown_provider_adjustment_goes_to_suspense_and_to_a_person(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_provider_adjustment("Q9", 7_00))
    assert await the_book(service) == {"suspense": 7_00, "cash_clearing": -7_00}
    assert await the_work(service) == [("undecided_amount", "suspense", 7_00)]


async def test_a_payment_told_again_as_another_event_is_refused_and_changes_nothing(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_claim(), a_payment("P1"))
    before = await the_book(service)
    with pytest.raises(IntegrityError):
        await service.deliver(a_payment("P1"))
    assert await the_book(service) == before


async def test_a_written_off_variance_without_a_place_is_refused(
    service: ServiceUnderTest,
) -> None:
    lost = a_variance(trace_number=None, deposit_id=None, remittance_id=None)
    with pytest.raises(Exception, match="neither its trace nor its deposit"):
        await service.deliver(lost)
    assert await the_book(service) == {}


async def test_an_account_registered_twice_is_open_once(service: ServiceUnderTest) -> None:
    await service.deliver(a_registration(), a_registration())
    async with service.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(
            service.parts.metadata.tables["accounts.patient_accounts"].select()
        )
        assert len(rows.all()) == 1
