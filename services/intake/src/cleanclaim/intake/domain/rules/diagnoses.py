"""C01 to C07, C11: diagnoses in ICD-10-CM as it stood on the day of service."""

from collections.abc import Iterator
from functools import lru_cache

from cleanclaim.codes import icd10cm
from cleanclaim.codes.answers import CodeAnswer, Standing
from cleanclaim.codes.shipped import TableUnreadable
from cleanclaim.intake.domain.rules.rule import Examination, Trouble, not_answered, unanswered

_TABLE = "ICD-10-CM"
_MOST = 12
# The table is read once a process and never changes, so that its answers may be remembered.
_lookup = lru_cache(maxsize=20_000)(icd10cm.lookup)


def check_shapes(examination: Examination) -> Iterator[Trouble]:
    """Letter, digit or letter, then up to five more; a point only after the third; upper case."""
    for pointer, code in _coded(examination):
        if not icd10cm.without_point(code):
            yield Trouble(
                code="diagnosis_malformed",
                pointer=pointer,
                message="This is not the shape of an ICD-10-CM code.",
                expected="Upper case, for example E11.9.",
                value=code,
            )


def check_existence(examination: Examination) -> Iterator[Trouble]:
    """The code existed on the day of service."""
    for pointer, answer in _answers(examination):
        if not_answered(answer):
            yield unanswered(answer, pointer=pointer, table=_TABLE)
        elif answer.status in {Standing.UNKNOWN_CODE, Standing.NOT_VALID_ON_DATE}:
            unknown = answer.status is Standing.UNKNOWN_CODE
            yield _judged(
                answer,
                "diagnosis_unknown" if unknown else "diagnosis_not_in_force",
                pointer,
                "A code that is billable on the day of service.",
            )


def check_billable(examination: Examination) -> Iterator[Trouble]:
    """The code is billable and no header; a missing seventh character is found here too."""
    for pointer, answer in _answers(examination):
        if answer.status is Standing.NOT_BILLABLE:
            yield _judged(
                answer,
                "diagnosis_not_billable",
                pointer,
                "A more specific code under this header, with all its characters.",
            )


def check_count(examination: Examination) -> Iterator[Trouble]:
    """One to twelve diagnoses on a professional claim (837P 2300 HI)."""
    count = len(examination.version.content.diagnoses)
    if not 1 <= count <= _MOST:
        yield Trouble(
            code="diagnosis_missing" if count == 0 else "diagnoses_too_many",
            pointer="/diagnoses",
            message=f"There are {count} diagnoses.",
            expected="1 to 12, the first-listed first.",
        )


def check_repeats(examination: Examination) -> Iterator[Trouble]:
    """No diagnosis stands twice."""
    seen: set[str] = set()
    for pointer, code in _coded(examination):
        bare = icd10cm.without_point(code) or code
        if bare in seen:
            yield Trouble(
                code="diagnosis_repeated",
                pointer=pointer,
                message="This diagnosis stands here twice.",
                expected="Each diagnosis once; pointers may share it.",
                value=code,
            )
        seen.add(bare)


def check_first_listed(examination: Examination) -> Iterator[Trouble]:
    """An external cause or a manifestation is never first-listed (ICD-10-CM guidelines, I.B)."""
    first = next(_answers(examination), None)
    if first is None or not first[1].valid:
        return
    traits = _traits(first[1].code)
    if traits is not None and (traits.external_cause or traits.manifestation):
        yield _judged(
            first[1],
            "diagnosis_cannot_be_first",
            first[0],
            "The injury or underlying disease first, this code after it.",
            "An external cause or manifestation cannot be first-listed.",
        )


def check_ages(examination: Examination) -> Iterator[Trouble]:
    """The patient's age is one that the code is meant for (Medicare Code Editor)."""
    born, served = examination.version.patient.person.birth_on, examination.service_on
    if born is None or served is None or served < born:
        return
    age = served.year - born.year - ((served.month, served.day) < (born.month, born.day))
    for pointer, answer in _answers(examination):
        traits = _traits(answer.code) if answer.valid else None
        if traits is not None and traits.ages is not None:
            first, last = traits.ages
            if not first <= age <= last:
                yield _judged(
                    answer,
                    "diagnosis_unlikely_at_age",
                    pointer,
                    "Check the code and the birth date.",
                    f"The code is meant for ages {first} to {last}.",
                )


def _coded(examination: Examination) -> Iterator[tuple[str, str]]:
    for place, code in enumerate(examination.version.content.diagnoses):
        yield f"/diagnoses/{place}", code


def _answers(examination: Examination) -> Iterator[tuple[str, CodeAnswer]]:
    # Without a day of service nothing can be asked; F02 says that it is missing.
    if examination.service_on is None:
        return
    for pointer, code in _coded(examination):
        if icd10cm.without_point(code):
            yield pointer, _lookup(code, examination.service_on)


def _traits(code: str) -> icd10cm.Icd10Traits | None:
    try:
        return icd10cm.table().traits(code)
    except TableUnreadable:
        return None


def _judged(
    answer: CodeAnswer, code: str, pointer: str, expected: str, message: str | None = None
) -> Trouble:
    return Trouble(
        code=code,
        pointer=pointer,
        message=message or answer.reason,
        expected=expected,
        value=answer.code,
        table=_TABLE,
        release=answer.release.label if answer.release else None,
    )
