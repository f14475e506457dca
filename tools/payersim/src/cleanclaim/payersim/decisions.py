"""What a payer decides on a claim: from seed, scenario and the claim's own content alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cleanclaim.payersim.scenario import Payer, Rule, Scenario
from cleanclaim.x12 import Adjustment, Claim837P


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDecision:
    """One line's answer in cents: charge = paid + the adjustments."""

    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one claim, and under which rule."""

    outcome: str
    rule: str
    payer: Payer
    pays_after_days: int
    category: str = ""
    status: str = ""
    lines: tuple[LineDecision, ...] = ()

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)


PLAIN = Rule(name="paid under contract", outcome="pay")


def decide(claim: Claim837P, scenario: Scenario, *, seed: int) -> Decision:
    """The payer's decision; what nobody could adjudicate is rejected in the 277CA.

    Unknown payers (A3, status 116), claims whose lines do not add up (A7, 178) and replacements
    and voids, which this payer does not take (A7, 464), are rejected.
    """
    payer = scenario.payer(claim.payer.identifier)
    if payer is None:
        unknown = Payer(
            name=claim.payer.name, identifier=claim.payer.identifier, originating_company_id=""
        )
        return _rejected(unknown, "payer unknown", "A3", "116")
    if claim.line_total_cents != claim.charge_cents:
        return _rejected(payer, "lines do not add up", "A7", "178")
    if claim.frequency != "1":
        return _rejected(payer, "replacement not taken", "A7", "464")
    rule = next((one for one in scenario.rules if _fits(one, claim, seed)), PLAIN)
    return Decision(
        outcome=rule.outcome,
        rule=rule.name,
        payer=payer,
        pays_after_days=payer.pays_after_days + rule.later_days,
        category=rule.category,
        status=rule.status,
        lines=_lines(claim, payer, rule),
    )


def _rejected(payer: Payer, rule: str, category: str, status: str) -> Decision:
    return Decision(
        outcome="reject_277ca",
        rule=rule,
        payer=payer,
        pays_after_days=0,
        category=category,
        status=status,
    )


def thousandth(claim: Claim837P, seed: int, rule: str = "") -> int:
    """0 to 999 from what the claim says, never from its number: numbers depend on arrival."""
    said = (
        str(seed),
        rule,
        claim.subscriber.party.identifier,
        str(claim.charge_cents),
        *(f"{one.procedure.code}{one.charge_cents}{one.service_from_on}" for one in claim.lines),
    )
    digest = hashlib.sha256("|".join(said).encode()).digest()
    return int.from_bytes(digest[:4], "big") % 1000


def _fits(rule: Rule, claim: Claim837P, seed: int) -> bool:
    if rule.payer is not None and rule.payer != claim.payer.identifier:
        return False
    codes = {line.procedure.code for line in claim.lines}
    if rule.procedure is not None and rule.procedure not in codes:
        return False
    # each rule draws for itself, so that its share is the share of the claims it sees
    return thousandth(claim, seed, rule.name) < rule.share


def _lines(claim: Claim837P, payer: Payer, rule: Rule) -> tuple[LineDecision, ...]:
    decided = []
    copay = payer.copay_cents
    for line in claim.lines:
        denied = rule.outcome == "deny" and rule.lines in {"all", line.procedure.code}
        if denied:
            decided.append(_denied(line.charge_cents, rule))
            continue
        answer = _paid(line.charge_cents, payer, copay)
        copay -= sum(one.amount_cents for one in answer.adjustments if one.reason == "3")
        decided.append(answer)
    return tuple(decided)


def _denied(charge_cents: int, rule: Rule) -> LineDecision:
    adjustment = Adjustment(group=rule.group, reason=rule.reason, amount_cents=charge_cents)
    return LineDecision(paid_cents=0, adjustments=(adjustment,), remarks=rule.remarks)


def _paid(charge_cents: int, payer: Payer, copay_cents: int) -> LineDecision:
    contractual = charge_cents * payer.contractual_percent // 100
    allowed = charge_cents - contractual
    copay = min(copay_cents, allowed)
    coinsurance = (allowed - copay) * payer.coinsurance_percent // 100
    adjustments = [
        Adjustment(group=group, reason=reason, amount_cents=amount)
        for group, reason, amount in (
            ("CO", "45", contractual),
            ("PR", "2", coinsurance),
            ("PR", "3", copay),
        )
        if amount
    ]
    return LineDecision(paid_cents=allowed - copay - coinsurance, adjustments=tuple(adjustments))


def shares_of(lines: Sequence[LineDecision]) -> int:
    """What the patient owes, in cents."""
    return sum(one.amount_cents for line in lines for one in line.adjustments if one.group == "PR")
