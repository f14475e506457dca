"""Posts one remittance that may be posted: its claim payments, then its provider adjustments."""

from collections.abc import Sequence
from uuid import UUID

from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.remittance import events_out, store
from cleanclaim.remittance.commands import judging, subledger
from cleanclaim.remittance.domain.claim_reference import digest
from cleanclaim.remittance.domain.directory import PayerReference, recognise_carrier
from cleanclaim.remittance.domain.kept import KeptRemittance, Statement, Tally
from cleanclaim.remittance.domain.posting import Answer, Noted, Posted, Verdict, Waiting
from cleanclaim.remittance.domain.remittance import Head


async def post_remittance(
    work: Work,
    *,
    vault: Vault,
    kept: KeptRemittance,
    head: Head,
    known_payers: Sequence[PayerReference],
) -> Tally:
    """Post all of a remittance and tell it: each claim payment, each PLB, then the totals.

    Statements do not grow with the number of claims; the remittance's own row is there already.
    """
    statement = statement_of(kept, head)
    answers = _answers(kept, head, known_payers)
    numbers = {one.payment.patient_control_number for one in answers}
    references = await store.references_by_control_number(work, numbers)
    cases = await judging.open_cases(
        work, references=[one for found in references.values() for one in found]
    )
    verdicts = await cases.judge_all(
        work, [(one, judging.bearing(references, one)) for one in answers]
    )
    sealed = await _sealed(work, vault, verdicts)
    await store.add_verdicts(work, verdicts, sealed)
    tally = await _tell_all(work, verdicts, statement)
    posted = [one for one in verdicts if isinstance(one, Posted)]
    await judging.open_troubles(work, posted=posted, about={kept.remittance_id: statement})
    waiting = [one for one in verdicts if isinstance(one, Waiting)]
    await judging.open_waiting(work, waiting=waiting, statement=statement)
    touched = {
        one.decision.reference.claim_id: one.decision.reference
        for one in posted
        if not one.decision.is_reversal
    }
    await judging.retry_reversals(work, cases=cases, references=touched)
    await subledger.post_adjustments(work, vault=vault, kept=kept, head=head)
    work.tell(events_out.posted(kept, head, tally))
    return tally


def statement_of(kept: KeptRemittance, head: Head) -> Statement:
    """What its claim payments need to know of a remittance whose payer was recognised."""
    if kept.payer_id is None:
        raise AssertionError
    return Statement(
        remittance_id=kept.remittance_id,
        payer_id=kept.payer_id,
        trace_number=head.trace_number,
        payment_method=head.method,
        paid_on=head.paid_on,
        adjudicated_on=head.produced_on or head.paid_on,
        received_at=kept.received_at,
    )


def _answers(
    kept: KeptRemittance, head: Head, known_payers: Sequence[PayerReference]
) -> list[Answer]:
    if kept.payer_id is None:
        raise AssertionError
    answers = []
    for payment in kept.remittance.payments:
        carrier = payment.carrier
        carrier_id = (
            recognise_carrier(carrier.identifier, carrier.name, known_payers, head.paid_on)
            if carrier
            else None
        )
        answers.append(
            Answer(
                claim_payment_id=events_out.claim_payment_id(kept.remittance_id, payment.position),
                remittance_id=kept.remittance_id,
                payer_id=kept.payer_id,
                payment=payment,
                carrier_id=carrier_id,
            )
        )
    return answers


async def _sealed(
    work: Work, vault: Vault, verdicts: Sequence[Verdict]
) -> dict[UUID, store.Sealed]:
    sealed = {}
    for verdict in verdicts:
        if not isinstance(verdict, Waiting):
            continue
        row_id = verdict.answer.claim_payment_id
        number = verdict.answer.payment.patient_control_number
        place = Place("claim_payments", "control_sealed", row_id)
        sealed[row_id] = store.Sealed(
            digest(work.organization_id, "control", number),
            await vault.seal(work, place, number.encode()),
        )
    return sealed


async def _tell_all(work: Work, verdicts: Sequence[Verdict], statement: Statement) -> Tally:
    tally = Tally()
    for number, verdict in enumerate(verdicts, 1):
        if number % judging.AT_A_STRETCH == 0:
            await work.runtime.sleep(0)
        if isinstance(verdict, Posted):
            judging.tell_posted(work, verdict, statement)
            _count(tally, verdict)
        elif isinstance(verdict, Noted):
            tally.noted_count += 1
        else:
            work.tell(events_out.unmatched(verdict, statement))
            tally.unmatched(verdict.answer.payment.paid_cents)
    return tally


def _count(tally: Tally, posted: Posted) -> None:
    paid = posted.decision.payment.paid_cents
    if posted.superseded is not None:
        tally.taken_back(posted.superseded.payment.paid_cents)
    if posted.decision.is_reversal:
        tally.taken_back(paid)
    else:
        tally.posted(paid)
    tally.denied_count += posted.denial is not None
