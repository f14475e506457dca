"""SNIP 4 of the 837I alone: what an inpatient and an outpatient bill must tell."""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12.amounts import days_of
from cleanclaim.x12.checking import rules
from cleanclaim.x12.checking.scene import Complaint, Scene, Seen, blocks, every, first

# First two digits of the type of bill.
INPATIENT = {"11", "18", "21", "41"}
OUTPATIENT = {"13", "14", "23", "71", "72", "73", "74", "75", "76", "77", "83", "85"}
LAST_BILLS = {"1", "4"}  # frequency: admission to discharge, last of several
STILL_PATIENT = "30"
TRANSPORT = "054"  # revenue codes of ambulances


def judge_bill(scene: Scene) -> Iterator[Complaint]:
    claim = first(scene.inside, "2300", "CLM")
    if claim is None:
        return
    codes = _qualifiers(scene)
    if claim.part(5, 1) in INPATIENT:
        yield from _stay(claim, scene, codes)
    if "BBQ" in codes and "BBR" not in codes:
        message = "other procedures stand without a principal one: HI*BBR must be sent"
        yield Complaint(rules.FIRST_PROCEDURE, message, claim)
    lines = every(scene.inside, "2400", "SV2")
    is_transport = all(line.text(1).startswith(TRANSPORT) for line in lines)
    if not is_transport and first(scene.inside, "2310A", "NM1") is None:
        message = (
            "the bill is for more than transport: the attending provider, NM1*71, must be sent"
        )
        yield Complaint(rules.ATTENDING, message, claim)
    if claim.part(5, 1) in OUTPATIENT and _spans_days(scene):
        yield from _days_of_lines(scene)


def _qualifiers(scene: Scene) -> set[str]:
    return {
        one.part(place, 1)
        for one in every(scene.inside, "2300", "HI")
        for place in range(1, len(one.segment.elements))
    }


def _stay(claim: Seen, scene: Scene, codes: set[str]) -> Iterator[Complaint]:
    if first(scene.inside, "2300", "DTP", "435") is None:
        message = "an inpatient bill tells when the patient was admitted: DTP*435 must be sent"
        yield Complaint(rules.ADMITTED, message, claim)
    discharge = first(scene.inside, "2300", "CL1")
    is_over = discharge is None or discharge.text(3) != STILL_PATIENT
    is_last = claim.part(5, 3) in LAST_BILLS and is_over
    if is_last and first(scene.inside, "2300", "DTP", "096") is None:
        message = "a final inpatient bill tells the hour of discharge: DTP*096 must be sent"
        yield Complaint(rules.DISCHARGED, message, claim)
    if not codes & {"ABJ", "BJ"}:
        message = "an inpatient bill tells the admitting diagnosis: HI*ABJ must be sent"
        yield Complaint(rules.ADMITTING, message, claim)


def _spans_days(scene: Scene) -> bool:
    period = first(scene.inside, "2300", "DTP", "434")
    begun, ended = days_of(period.text(3)) if period is not None else (None, None)
    return begun is not None and ended is not None and ended > begun


def _days_of_lines(scene: Scene) -> Iterator[Complaint]:
    for line in blocks(scene.inside, ("2400", "LX"), ("24",)):
        service, drug = first(line, "2400", "SV2"), first(line, "2410", "LIN")
        if service is None or drug is not None:
            continue
        if first(line, "2400", "DTP", "472") is None:
            message = (
                "an outpatient bill of several days tells the day of each line:"
                " DTP*472 must be sent"
            )
            yield Complaint(rules.LINE_DAY, message, service)
