"""Answers as clearinghouse and payer would write them to a file of ours."""

from collections.abc import Iterable
from datetime import date, datetime

from cleanclaim.x12 import (
    AcknowledgedSet,
    Acknowledgement999,
    ClaimDecision,
    ClaimStatus,
    ElementError,
    Envelope,
    Party,
    Reference,
    SegmentError,
    StatusCode,
    build_277ca,
    build_999,
    claim_acknowledgement,
    parse,
)
from cleanclaim.x12.acknowledgements import AcknowledgedLine

TUESDAY = date(2026, 3, 3)


def an_envelope(number: int = 7, at: datetime = datetime(2026, 3, 3, 9, 30)) -> Envelope:  # noqa: DTZ001
    return Envelope(
        sender="CLEARHOUSE",
        receiver="PRAIRIE01",
        interchange_control_number=number,
        group_control_number=number,
        prepared_at=at,
    )


def a_999(
    status: str = "A", *, group: int = 1, sets: dict[str, str] | None = None, number: int = 7
) -> bytes:
    """A 999 to group GS06; `sets` gives IK501 by ST02, with an error where it is no A."""
    named = [
        AcknowledgedSet(
            identifier="837",
            control_number=control_number,
            version="005010X222A1",
            status=one,
            codes=[] if one == "A" else ["5"],
            segment_errors=[] if one == "A" else [_segment_error()],
        )
        for control_number, one in (sets or {}).items()
    ]
    answer = Acknowledgement999(
        functional_code="HC",
        group_control_number=str(group),
        version="005010X222A1",
        status=status,
        sets_included=max(len(named), 1),
        sets_received=max(len(named), 1),
        sets_accepted=sum(one.status != "R" for one in named),
        sets=named,
    )
    return build_999([answer], envelope=an_envelope(number))


def _segment_error() -> SegmentError:
    element = ElementError(element=3, data_element="1035", code="6")
    return SegmentError(segment_id="NM1", segment_number=8, code="8", element_errors=[element])


def a_ta1(status: str = "R", *, interchange: str = "000000001", code: str = "022") -> bytes:
    """A bare interchange acknowledgement."""
    isa = (
        "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*PRAIRIE01      *260303*0930*^*00501"
        "*000000009*0*T*:~"
    )
    return f"{isa}TA1*{interchange}*260302*0805*{status}*{code}~IEA*0*000000009~".encode()


def a_277ca(
    content: bytes,
    statuses: str | dict[str, str],
    *,
    by: str = "PR",
    on: date = TUESDAY,
    number: int = 8,
    line_number: str | None = None,
) -> bytes:
    """A 277CA to a file of ours: one `A2:20` for all claims, or one for each CLM01."""
    decisions = [
        ClaimDecision(
            claim=claim,
            statuses=[_status(code, on, claim.charge_cents)],
            payer_claim_control_number="" if code.startswith(("A3", "A7")) else "PCN123",
            lines=_lines(line_number, code, on, claim.lines[0].procedure),
        )
        for claim in parse(content).claims
        for code in _codes(statuses, claim.patient_control_number)
    ]
    answer = claim_acknowledgement(
        decisions,
        source=Party(entity=by, name="Prairie Mutual Health", identifier_qualifier="PI",
                     identifier="PMH01"),
        receiver=Party(entity="41", name="Prairie Family Clinic", identifier_qualifier="46",
                       identifier="PRAIRIE01"),
        reference="ANSWER1",
        trace="000000001",
        received_on=on,
        processed_on=on,
    )  # fmt: skip
    return build_277ca(answer, envelope=an_envelope(number))


def _codes(statuses: str | dict[str, str], patient_control_number: str) -> Iterable[str]:
    if isinstance(statuses, str):
        return [statuses]
    return [statuses[patient_control_number]] if patient_control_number in statuses else []


def _status(code: str, on: date, cents: int | None = None) -> ClaimStatus:
    category, _, status = code.partition(":")
    rejects = category in {"A3", "A6", "A7", "A8"}
    return ClaimStatus(
        codes=[StatusCode(category, status)],
        effective_on=on,
        action="U" if rejects else "WQ",
        amount_cents=cents,
    )


def _lines(number: str | None, code: str, on: date, procedure: object) -> list[AcknowledgedLine]:
    if number is None:
        return []
    return [
        AcknowledgedLine(
            procedure=procedure,  # type: ignore[arg-type]
            charge_cents=125_00,
            statuses=[_status(code, on)],
            references=[Reference("FJ", number)],
        )
    ]
