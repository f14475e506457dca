"""What a reader has to say about a file: positions and findings, never an exception, never PHI."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning"]
Level = Literal["interchange", "group", "set", "segment", "element"]


class Unreadable(ValueError):  # noqa: N818 (named for the trouble, as all errors here)
    """The bytes are no X12 at all: there is no ISA header to take the delimiters from."""


class Unwritable(ValueError):  # noqa: N818 (named for the trouble)
    """A value that an element cannot hold; names place and fix, never the value."""


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a claim or head stands in its file.

    `segment_number` counts inside the transaction set with ST = 1; 0 outside a set.
    `byte_offset` and `byte_length` bound its bytes in the file, the terminators included.
    """

    interchange_control_number: str = ""
    group_control_number: str = ""
    set_control_number: str = ""
    segment_number: int = 0
    byte_offset: int = 0
    byte_length: int = 0


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fault of a file, with all that a 999 and a person need.

    `level` says which code list `code` is from: TA105 for interchange, AK905 for group, IK502 for
    set, IK304 for segment, IK403 for element. `element`, `component` and `repetition` are 0 when
    the whole is meant. `value` may be PHI: `repr` hides it and `redacted` drops it.
    """

    rule: str
    source: str
    severity: Severity
    snip: int
    level: Level
    code: str
    message: str
    interchange_control_number: str = ""
    group_control_number: str = ""
    set_control_number: str = ""
    segment_number: int = 0
    byte_offset: int = 0
    loop: str = ""
    segment_id: str = ""
    element: int = 0
    component: int = 0
    repetition: int = 0
    data_element: str = ""
    value: str = ""

    def redacted(self) -> Finding:
        return msgspec.structs.replace(self, value="")

    @property
    def place(self) -> str:
        """The place in words, e.g. `2300 CLM05-3, segment 23 of set 0001`."""
        spot = self.segment_id
        if self.element:
            spot += f"{self.element:02d}"
        if self.component:
            spot += f"-{self.component}"
        loop = self.loop.rpartition("/")[2]
        words = " ".join(part for part in (loop, spot) if part)
        if self.set_control_number:
            return f"{words}, segment {self.segment_number} of set {self.set_control_number}"
        return words or "file"

    def __repr__(self) -> str:
        shown = "value hidden" if self.value else "no value"
        return f"Finding({self.severity} {self.rule} at {self.place}: {self.message} [{shown}])"
