"""Where findings are made: the reporter knows the place, the caller knows the rule."""

from __future__ import annotations

import msgspec

from cleanclaim.x12.findings import Finding, Level, Position, Severity
from cleanclaim.x12.segments import Segment


class Rule(msgspec.Struct, frozen=True):
    """A rule of the codec: its stable name, its source, how grave, its SNIP type, its 999 code."""

    name: str
    source: str
    snip: int
    level: Level
    code: str
    severity: Severity = "error"


class Place(msgspec.Struct, frozen=True):
    """A place inside a segment; 0 means the whole."""

    element: int = 0
    component: int = 0
    repetition: int = 0
    data_element: str = ""
    value: str = ""


WHOLE = Place()


class Reporter:
    """Makes findings for the segment at hand; keeps the control numbers of the open envelopes."""

    def __init__(self) -> None:
        self.interchange = ""
        self.group = ""
        self.transaction_set = ""

    def finding(
        self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE, loop: str = ""
    ) -> Finding:
        return Finding(
            rule=rule.name,
            source=rule.source,
            severity=rule.severity,
            snip=rule.snip,
            level=rule.level,
            code=rule.code,
            message=message,
            interchange_control_number=self.interchange,
            group_control_number=self.group,
            set_control_number=self.transaction_set,
            segment_number=segment.number,
            byte_offset=segment.offset,
            loop=loop,
            segment_id=segment.elements[0][:3],
            element=place.element,
            component=place.component,
            repetition=place.repetition,
            data_element=place.data_element,
            value=place.value,
        )

    def position(self, segment: Segment, length: int = 0) -> Position:
        return Position(
            interchange_control_number=self.interchange,
            group_control_number=self.group,
            set_control_number=self.transaction_set,
            segment_number=segment.number,
            byte_offset=segment.offset,
            byte_length=length or segment.length,
        )
