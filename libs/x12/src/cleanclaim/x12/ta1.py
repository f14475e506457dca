"""The interchange acknowledgement (TA1): its elements, and when and how an interchange is answered.

X12.5 and the appendix "Interchange acknowledgment" of every 005010 guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12.acknowledgements import InterchangeAcknowledgement
from cleanclaim.x12.envelopes import Interchange
from cleanclaim.x12.patterns import day_of, is_time
from cleanclaim.x12.segments import Segment

STATUSES = frozenset({"A", "E", "R"})
LAST_NOTE = 31  # TA105 is 000 to 031
NO_ERROR = "000"
# A finding of these codes does not stop the interchange: its sets could be read and are answered.
TOLERABLE = frozenset({"001", "021", "022"})


def faults_of(segment: Segment) -> Iterator[tuple[int, str]]:
    """(element, message) of all that is wrong with a TA1."""
    if not is_control_number(segment.element(1)):
        yield 1, "TA101 must be the nine digits of the ISA13 that is answered"
    if day_of("20" + segment.element(2)) is None:
        yield 2, "TA102 must be the ISA09 that is answered, YYMMDD"
    if not is_time(segment.element(3)):
        yield 3, "TA103 must be the ISA10 that is answered, HHMM"
    if segment.element(4) not in STATUSES:
        yield 4, "TA104 must be A, E or R"
    note = segment.element(5)
    if not (len(note) == 3 and note.isascii() and note.isdigit() and int(note) <= LAST_NOTE):
        yield 5, "TA105 must be 000 to 031"


def is_control_number(text: str) -> bool:
    """True for the nine digits of an ISA13."""
    return len(text) == 9 and text.isascii() and text.isdigit()


def answer_to(interchange: Interchange) -> InterchangeAcknowledgement | None:
    """The TA1 that an interchange asks for (ISA14) or that its faults need; None when neither.

    An interchange that only brings TA1 is never answered.
    """
    codes = [f.code for f in interchange.findings if f.level == "interchange"]
    if interchange.acknowledgements and not interchange.groups:
        return None
    if not is_control_number(interchange.control_number):
        return None
    if not (codes or interchange.acknowledgement_requested):
        return None
    fatal = [code for code in codes if code not in TOLERABLE]
    status = "R" if fatal else "E" if codes else "A"
    return InterchangeAcknowledgement(
        interchange_control_number=interchange.control_number,
        created_on=interchange.created_on,
        created_time=interchange.created_time if is_time(interchange.created_time) else "",
        status=status,
        note=[*fatal, *codes, NO_ERROR][0],
    )
