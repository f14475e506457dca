"""Two at once, and answers that overtake their questions: one effect, whatever comes first."""

import asyncio
import signal
from datetime import date, datetime

from cleanclaim.x12 import Envelope, ProviderAdjustment835, build_835, parse

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, book, payer_aside, the_835
from .world import Driver, healed, judged, longer

VISITS = 6


async def _sent(story, driver) -> None:
    await driver.send(driver.visits(VISITS))
    await story.settled()
    await story.submit(MONDAY)
    story.day(PAID_ON)


def _an_835(story, folder) -> bytes:
    """What the payer owes by now, as a file in nobody's mailbox."""
    aside = payer_aside(story, folder, a_scenario())
    aside.answer_outbound(today=MONDAY)
    aside.pay_until(today=PAID_ON)
    return the_835(folder)


def _reversed(file: bytes) -> bytes:
    """The same remittance taken back under a trace of its own; what it owes is carried forward."""
    (remittance,) = parse(file).remittances
    remittance.trace_number += "R"
    remittance.method, remittance.payment_format, remittance.handling_code = "NON", "", "H"
    remittance.provider_adjustments = [
        ProviderAdjustment835(
            provider_identifier=remittance.payee.identifier,
            fiscal_period_on=date(2026, 12, 31),
            reason="FB",
            reference="CARRIED",
            amount_cents=-remittance.payment_cents,
        )
    ]
    remittance.payment_cents = 0
    for claim in remittance.claims:
        claim.status = "22"
        claim.charge_cents, claim.paid_cents = -claim.charge_cents, -claim.paid_cents
        for line in claim.lines:
            line.charge_cents, line.paid_cents = -line.charge_cents, -line.paid_cents
            line.amounts = []
            for adjustment in line.adjustments:
                adjustment.amount_cents = -adjustment.amount_cents
    envelope = Envelope(
        sender="CLEARHOUSE",
        receiver="DEMOCLINIC",
        interchange_control_number=902,
        group_control_number=902,
        prepared_at=datetime(2026, 3, 16, 9),  # noqa: DTZ001 - an envelope has no zone
        usage="T",
    )
    return build_835([remittance], envelope=envelope)


async def test_one_835_twenty_times_at_once_by_two_workers_is_posted_once(system, places, tmp_path):
    async with a_story(system, a_scenario(), "One 835 often") as story:
        driver = Driver(story, tmp_path / "journal")
        await _sent(story, driver)
        file = _an_835(story, tmp_path)
        # other line ends and another control number are the same content
        same = file.replace(b"~\n", b"~\r\n").replace(b"*000000003", b"*000000903")
        assert same != file
        with system.beside("remittance", "worker", name="remittance-worker-1"):
            inbound = story.clinic.mailbox / "inbound"
            for number in range(longer(4, 20)):
                (inbound / f"835_again_{number}.x12").write_bytes(same if number % 2 else file)
            doors = story.clinic.doors
            answers = await asyncio.gather(
                *(
                    doors.send_file("remittance", "/v1/remittances", same if one % 2 else file)
                    for one in range(longer(8, 20))
                )
            )
            await story.taken()
        assert len({one["remittances"][0]["remittance_id"] for one in answers}) == 1
        await judged(story, places, driver)
        assert (await book(story))["cash_clearing"] == VISITS * 96_00


async def test_a_payment_heard_before_its_claim_waits_and_is_posted(system, places, tmp_path):
    async with a_story(system, a_scenario(), "Payment first") as story:
        driver = Driver(story, tmp_path / "journal")
        await driver.send(driver.visits(VISITS))
        await story.settled()
        # claims commits what it sends and its relay cannot tell anybody
        system.signal("claims:worker", signal.SIGSTOP)
        try:
            await story.clinic.cut_batch()
            story.day(PAID_ON)
            file = _an_835(story, tmp_path)
            await story.clinic.doors.send_file("remittance", "/v1/remittances", file)
            waiting = await story.clinic.doors.every("remittance", "/v1/unmatched-payments")
            assert len(waiting) == VISITS
        finally:
            system.signal("claims:worker", signal.SIGCONT)
        await judged(story, places, driver)

        waiting = await story.clinic.doors.every("remittance", "/v1/unmatched-payments")
        assert waiting == []
        net = await book(story)
        assert net["cash_clearing"] == VISITS * 96_00
        assert "unapplied_insurance_cash" not in net


async def test_a_reversal_before_its_original_waits_and_both_are_posted(system, places, tmp_path):
    async with a_story(system, a_scenario(), "Reversal first") as story:
        driver = Driver(story, tmp_path / "journal")
        await _sent(story, driver)
        file = _an_835(story, tmp_path)
        doors = story.clinic.doors
        await doors.send_file("remittance", "/v1/remittances", _reversed(file))
        await healed(story)
        waiting = await doors.every("remittance", "/v1/unmatched-payments")
        assert len(waiting) == VISITS

        await doors.send_file("remittance", "/v1/remittances", file)
        await judged(story, places, driver)

        assert await doors.every("remittance", "/v1/unmatched-payments") == []
        net = await book(story)
        # charged and open again; the payer's money came and is owed back with the next payment
        assert net == {
            "insurance_receivable": VISITS * 128_00,
            "gross_charges": -VISITS * 128_00,
            "cash_clearing": VISITS * 96_00,
            "carried_balance": -VISITS * 96_00,
        }
