"""Interchange acknowledgements to TA1 segments."""

from __future__ import annotations

from collections.abc import Sequence

from cleanclaim.x12.acknowledgements import InterchangeAcknowledgement
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.ta1 import faults_of
from cleanclaim.x12.writer import Builder, Envelope


def build_ta1(
    acknowledgements: Sequence[InterchangeAcknowledgement], *, envelope: Envelope
) -> bytes:
    """Write an interchange of TA1 segments and no group. Raises `Unwritable`."""
    if not acknowledgements:
        raise Unwritable("a TA1 needs an interchange to acknowledge: give one at least")
    builder = Builder(envelope)
    write_ta1(builder, acknowledgements)
    return builder.to_bytes()


def write_ta1(builder: Builder, acknowledgements: Sequence[InterchangeAcknowledgement]) -> None:
    """TA1 segments, before any group. An ISA of no day or time is answered with our own."""
    at = builder.envelope.prepared_at
    for answer in acknowledgements:
        day = answer.created_on or at.date()
        texts = [
            "TA1",
            answer.interchange_control_number,
            f"{day:%y%m%d}",
            answer.created_time or f"{at:%H%M}",
            answer.status,
            answer.note,
        ]
        for _, message in faults_of(Segment(texts, builder.envelope.delimiters)):
            raise Unwritable(message)
        builder.segment(*texts)
