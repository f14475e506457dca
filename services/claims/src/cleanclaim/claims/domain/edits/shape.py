"""Edits on the shape of a professional claim: sums, counts and pointers of 005010X222A1."""

from collections import Counter
from collections.abc import Iterator

from cleanclaim.claims.domain.edits.finding import Finding, Subject
from cleanclaim.claims.domain.numbers import LONGEST_LINE_CONTROL_NUMBER

MOST_LINES = 50
MOST_DIAGNOSES = 12
MOST_POINTERS = 4


def claim_type_is_professional(subject: Subject) -> Iterator[Finding]:
    """Only the 837P is written here; an 837I has other loops and other rules."""
    if subject.claim.claim_type != "professional":
        yield Finding(
            rule_id="claim_type.not_professional",
            message="Only professional claims can be sent from here.",
            fix="Send the institutional claim by your present way.",
            pointer="/claim_type",
        )


def total_is_the_sum_of_the_lines(subject: Subject) -> Iterator[Finding]:
    """CLM02 equals the sum of SV102 of all lines (005010X222A1, CLM02)."""
    claim = subject.claim
    if claim.total_charge_cents != sum(line.charge_cents for line in claim.lines):
        yield Finding(
            rule_id="total.not_sum_of_lines",
            message="The total charge is not the sum of the charges of the lines.",
            fix="Correct the charges in intake.",
            pointer="/total_charge_cents",
        )


def lines_fit(subject: Subject) -> Iterator[Finding]:
    """1 to 50 lines in a professional claim (005010X222A1, loop 2400 repeat)."""
    if not 1 <= len(subject.claim.lines) <= MOST_LINES:
        yield Finding(
            rule_id="lines.count",
            message=f"A professional claim has 1 to {MOST_LINES} lines.",
            fix="Split the encounter, or add its charges.",
            pointer="/lines",
        )


def charges_are_not_negative(subject: Subject) -> Iterator[Finding]:
    """A line cannot ask for less than nothing (005010X222A1, SV102 usage)."""
    for place, line in enumerate(subject.claim.lines):
        if line.charge_cents < 0:
            yield Finding(
                rule_id="line.negative_charge",
                message="The charge of the line is negative.",
                fix="Take the charge back in intake instead of adding a negative one.",
                pointer=f"/lines/{place}/charge_cents",
                line_id=line.line_id,
            )


def diagnoses_fit(subject: Subject) -> Iterator[Finding]:
    """1 to 12 diagnoses (005010X222A1, HI of loop 2300)."""
    if not 1 <= len(subject.claim.diagnosis_codes) <= MOST_DIAGNOSES:
        yield Finding(
            rule_id="diagnoses.count",
            message=f"A professional claim has 1 to {MOST_DIAGNOSES} diagnoses.",
            fix="Choose those that the lines point at.",
            pointer="/diagnosis_codes",
        )


def pointers_point(subject: Subject) -> Iterator[Finding]:
    """Each line points at 1 to 4 of the claim's diagnoses, the first being its reason.

    Source: 005010X222A1, SV107.
    """
    known = range(1, len(subject.claim.diagnosis_codes) + 1)
    for place, line in enumerate(subject.claim.lines):
        pointers = line.diagnosis_pointers
        fits = 1 <= len(pointers) <= MOST_POINTERS and len(set(pointers)) == len(pointers)
        if not fits or any(pointer not in known for pointer in pointers):
            yield Finding(
                rule_id="line.diagnosis_pointers",
                message="The line must point at 1 to 4 different diagnoses of the claim.",
                fix="Correct the pointers of the charge in intake.",
                pointer=f"/lines/{place}/diagnosis_pointers",
                line_id=line.line_id,
            )


def line_numbers_are_unique(subject: Subject) -> Iterator[Finding]:
    """REF*6R is unique in the claim and has at most 30 characters: an 835 is matched by it."""
    counts = Counter(line.line_control_number for line in subject.claim.lines)
    for place, line in enumerate(subject.claim.lines):
        number = line.line_control_number
        if counts[number] > 1 or len(number) > LONGEST_LINE_CONTROL_NUMBER:
            yield Finding(
                rule_id="line.control_number",
                message="The line's number is not unique in the claim, or too long.",
                fix="Give every charge of the encounter a line_number of its own.",
                pointer=f"/lines/{place}/line_control_number",
                line_id=line.line_id,
            )


def service_days_are_in_order(subject: Subject) -> Iterator[Finding]:
    """A service ends no earlier than it begins (005010X222A1, DTP*472)."""
    for place, line in enumerate(subject.claim.lines):
        if line.service_to_on < line.service_from_on:
            yield Finding(
                rule_id="line.service_days",
                message="The line's service ends before it begins.",
                fix="Correct the days of the charge in intake.",
                pointer=f"/lines/{place}/service_to_on",
                line_id=line.line_id,
            )


EDITS = (
    claim_type_is_professional,
    total_is_the_sum_of_the_lines,
    lines_fit,
    charges_are_not_negative,
    diagnoses_fit,
    pointers_point,
    line_numbers_are_unique,
    service_days_are_in_order,
)
