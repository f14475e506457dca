"""A02 to A05: birth, death and sex of patient and subscribers."""

from collections.abc import Iterator

from cleanclaim.intake.domain.rules.rule import Examination, Trouble

_GREATEST_AGE = 125
_SEXES = {"M", "F", "U"}


def check_birth_dates(examination: Examination) -> Iterator[Trouble]:
    """A birth date is given, is not after receipt, and makes nobody older than 125 years."""
    received_on = examination.version.received_on
    for pointer, person in examination.people():
        where, born = f"{pointer}/birth_on", person.birth_on
        if born is None:
            yield Trouble(
                code="birth_date_missing",
                pointer=where,
                message="The birth date is missing.",
                expected="The day of birth, YYYY-MM-DD.",
            )
        elif born > received_on or received_on.year - born.year >= _GREATEST_AGE:
            yield Trouble(
                code="birth_date_unlikely",
                pointer=where,
                message="The birth date is in the future or 125 years ago and more.",
                expected="The day of birth; look for a wrong century.",
            )


def check_service_after_birth(examination: Examination) -> Iterator[Trouble]:
    """Nobody is served before the day of birth; a newborn may be on that very day."""
    born = examination.version.patient.person.birth_on
    served = examination.service_on
    if born is not None and served is not None and served < born:
        yield Trouble(
            code="service_before_birth",
            pointer="/service_from_on",
            message="The service lies before the patient's birth.",
            expected="The right day of service or of birth; is it the mother's record?",
        )


def check_service_before_death(examination: Examination) -> Iterator[Trouble]:
    """Nobody is served after the day of death, and that day is not in the future."""
    died = examination.version.patient.person.deceased_on
    if died is None:
        return
    if died > examination.version.received_on:
        yield Trouble(
            code="death_in_future",
            pointer="/patient/deceased_on",
            message="The date of death is in the future.",
            expected="The day of death, or none.",
        )
    until = examination.version.content.service_to_on or examination.service_on
    if until is not None and until > died:
        yield Trouble(
            code="service_after_death",
            pointer="/service_to_on",
            message="The service lies after the patient's death.",
            expected="The right day of service or of death.",
        )


def check_sex(examination: Examination) -> Iterator[Trouble]:
    """DMG03 takes M, F or U."""
    for pointer, person in examination.people():
        if person.sex not in _SEXES:
            yield Trouble(
                code="sex_missing" if not person.sex else "sex_unknown",
                pointer=f"{pointer}/sex",
                message="The sex is not one that a claim can carry.",
                expected="M, F or U.",
            )
