"""Whole stories through running services: each test is a sentence of the billing office."""

import asyncio

from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.denials import DenialOpened
from cleanclaim.events.reconcile import DepositMatched, VarianceOpened
from cleanclaim.events.remittance import ClaimDenied, ClaimPaymentPosted, RemittanceHeld
from cleanclaim.payersim.scenario import Money, Rule

from .stories import (
    MONDAY,
    PAID_ON,
    a_scenario,
    a_story,
    a_visit,
    book,
    payer_aside,
    the_835,
    the_claim,
)


async def test_a_clean_claim_is_paid_and_banked(system):
    async with a_story(system, a_scenario(), "Clean and paid") as story:
        (sent,) = await story.clinic.send([a_visit(story, "99213", "85025")])
        assert sent.state == "ready"
        await story.settled()
        await story.submit(MONDAY)
        assert (await the_claim(story))["state"] == "accepted"
        story.day(PAID_ON)
        await story.pay(PAID_ON)

        claim = await the_claim(story)
        assert claim["state"] in {"adjudicated", "closed"}
        # 128.00 and 31.00, a quarter of each contractual, the rest paid
        assert await book(story) == {
            "bank": 119_25,
            "contractual_allowance": 39_75,
            "gross_charges": -159_00,
        }
        assert len(story.clinic.stream.of(DepositMatched)) == 1
        encounter = await story.clinic.doors.get("intake", f"/v1/encounters/{sent.encounter_id}")
        assert encounter["state"] == "billed"
        day = await story.clinic.doors.get("reconcile", f"/v1/reconciliation/days/{PAID_ON}")
        assert (day["balanced"], day["exceptions"]) == (True, [])


async def test_one_claim_is_one_story_on_the_stream(system):
    async with a_story(system, a_scenario(), "One story") as story:
        await story.clinic.send([a_visit(story)])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        (submitted,) = story.clinic.stream.of(ClaimSubmitted)
        (posted,) = story.clinic.stream.of(ClaimPaymentPosted)
        assert posted.envelope.correlation_id == submitted.envelope.correlation_id
        for one in story.clinic.stream.heard:
            said = one.fact.model_dump_json()
            assert "W000000001" not in said  # the member id stays where it is owned


async def test_a_visit_with_a_bad_code_is_held_then_fixed_then_paid(system):
    async with a_story(system, a_scenario(), "Held and fixed") as story:
        visit = a_visit(story, "99213", flaw="diagnosis not billable")
        (sent,) = await story.clinic.send([visit])
        assert sent.state == "held"
        (finding,) = [one for one in sent.answer["findings"] if one["severity"] == "error"]
        assert finding["rule_id"] == "C03"
        assert finding["pointer"].startswith("/diagnoses/0")
        await story.settled()
        assert await story.clinic.doors.every("claims", "/v1/claims") == []

        assert (await story.clinic.correct(sent, visit.before))["state"] == "ready"
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        assert await book(story) == {
            "bank": 96_00,
            "contractual_allowance": 32_00,
            "gross_charges": -128_00,
        }


async def test_a_denied_line_opens_a_case_and_stays_receivable(system):
    rule = Rule(
        name="bundled", outcome="deny", lines="85025", group="CO", reason="97", remarks=("M15",)
    )
    async with a_story(system, a_scenario(rule), "Denied line") as story:
        await story.clinic.send([a_visit(story, "99213", "85025")])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)

        (denied,) = story.clinic.stream.of(ClaimDenied)
        assert denied.fact.denied_cents == 31_00
        assert len(story.clinic.stream.of(DenialOpened)) == 1
        (case,) = await story.clinic.doors.every("denials", "/v1/denials")
        assert case["denied_cents"] == 31_00
        assert case["category"] == "bundling"
        assert case["appeal_by_on"] == "2026-09-12"  # 180 days from the decision
        # nobody writes the denied line off by posting
        assert (await book(story))["insurance_receivable"] == 31_00


async def test_the_same_remittance_posts_once_however_often_it_comes(system, tmp_path):
    scenario = a_scenario()
    async with a_story(system, scenario, "Same remittance") as story:
        await story.clinic.send([a_visit(story, "99213")])
        await story.settled()
        await story.submit(MONDAY)
        aside = payer_aside(story, tmp_path, scenario)
        aside.answer_outbound(today=MONDAY)
        story.day(PAID_ON)
        aside.pay_until(today=PAID_ON)
        content = the_835(tmp_path)
        other_ends = content.replace(b"~\n", b"~\r\n")
        other_number = content.replace(b"*000000003*", b"*000000999*").replace(
            b"*000000003~", b"*000000999~"
        )
        assert len({content, other_ends, other_number}) == 3

        async def upload(file):
            return await story.clinic.doors.send_file("remittance", "/v1/remittances", file)

        copies = [content] * 20 + [other_ends, other_number]
        answers = await asyncio.gather(*(upload(one) for one in copies))
        outcomes = [one["remittances"][0]["outcome"] for one in answers]
        assert sorted(outcomes) == ["known_already"] * 21 + ["posted"]
        assert len({one["remittances"][0]["remittance_id"] for one in answers}) == 1
        await story.settled()
        assert len(story.clinic.stream.of(ClaimPaymentPosted)) == 1
        assert await book(story) == {
            "cash_clearing": 96_00,
            "contractual_allowance": 32_00,
            "gross_charges": -128_00,
        }


async def test_an_unbalanced_remittance_is_held_whole_with_its_equation(system, tmp_path):
    scenario = a_scenario()
    async with a_story(system, scenario, "Unbalanced") as story:
        await story.clinic.send([a_visit(story, "99213"), a_visit(story, "G0439", number=2)])
        await story.settled()
        await story.submit(MONDAY)
        aside = payer_aside(story, tmp_path, scenario)
        aside.answer_outbound(today=MONDAY)
        aside.pay_until(today=PAID_ON)
        before = await book(story)
        # the payment says a dollar more than its claims
        broken = the_835(tmp_path).replace(b"BPR*I*228.19*", b"BPR*I*229.19*")
        assert broken != the_835(tmp_path)
        answer = await story.clinic.doors.send_file("remittance", "/v1/remittances", broken)
        (taken,) = answer["remittances"]
        assert taken["outcome"] == "held"
        await story.settled()
        (held,) = story.clinic.stream.of(RemittanceHeld)
        report = await story.clinic.doors.get(
            "remittance", f"/v1/remittances/{taken['remittance_id']}"
        )
        assert "transaction" in str(report)
        assert str(held.fact.remittance_id) == taken["remittance_id"]
        assert story.clinic.stream.of(ClaimPaymentPosted) == []
        assert await book(story) == before


async def test_a_deposit_short_by_a_cent_opens_a_variance(system):
    scenario = a_scenario(money=Money(short_cents={"PMH01": 1}))
    async with a_story(system, scenario, "Short by a cent") as story:
        await story.clinic.send([a_visit(story, "99213")])
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        await story.pay(PAID_ON)
        (opened,) = story.clinic.stream.of(VarianceOpened)
        assert opened.fact.kind == "deposit_short"
        assert abs(opened.fact.difference_cents) == 1
        left = await book(story)
        assert (left["bank"], left["cash_clearing"]) == (95_99, 1)
