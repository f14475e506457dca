"""SNIP 4 of the 835: signs of a reversal, the patient's share, days, carriers, bank facts."""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12.amounts import text_of_cents
from cleanclaim.x12.checking import rules
from cleanclaim.x12.checking.scene import Complaint, Scene, Seen, blocks, every, first
from cleanclaim.x12.reporting import Place

REVERSED = "22"
PREDETERMINED = "25"
FORWARDED = {"19", "20", "21", "23"}
BY_BANK = {"ACH", "BOP", "FWT"}  # BPR04
BANK_PLACES = (6, 7, 8, 9, 10, 12, 13, 14, 15)
FORMAT_PLACE = 5  # of an ACH alone


def judge_head(scene: Scene) -> Iterator[Complaint]:
    """The head of a remittance."""
    payment = first(scene.above, "", "BPR")
    if payment is None or payment.text(4) not in BY_BANK:
        return
    wanted = (FORMAT_PLACE, *BANK_PLACES) if payment.text(4) == "ACH" else BANK_PLACES
    for element in wanted:
        if not payment.text(element):
            message = f"the payment goes by {payment.text(4)}: BPR{element:02d} must be sent"
            yield Complaint(rules.BANK_FACTS, message, payment, Place(element))


def judge_payment(scene: Scene) -> Iterator[Complaint]:
    """Loop 2100 and its lines."""
    claim = first(scene.inside, "2100", "CLP")
    if claim is None:
        return
    status = claim.text(2)
    yield from _signs(claim, status)
    if status not in {REVERSED, PREDETERMINED}:
        yield from _share(claim, scene)
    if status in FORWARDED and first(scene.inside, "2100", "NM1", "TT") is None:
        message = f"CLP02 is {status}, forwarded: the carrier it went to must be sent in NM1*TT"
        yield Complaint(rules.CROSSOVER, message, claim)
    if status != PREDETERMINED:
        yield from _days(claim, scene)
    for line in every(scene.inside, "2110", "SVC"):
        if line.text(6) and line.segment.components(6)[:2] == line.segment.components(1)[:2]:
            message = "SVC06 is the procedure of SVC01: send it only where another was submitted"
            yield Complaint(rules.SUBMITTED_SAME, message, line, Place(6))


def _signs(claim: Seen, status: str) -> Iterator[Complaint]:
    if status == REVERSED:
        for element in (3, 4):
            if claim.cents(element) > 0:
                message = f"CLP02 is 22, a reversal: CLP{element:02d} must be the old one negated"
                place = Place(element, data_element="782", value=claim.text(element))
                yield Complaint(rules.REVERSAL_SIGN, message, claim, place)
    elif claim.cents(3) < 0:
        message = "CLP03 is negative but the claim no reversal: CLP02 must be 22"
        place = Place(3, data_element="782", value=claim.text(3))
        yield Complaint(rules.CHARGE_SIGN, message, claim, place)


def _share(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    """CLP05 is what the CAS of group PR add up to, in the claim and its lines."""
    owed = sum(
        adjusted.cents(element)
        for adjusted in every(scene.inside, "21", "CAS", "PR")
        for element in (3, 6, 9, 12, 15, 18)
    )
    if claim.cents(5) != owed:
        message = (
            f"CLP05 is {text_of_cents(claim.cents(5))} but the adjustments of group PR add up to"
            f" {text_of_cents(owed)}"
        )
        place = Place(5, data_element="782", value=claim.text(5))
        yield Complaint(rules.PATIENT_SHARE, message, claim, place)


def _days(claim: Seen, scene: Scene) -> Iterator[Complaint]:
    has_period = first(scene.inside, "2100", "DTM", "232") is not None
    lines = blocks(scene.inside, ("2110", "SVC"), ("2110",))
    if not lines and not has_period:
        message = "a claim without lines tells its days: DTM*232 must be sent"
        yield Complaint(rules.SERVICE_DAY, message, claim)
    for line in lines:
        told = {one.text(1) for one in every(line, "2110", "DTM")}
        if not told & {"150", "151", "472"} and not has_period:
            message = "neither the line nor the claim tells a day: DTM*472 or DTM*232 must be sent"
            yield Complaint(rules.SERVICE_DAY, message, line[0])
        elif ("150" in told) != ("151" in told):
            message = "a period has two ends: DTM*150 and DTM*151 must be sent together"
            yield Complaint(rules.SERVICE_PERIOD, message, line[0])
