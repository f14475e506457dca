"""Reading of a 999: the group acknowledged, its sets, their segment and element errors."""

from __future__ import annotations

from cleanclaim.x12.acknowledgements import (
    AcknowledgedSet,
    Acknowledgement999,
    ElementError,
    SegmentError,
)
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets.reading import Reads, SetReading


class Reading999(SetReading):
    """Gives out one acknowledgement at the end of its set."""

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.acknowledgement = Acknowledgement999(functional_code="", group_control_number="")

    def finish(self) -> None:
        self.acknowledgement.position = self.span(self.start)
        self.acknowledgement.findings = list(self.findings)
        self.items.append(self.acknowledgement)

    @property
    def last_set(self) -> AcknowledgedSet | None:
        return self.acknowledgement.sets[-1] if self.acknowledgement.sets else None

    @property
    def last_error(self) -> SegmentError | None:
        last = self.last_set
        return last.segment_errors[-1] if last and last.segment_errors else None


def _group(reading: Reading999, segment: Segment) -> None:
    reading.acknowledgement.functional_code = segment.element(1)
    reading.acknowledgement.group_control_number = segment.element(2)
    reading.acknowledgement.version = segment.element(3)


def _set(reading: Reading999, segment: Segment) -> None:
    answered = AcknowledgedSet(
        identifier=segment.element(1),
        control_number=segment.element(2),
        version=segment.element(3),
    )
    reading.acknowledgement.sets.append(answered)


def _segment_error(reading: Reading999, segment: Segment) -> None:
    if (last := reading.last_set) is not None:
        error = SegmentError(
            segment_id=segment.element(1),
            segment_number=reading.whole(segment, 2) or 0,
            loop=segment.element(3),
            code=segment.element(4),
        )
        last.segment_errors.append(error)


def _element_error(reading: Reading999, segment: Segment) -> None:
    if (last := reading.last_error) is not None:
        spot = [int(part) if part.isdigit() else 0 for part in segment.components(1)] + [0, 0, 0]
        error = ElementError(
            element=spot[0],
            component=spot[1],
            repetition=spot[2],
            data_element=segment.element(2),
            code=segment.element(3),
            value=segment.element(4),
        )
        last.element_errors.append(error)


def _segment_context(reading: Reading999, segment: Segment) -> None:
    if (last := reading.last_error) is not None:
        last.contexts.append(context_of(segment))


def _element_context(reading: Reading999, segment: Segment) -> None:
    if (last := reading.last_error) is not None and last.element_errors:
        last.element_errors[-1].contexts.append(context_of(segment))


def context_of(segment: Segment) -> str:
    """A CTX as sent, without its id: e.g. `CLM01:…` or `SITUATIONAL TRIGGER*CLM*43`."""
    return segment.delimiters.element.join(segment.elements[1:])


def _set_end(reading: Reading999, segment: Segment) -> None:
    if (last := reading.last_set) is not None:
        last.status = segment.element(1)
        last.codes = [code for code in segment.elements[2:] if code]


def _group_end(reading: Reading999, segment: Segment) -> None:
    answer = reading.acknowledgement
    answer.status = segment.element(1)
    answer.sets_included = reading.whole(segment, 2) or 0
    answer.sets_received = reading.whole(segment, 3) or 0
    answer.sets_accepted = reading.whole(segment, 4) or 0
    answer.codes = [code for code in segment.elements[5:] if code]


READS: dict[tuple[str, str], Reads] = {
    ("", "AK1"): _group,
    ("2000", "AK2"): _set,
    ("2100", "IK3"): _segment_error,
    ("2100", "CTX"): _segment_context,
    ("2110", "IK4"): _element_error,
    ("2110", "CTX"): _element_context,
    ("2000", "IK5"): _set_end,
    ("", "AK9"): _group_end,
}
Reading999.reads = READS
