"""Stories that do not go straight: rejected and resent, paid too early, taken back and corrected."""

from datetime import date

from cleanclaim.events.claims import ClaimRejected, ClaimSubmitted
from cleanclaim.events.denials import DenialOpened
from cleanclaim.events.remittance import (
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    ClaimPaymentUnmatched,
)
from cleanclaim.payersim.scenario import Rule

from .payers import (
    a_file,
    correction_of,
    deposit,
    for_another_claim,
    put,
    reversal_of,
    the_remittance,
)
from .stories import (
    MONDAY,
    PAID_ON,
    a_scenario,
    a_story,
    a_visit,
    book,
    the_claim,
)

TUESDAY = date(2026, 3, 3)
CORRECTED_ON = date(2026, 4, 6)
PAID = {"bank": 96_00, "contractual_allowance": 32_00, "gross_charges": -128_00}


async def test_a_rejected_claim_is_corrected_and_resent_as_an_original(system):
    # the payer knows no such procedure as the clinic first wrote down
    rule = Rule(name="unknown service", outcome="reject_277ca", procedure="99214")
    async with a_story(system, a_scenario(rule), "Rejected and resent") as story:
        wrong = a_visit(story, "99214")
        (sent,) = await story.clinic.send([wrong])
        await story.settled()
        await story.submit(MONDAY)
        claim = await the_claim(story)
        assert claim["state"] == "rejected"
        assert (await _encounter(story, sent))["state"] == "billed"
        assert len(story.clinic.stream.of(ClaimRejected)) == 1
        (todo,) = await _open_work(story, "claims", claim["id"])
        assert (todo["kind"], todo["reason"]) == ("claim_rejected", "277CA A7:562")
        assert "correct_encounter" in todo["next_actions"]
        # a rejection is no denial: the claim never entered adjudication
        assert story.clinic.stream.of(DenialOpened) == []

        right = a_visit(story, "99213")
        corrected = await story.clinic.correct(sent, right)
        assert (corrected["state"], corrected["encounter_version"]) == ("ready", 2)
        await story.settled()
        assert (await the_claim(story))["state"] == "clean"
        assert await _open_work(story, "claims", claim["id"]) == []
        story.day(TUESDAY)
        await story.submit(TUESDAY)
        accepted = await the_claim(story)
        assert (accepted["id"], accepted["state"]) == (claim["id"], "accepted")
        first, second = [one.fact for one in story.clinic.stream.of(ClaimSubmitted)]
        assert (first.claim_version, second.claim_version) == (1, 2)
        assert {first.frequency_code, second.frequency_code} == {"1"}  # an original each time
        assert (await _encounter(story, sent))["billed_version"] == 2

        story.day(PAID_ON)
        await story.pay(PAID_ON)
        story.day(date(2026, 3, 17))
        await story.pay(date(2026, 3, 17))
        assert (await the_claim(story))["state"] in {"adjudicated", "closed"}
        assert await book(story) == PAID


async def test_a_remittance_may_come_before_its_claim(system):
    async with a_story(system, a_scenario(), "Paid too early") as story:
        await story.clinic.send([a_visit(story)])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        template = the_remittance(_archived(story, "835_"))

        # a second claim is written but not sent; its payer is faster than its clinic
        await story.clinic.send([a_visit(story, number=2)])
        await story.settled()
        (waiting,) = await story.clinic.doors.every("claims", "/v1/claims", state="clean")
        claim = await story.clinic.doors.get("claims", f"/v1/claims/{waiting['id']}")
        version = claim["versions"][-1]
        early = for_another_claim(
            template.claims[0],
            control_number=version["patient_control_number"],
            line_control_number=version["lines"][0]["line_control_number"],
            payer_number="ICN000000000777",
        )
        content = a_file(template, early, paid_on=PAID_ON, trace="EFT-EARLY-1", number=501)
        put(story.clinic.mailbox, "835_early.x12", content)
        deposit(story, amount_cents=96_00, trace="EFT-EARLY-1", on=PAID_ON, number=501)
        await story.taken()
        assert len(story.clinic.stream.of(ClaimPaymentUnmatched)) == 1
        (unmatched,) = await story.clinic.doors.every("remittance", "/v1/unmatched-payments")
        assert unmatched["paid_cents"] == 96_00
        assert await book(story) == PAID | {"bank": 192_00, "unapplied_insurance_cash": -96_00}

        await story.submit(PAID_ON)
        assert await story.clinic.doors.every("remittance", "/v1/unmatched-payments") == []
        posted = [one.fact for one in story.clinic.stream.of(ClaimPaymentPosted)]
        assert [one.from_unapplied for one in posted] == [False, True]
        assert str(posted[-1].claim_id) == waiting["id"]
        assert (await _claim(story, waiting["id"]))["state"] in {"adjudicated", "closed"}
        assert await book(story) == {account: 2 * cents for account, cents in PAID.items()}
        assert await _open_work(story, "remittance", unmatched["id"]) == []


async def test_a_reversal_with_its_correction_replaces_what_was_paid(system):
    async with a_story(system, a_scenario(), "Taken back and corrected") as story:
        await story.clinic.send([a_visit(story)])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        assert await book(story) == PAID
        before = the_remittance(_archived(story, "835_"))
        (paid,) = before.claims

        # three weeks later the payer finds that ten dollars less are contractual
        story.day(CORRECTED_ON)
        content = a_file(
            before,
            reversal_of(paid),
            correction_of(paid, contractual_cents=22_00),
            paid_on=CORRECTED_ON,
            trace="EFT-SECOND-1",
            number=601,
        )
        put(story.clinic.mailbox, "835_second.x12", content)
        deposit(story, amount_cents=10_00, trace="EFT-SECOND-1", on=CORRECTED_ON, number=601)
        await story.taken()

        (reversed_,) = [one.fact for one in story.clinic.stream.of(ClaimPaymentReversed)]
        first, second = [one.fact for one in story.clinic.stream.of(ClaimPaymentPosted)]
        assert reversed_.reverses_claim_payment_id == first.claim_payment_id
        assert second.paid_cents == 106_00
        assert await book(story) == PAID | {"bank": 106_00, "contractual_allowance": 22_00}
        claim = await the_claim(story)
        assert claim["state"] in {"adjudicated", "closed"}
        balance = await story.clinic.doors.get("accounts", f"/v1/claims/{claim['id']}/balance")
        assert {key: cents for key, cents in balance.items() if key.endswith("open_cents")} == {
            key: 0 for key in balance if key.endswith("open_cents")
        }
        day = await story.clinic.doors.get("reconcile", f"/v1/reconciliation/days/{CORRECTED_ON}")
        assert (day["balanced"], day["exceptions"]) == (True, [])
        # sent once more, in an envelope of its own, it changes nothing
        again = content.replace(b"000000601", b"000000602")
        answer = await story.clinic.doors.send_file("remittance", "/v1/remittances", again)
        assert answer["remittances"][0]["outcome"] == "known_already"
        await story.settled()
        assert await book(story) == PAID | {"bank": 106_00, "contractual_allowance": 22_00}


async def _encounter(story, sent) -> dict:
    return await story.clinic.doors.get("intake", f"/v1/encounters/{sent.encounter_id}")


async def _claim(story, claim_id: str) -> dict:
    return await story.clinic.doors.get("claims", f"/v1/claims/{claim_id}")


async def _open_work(story, service: str, subject_id: str) -> list[dict]:
    items = await story.clinic.doors.every(service, "/v1/work-items", status="open")
    return [one for one in items if one["subject_id"] == subject_id]


def _archived(story, kind: str) -> bytes:
    """The one file of this kind that a service took out of the mailbox."""
    (path,) = (story.clinic.mailbox / "archive").glob(f"*{kind}*")
    return path.read_bytes()
