"""D01, D04 to D06, D12, D30: procedure codes, modifiers, pointers and place of service."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from uuid import UUID

from cleanclaim.codes import icd10cm, modifiers, places
from cleanclaim.codes.answers import Standing
from cleanclaim.codes.procedure import ProcedureShape, is_modifier_shape, shape_of
from cleanclaim.codes.shipped import TableUnreadable
from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.rules.rule import Examination, Trouble, not_answered, unanswered

_MOST_MODIFIERS = _MOST_POINTERS = 4
_place = lru_cache(maxsize=5_000)(places.lookup)
_UNREAD = {ProcedureShape.UNREADABLE, ProcedureShape.DENTAL}


def check_procedures(examination: Examination) -> Iterator[Trouble]:
    """Five characters in the shape of a CPT or HCPCS level II code; whether it exists is D02."""
    for pointer, charge in _lines(examination):
        code = charge.procedure_code
        if not code or shape_of(code) in _UNREAD:
            yield Trouble(
                code="procedure_malformed" if code else "procedure_missing",
                pointer=f"{pointer}/procedure_code",
                message="This is no procedure code of a professional claim.",
                expected="Five characters, upper case: 99213 or G0439.",
                value=code,
                charge_id=charge.charge_id,
            )


def check_pointers(examination: Examination) -> Iterator[Trouble]:
    """Each line points at one to four different diagnoses that are there (837P SV107)."""
    count = len(examination.version.content.diagnoses)
    for pointer, charge in _lines(examination):
        given = charge.diagnosis_pointers
        code = None
        if not given:
            code = "pointer_missing"
        elif len(given) > _MOST_POINTERS:
            code = "pointers_too_many"
        elif len(set(given)) < len(given):
            code = "pointer_repeated"
        elif not all(1 <= one <= count for one in given):
            code = "pointer_to_nothing"
        if code is not None:
            yield Trouble(
                code=code,
                pointer=f"{pointer}/diagnosis_pointers",
                message=f"The line does not point at one to four of the {count} diagnoses.",
                expected="Places in diagnoses, counted from 1, each once, the main reason first.",
                value=" ".join(map(str, given)) or None,
                charge_id=charge.charge_id,
            )


def check_first_pointers(examination: Examination) -> Iterator[Trouble]:
    """A line's first pointer is neither an external cause nor a manifestation."""
    diagnoses = examination.version.content.diagnoses
    for pointer, charge in _lines(examination):
        first = next(iter(charge.diagnosis_pointers), 0)
        code = diagnoses[first - 1] if 1 <= first <= len(diagnoses) else None
        if code is not None and _never_first(code):
            yield Trouble(
                code="pointer_cannot_be_first",
                pointer=f"{pointer}/diagnosis_pointers/0",
                message="The line's first reason is an external cause or a manifestation.",
                expected="The injury or underlying disease first.",
                value=code,
                charge_id=charge.charge_id,
            )


def check_modifiers(examination: Examination) -> Iterator[Trouble]:
    """At most four modifiers of two characters, none twice, none before its first day."""
    for pointer, charge in _lines(examination):
        where = f"{pointer}/modifiers"
        if len(charge.modifiers) > _MOST_MODIFIERS:
            yield _modifier(charge, where, "modifiers_too_many", "More than four modifiers.")
        if len(set(charge.modifiers)) < len(charge.modifiers):
            yield _modifier(charge, where, "modifier_repeated", "A modifier stands here twice.")
        for place, code in enumerate(charge.modifiers):
            day = charge.service_from_on or examination.service_on
            trouble = _judged(charge, code, f"{where}/{place}", day)
            if trouble is not None:
                yield trouble


def check_clashes(examination: Examination) -> Iterator[Trouble]:
    """Modifiers that contradict one another never stand on one line, such as GA with GZ."""
    for pointer, charge in _lines(examination):
        try:
            clashes = list(modifiers.modifiers().clashes(dict.fromkeys(charge.modifiers)))
        except TableUnreadable:
            continue
        for first, second in clashes:
            yield _modifier(
                charge,
                f"{pointer}/modifiers",
                "modifiers_clash",
                f"Modifiers {first} and {second} cannot stand together.",
            )


def check_places(examination: Examination) -> Iterator[Trouble]:
    """The place of service is one that CMS lists on the day."""
    content, day = examination.version.content, examination.service_on
    given: list[tuple[str, str | None, UUID | None]] = [
        ("/place_of_service", content.place_of_service, None)
    ]
    given += [
        (f"{pointer}/place_of_service", charge.place_of_service, charge.charge_id)
        for pointer, charge in _lines(examination)
        if charge.place_of_service is not None
    ]
    for pointer, code, charge_id in given:
        if not code:
            yield Trouble(
                code="place_of_service_missing",
                pointer=pointer,
                message="The place of service is missing.",
                expected="Two digits, for example 11.",
                charge_id=charge_id,
            )
            continue
        answer = _place(code, day) if day is not None else None
        if answer is None or answer.valid:
            continue
        if not_answered(answer):
            yield unanswered(
                answer, pointer=pointer, table="CMS place of service", charge_id=charge_id
            )
            continue
        yield Trouble(
            code="place_of_service_unknown",
            pointer=pointer,
            message=answer.reason,
            expected="A place that CMS lists on the day of service.",
            value=code,
            charge_id=charge_id,
            release=answer.release.label if answer.release else None,
        )


def _lines(examination: Examination) -> Iterator[tuple[str, Charge]]:
    for place, charge in enumerate(examination.version.content.charges):
        yield f"/lines/{place}", charge


def _never_first(code: str) -> bool:
    try:
        traits = icd10cm.table().traits(code)
    except TableUnreadable:
        return False
    return traits is not None and (traits.external_cause or traits.manifestation)


def _judged(charge: Charge, code: str, pointer: str, day: date | None) -> Trouble | None:
    if not is_modifier_shape(code):
        return Trouble(
            code="modifier_malformed",
            pointer=pointer,
            message="A modifier has two upper-case letters or digits.",
            expected="For example 25.",
            value=code,
            charge_id=charge.charge_id,
        )
    answer = modifiers.lookup(code, day) if day is not None else None
    if answer is None or answer.valid:
        return None
    if answer.status is Standing.NOT_VALID_ON_DATE:
        return Trouble(
            code="modifier_not_in_force",
            pointer=pointer,
            message=answer.reason,
            expected="A modifier in use on the day of service.",
            value=code,
            charge_id=charge.charge_id,
            release=answer.release.label if answer.release else None,
        )
    return unanswered(answer, pointer=pointer, table="modifiers", charge_id=charge.charge_id)


def _modifier(charge: Charge, pointer: str, code: str, message: str) -> Trouble:
    return Trouble(
        code=code,
        pointer=pointer,
        message=message,
        expected="Up to four modifiers, each once, that agree with one another.",
        value=" ".join(charge.modifiers),
        charge_id=charge.charge_id,
    )
