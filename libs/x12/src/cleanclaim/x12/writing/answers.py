"""Acknowledgements to a 999 and claim acknowledgements to a 277CA."""

from __future__ import annotations

from collections.abc import Sequence

from cleanclaim.x12.acknowledgements import (
    AcknowledgedClaim277CA,
    AcknowledgedProvider,
    AcknowledgedSet,
    Acknowledgement999,
    ClaimAcknowledgement277CA,
    ClaimStatus,
    InterchangeAcknowledgement,
    SegmentError,
)
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import Party
from cleanclaim.x12.writer import Builder, Element, Envelope, Written, arranged
from cleanclaim.x12.writing import facts
from cleanclaim.x12.writing.ta1 import write_ta1

KIND = "277CA"
SET_CODES = 5  # IK502 to IK506, AK905 to AK909


def build_999(
    acknowledgements: Sequence[Acknowledgement999],
    *,
    envelope: Envelope,
    interchanges: Sequence[InterchangeAcknowledgement] = (),
) -> bytes:
    """Write one 999 set for each group acknowledged, after a TA1 for each of `interchanges`.

    Raises `Unwritable`.
    """
    if not acknowledgements:
        raise Unwritable("a 999 needs a group to acknowledge: give one at least")
    builder = Builder(envelope)
    write_ta1(builder, interchanges)
    for answer in acknowledgements:
        builder.open_set("999")
        builder.segment("AK1", answer.functional_code, answer.group_control_number, answer.version)
        for answered in answer.sets:
            _write_set(builder, answered)
        counts = (answer.sets_included, answer.sets_received, answer.sets_accepted)
        builder.segment("AK9", answer.status, *map(str, counts), *answer.codes[:SET_CODES])
    return builder.to_bytes()


def _write_set(builder: Builder, answered: AcknowledgedSet) -> None:
    builder.segment("AK2", answered.identifier, answered.control_number, answered.version)
    for error in answered.segment_errors:
        _write_segment_error(builder, error)
    builder.segment("IK5", answered.status, *answered.codes[:SET_CODES])


def _write_segment_error(builder: Builder, error: SegmentError) -> None:
    builder.segment("IK3", error.segment_id, str(error.segment_number), error.loop, error.code)
    for context in error.contexts:
        builder.segment("CTX", *_context(builder, context))
    for fault in error.element_errors:
        spot = (
            str(fault.element),
            str(fault.component) if fault.component else "",
            str(fault.repetition) if fault.repetition else "",
        )
        builder.segment("IK4", spot, fault.data_element, fault.code, fault.value)
        for context in fault.contexts:
            builder.segment("CTX", *_context(builder, context))


def _context(builder: Builder, text: str) -> list[Element]:
    """A context as `x999.context_of` reads it; composites are told by the component separator."""
    marks = builder.envelope.delimiters
    return [
        tuple(element.split(marks.component)) if marks.component in element else element
        for element in text.split(marks.element)
    ]


def build_277ca(answer: ClaimAcknowledgement277CA, *, envelope: Envelope) -> bytes:
    """Write a claim acknowledgement; claims stand under their provider. Raises `Unwritable`."""
    builder = Builder(envelope)
    builder.open_set(KIND)
    at = envelope.prepared_at
    created_on = answer.created_on or at.date()
    created_time = answer.created_time or at.strftime("%H%M")
    builder.segment("BHT", "0085", "08", answer.reference, facts.on(created_on), created_time, "TH")
    tree = _Tree(builder)
    source = tree.level(0, "20", "1")
    _write_name(builder, answer.source)
    builder.segment("TRN", "1", answer.source_trace)
    builder.segment("DTP", "050", "D8", facts.on(answer.received_on))
    builder.segment("DTP", "009", "D8", facts.on(answer.processed_on))
    providers = _providers(answer)
    receiver = tree.level(source, "21", "1" if providers else "0")
    _write_name(builder, answer.receiver)
    builder.segment("TRN", "2", answer.trace)
    builder.segments(map(_status, answer.statuses))
    builder.segments(_totals(answer, ("90", "AA")))
    for provider, claims in providers:
        _write_provider(tree, receiver, provider, claims)
    return builder.to_bytes()


class _Tree:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.count = 0

    def level(self, parent: int, code: str, child: str) -> int:
        self.count += 1
        above = str(parent) if parent else ""
        self.builder.segment("HL", str(self.count), above, code, child)
        return self.count


def _providers(
    answer: ClaimAcknowledgement277CA,
) -> list[tuple[AcknowledgedProvider, list[AcknowledgedClaim277CA]]]:
    """The providers of the head, then those only claims name, each with its claims."""
    found = [(provider, list[AcknowledgedClaim277CA]()) for provider in answer.providers]
    for claim in answer.claims:
        for provider, claims in found:
            if provider is claim.provider or provider == claim.provider:
                claims.append(claim)
                break
        else:
            found.append((claim.provider, [claim]))
    return found


def _write_name(builder: Builder, party: Party) -> None:
    builder.segment(*facts.name(party))


def _status(status: ClaimStatus) -> Written:
    codes: list[Element] = [(code.category, code.status, code.entity) for code in status.codes]
    if not 1 <= len(codes) <= 3:
        raise Unwritable("STC holds one to three status codes: give so many")
    more: list[Element] = [*codes[1:], "", ""][:2]
    effective, charge = facts.on(status.effective_on), facts.cents(status.amount_cents)
    first: Written = ["STC", codes[0], effective, status.action, charge]
    return [*first, "", "", "", "", "", *more, status.message]


def _totals(
    answer: ClaimAcknowledgement277CA | AcknowledgedProvider, qualifiers: tuple[str, str]
) -> list[Written]:
    counts = zip(qualifiers, (answer.accepted_count, answer.rejected_count), strict=True)
    sums = zip(("YU", "YY"), (answer.accepted_cents, answer.rejected_cents), strict=True)
    written: list[Written] = [["QTY", q, str(count)] for q, count in counts if count is not None]
    written += [["AMT", q, facts.cents(cents)] for q, cents in sums if cents is not None]
    return written


def _write_provider(
    tree: _Tree,
    receiver: int,
    provider: AcknowledgedProvider,
    claims: list[AcknowledgedClaim277CA],
) -> None:
    builder = tree.builder
    number = tree.level(receiver, "19", "1")
    _write_name(builder, provider.party)
    builder.segment("TRN", "1", provider.trace or "0")
    builder.segments(map(_status, provider.statuses))
    builder.segments(map(facts.reference, provider.references))
    builder.segments(_totals(provider, ("QA", "QC")))
    patient: Party | None = None
    for claim in claims:
        if claim.patient != patient:
            patient = claim.patient
            tree.level(number, "PT", "")
            _write_name(builder, patient)
        _write_claim(builder, claim)


def _write_claim(builder: Builder, claim: AcknowledgedClaim277CA) -> None:
    written: list[Written] = [["TRN", "2", claim.patient_control_number]]
    written += map(_status, claim.statuses)
    written += map(facts.reference, claim.references)
    written += map(facts.period, claim.dates)
    builder.segments(arranged(KIND, "2200D", written))
    for line in claim.lines:
        procedure = facts.procedure(line.procedure)
        charge, units = facts.cents(line.charge_cents), facts.number(line.units)
        written = [["SVC", procedure, charge, "", line.revenue_code, "", "", units]]
        written += map(_status, line.statuses)
        written += map(facts.reference, line.references)
        written += map(facts.period, line.dates)
        builder.segments(arranged(KIND, "2220D", written))
