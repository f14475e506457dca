"""A10, A11: patient and subscriber are one person, or both are known in full."""

from collections.abc import Iterator

from cleanclaim.intake.domain.coverage import SELF, Coverage
from cleanclaim.intake.domain.person import Person
from cleanclaim.intake.domain.rules.rule import Examination, Trouble

# X12 element 1069 as 837 guide 005010X222A1 takes it in PAT01: spouse, child, employee, unknown,
# organ donor, cadaver donor, life partner, other.
_OTHERS = {"01", "19", "20", "21", "39", "40", "53", "G8"}


def check_self(examination: Examination) -> Iterator[Trouble]:
    """With relationship 18 a subscriber who is given is the patient in every point."""
    patient = examination.version.patient.person
    for place, coverage in enumerate(examination.version.coverages):
        if coverage.relationship != SELF or coverage.subscriber is None:
            continue
        for field in _differing(patient, coverage.subscriber):
            yield Trouble(
                code="subscriber_is_not_the_patient",
                pointer=f"/coverages/{place}/subscriber/{field}",
                message="The relationship says self, but subscriber and patient differ here.",
                expected="Leave the subscriber out, or name the right relationship.",
            )


def check_others(examination: Examination) -> Iterator[Trouble]:
    """Any other relationship is a known one, and its subscriber is named."""
    for place, coverage in enumerate(examination.version.coverages):
        yield from _relationship(coverage, f"/coverages/{place}")


def _relationship(coverage: Coverage, pointer: str) -> Iterator[Trouble]:
    if coverage.relationship == SELF:
        return
    if coverage.relationship not in _OTHERS:
        given = coverage.relationship
        yield Trouble(
            code="relationship_unknown" if given else "relationship_missing",
            pointer=f"{pointer}/relationship",
            message="The patient's relationship to the subscriber is not one that a claim has.",
            expected="18 self, 01 spouse, 19 child, 20 employee, 21 unknown, 39, 40, 53 or G8.",
            value=given,
        )
    if coverage.subscriber is None:
        yield Trouble(
            code="subscriber_missing",
            pointer=f"{pointer}/subscriber",
            message="The patient is not the subscriber, and the subscriber is not named.",
            expected="The subscriber's name, birth date, sex and address.",
        )


def _differing(patient: Person, subscriber: Person) -> Iterator[str]:
    for field in ("last_name", "first_name", "birth_on", "sex"):
        if _plain(getattr(patient, field)) != _plain(getattr(subscriber, field)):
            yield field


def _plain(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value
