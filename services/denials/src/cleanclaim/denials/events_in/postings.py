"""Refusals, payments and reversals as remittance posted them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.subscriptions import Fetched
from cleanclaim.chassis.work import Work
from cleanclaim.denials import commands
from cleanclaim.denials.domain.heard import ClaimDecision
from cleanclaim.denials.domain.refusal import (
    Adjustment,
    Origin,
    Refusal,
    RefusedPart,
    whole_claim_cents,
)
from cleanclaim.denials.domain.settlement import DecidedLine, Decision
from cleanclaim.events.remittance import ClaimDenied, ClaimPaymentPosted, ClaimPaymentReversed
from cleanclaim.events.remittance.payments import Adjustment as ToldAdjustment
from cleanclaim.events.remittance.payments import DeniedLine
from cleanclaim.events.wire import Heard


async def open_denials(work: Work, heard: Sequence[Heard[ClaimDenied]], _: Fetched) -> None:
    """Open a case for each cause in what was refused."""
    await commands.open_denials(
        work,
        refusals=[
            commands.HeardRefusal(
                refusal=refusal_of(one.fact),
                cause=Cause.of(one.envelope),
                at=one.envelope.occurred_at,
            )
            for one in heard
        ],
    )


async def settle_by_payments(
    work: Work, heard: Sequence[Heard[ClaimPaymentPosted]], _: Fetched
) -> None:
    """Keep each decision; cases of earlier ones end where it pays or refuses anew."""
    await commands.record_decisions(
        work, decisions=[decision_of(one.fact) for one in heard], triggers=_triggers(heard)
    )


async def settle_by_reversals(
    work: Work, heard: Sequence[Heard[ClaimPaymentReversed]], _: Fetched
) -> None:
    """Keep each reversal; cases that the reversed decision had ended open again."""
    await commands.record_reversals(
        work,
        reversals=[
            (one.fact.claim_payment_id, one.fact.claim_id, one.fact.reverses_claim_payment_id)
            for one in heard
        ],
        triggers=_triggers(heard),
    )


def refusal_of(fact: ClaimDenied) -> Refusal:
    """The refusal in our words: its lines, and the claim as a whole where more was refused.

    Raises:
        RefusedAmountsDisagree: the lines are refused for more than the claim.
    """
    lines = [_line(line) for line in fact.lines]
    rest = whole_claim_cents(
        denied_cents=fact.denied_cents,
        line_denied_cents=sum(line.denied_cents for line in lines),
    )
    parts = [*lines, *([_whole_claim(fact, rest)] if rest else [])]
    origin = {name: getattr(fact, name) for name in Origin.__dataclass_fields__}
    return Refusal(origin=Origin(**origin), scope=fact.scope, parts=tuple(parts))


def decision_of(fact: ClaimPaymentPosted) -> ClaimDecision:
    """What a decision paid and refused, line by line."""
    on_claim = _refused(fact.adjustments)
    lines = tuple(
        DecidedLine(
            line_id=line.line_id,
            paid_cents=line.paid_cents,
            refused_cents=_refused(line.adjustments),
        )
        for line in fact.lines
    )
    return ClaimDecision(
        claim_id=fact.claim_id,
        payer_id=fact.payer_id,
        decision=Decision(
            claim_payment_id=fact.claim_payment_id,
            payment_sequence=fact.payment_sequence,
            claim_version=fact.claim_version,
            paid_cents=fact.paid_cents,
            refused_cents=on_claim + sum(line.refused_cents for line in lines),
            lines=lines,
        ),
        next_payer_id=fact.next_payer_id,
        forwarded=fact.forwarded_to_payer_id is not None,
    )


def _triggers(
    heard: Sequence[Heard[ClaimPaymentPosted] | Heard[ClaimPaymentReversed]],
) -> Mapping[UUID, commands.Trigger]:
    return {
        one.fact.claim_id: commands.Trigger(
            cause=Cause.of(one.envelope), at=one.envelope.occurred_at
        )
        for one in heard
    }


def _refused(adjustments: Iterable[ToldAdjustment]) -> int:
    return sum(one.amount_cents for one in _adjustments(adjustments) if one.refuses)


def _adjustments(told: Iterable[ToldAdjustment]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            group_code=one.group_code,
            reason_code=one.reason_code,
            amount_cents=one.amount_cents,
            disposition=one.disposition,
        )
        for one in told
    )


def _line(line: DeniedLine) -> RefusedPart:
    same: dict[str, Any] = {
        name: getattr(line, name)
        for name in (
            "line_id", "line_control_number", "procedure_code", "modifiers", "units",
            "service_from_on", "service_to_on", "charge_cents", "paid_cents", "denied_cents",
            "remark_codes",
        )
    }  # fmt: skip
    return RefusedPart(**same, whole_claim=False, adjustments=_adjustments(line.adjustments))


def _whole_claim(fact: ClaimDenied, denied_cents: int) -> RefusedPart:
    return RefusedPart(
        line_id=None,
        whole_claim=True,
        line_control_number=None,
        procedure_code=None,
        modifiers=(),
        units=None,
        service_from_on=fact.service_from_on,
        service_to_on=fact.service_to_on,
        charge_cents=fact.charge_cents,
        # the refusal does not say what the claim was paid; the decision itself does
        paid_cents=0,
        denied_cents=denied_cents,
        adjustments=_adjustments(fact.adjustments),
        remark_codes=fact.remark_codes,
    )
