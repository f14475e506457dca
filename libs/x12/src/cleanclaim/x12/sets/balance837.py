"""The balancing of a claim (SNIP 3): lines against the total, and what other payers decided.

005010X222A1 and 005010X223A2, section 1.4.4: a payer's payment is the charge less its adjustments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cleanclaim.x12 import rules
from cleanclaim.x12.amounts import text_of_cents
from cleanclaim.x12.claims import Claim837, OtherSubscriber, ServiceLine837
from cleanclaim.x12.reporting import WHOLE, Place, Rule

Complaint = tuple[Rule, str, Place]
PAYER_PAID = "D"  # AMT01 of loop 2320


def check_claim(claim: Claim837) -> Iterator[Complaint]:
    """All that does not add up in one claim; amounts may stand in a message, names never."""
    lines = claim.service_lines
    if not lines:
        return
    total = sum([line.charge_cents for line in lines])  # a list: it is quicker
    if total != claim.charge_cents:
        charge = text_of_cents(claim.charge_cents)
        message = (
            f"CLM02 is {charge} but its {len(lines)} service line(s) add"
            f" up to {text_of_cents(total)}: mend the total or the line charges"
        )
        yield rules.CLAIM_LINES, message, Place(2, data_element="782", value=charge)
    numbers = [
        reference.value
        for line in lines
        for reference in line.references
        if reference.qualifier == "6R"
    ]
    if len(numbers) != len(set(numbers)):
        message = "a line item control number (REF*6R) stands twice in the claim: number anew"
        yield rules.DUPLICATE_LINE, message, WHOLE
    for other in claim.other_subscribers:
        yield from _check_payer(claim, other)
    for line in lines:
        if line.adjudications:
            yield from _check_line(line)


def _check_payer(claim: Claim837, other: OtherSubscriber) -> Iterator[Complaint]:
    """Loop 2320: AMT*D = CLM02 less the payer's adjustments of claim and lines."""
    paid = next((a.amount_cents for a in other.amounts if a.qualifier == PAYER_PAID), None)
    decided = [
        decision
        for line in claim.service_lines
        for decision in line.adjudications
        if decision.payer_identifier == other.payer.identifier
    ]
    if paid is None or not (decided or other.adjustments):
        return
    taken = sum(a.amount_cents for a in other.adjustments)
    taken += sum(a.amount_cents for decision in decided for a in decision.adjustments)
    if claim.charge_cents - taken != paid:
        message = (
            f"AMT*D of another payer is {text_of_cents(paid)} but the charge"
            f" {text_of_cents(claim.charge_cents)} less its adjustments of {text_of_cents(taken)}"
            f" is {text_of_cents(claim.charge_cents - taken)}: copy the payer's 835 whole"
        )
        yield rules.OTHER_PAYER, message, WHOLE


def _check_line(line: ServiceLine837) -> Iterator[Complaint]:
    """Loop 2430: SVD02 = line charge less its CAS, where a payer decided the line once."""
    times = Counter(decision.payer_identifier for decision in line.adjudications)
    for decision in line.adjudications:
        if times[decision.payer_identifier] > 1 or decision.bundled_line is not None:
            continue  # split or bundled: its charge is spread over several 2430
        taken = sum(adjustment.amount_cents for adjustment in decision.adjustments)
        if line.charge_cents - taken != decision.paid_cents:
            message = (
                f"SVD02 of line {line.number} is {text_of_cents(decision.paid_cents)} but the"
                f" charge {text_of_cents(line.charge_cents)} less adjustments of"
                f" {text_of_cents(taken)} is {text_of_cents(line.charge_cents - taken)}:"
                " copy the payer's 835 whole"
            )
            yield rules.OTHER_PAYER_LINE, message, WHOLE
