"""Reading of what stands in loop 2110 of a 270 (the question) and of a 271 (the benefit)."""

from __future__ import annotations

from cleanclaim.x12.eligibility import (
    Benefit,
    BenefitEntity,
    Delivery,
    EligibilityQuestion,
)
from cleanclaim.x12.parties import Amount, RestSegment
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import eligibility, party_facts
from cleanclaim.x12.sets.eligibility import Reading270, Reading271
from cleanclaim.x12.sets.reading import Reads

__all__ = ["Reading270", "Reading271"]


def _pointers(segment: Segment, element: int) -> list[int]:
    parts = segment.components(element)
    return [int(part) for part in parts if part.isascii() and part.isdigit()]


def _repeated(segment: Segment, element: int) -> list[str]:
    """The repetitions of an element, e.g. the service types `30^98`."""
    text, mark = segment.element(element), segment.delimiters.repetition
    return [part for part in (text.split(mark) if mark else [text]) if part]


def _question(reading: Reading270, segment: Segment) -> None:
    asked = EligibilityQuestion(
        service_types=_repeated(segment, 1),
        procedure=reading.procedure(segment, 2),
        coverage_level=segment.element(3),
        diagnosis_pointers=_pointers(segment, 5),
    )
    reading.facts.append(asked)


def _question_amount(reading: Reading270, segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    reading.facts[-1].amounts.append(amount)


def _question_place(reading: Reading270, segment: Segment) -> None:
    reading.facts[-1].place_of_service = segment.element(2)


def _benefit(reading: Reading271, segment: Segment) -> None:
    told = Benefit(
        information=segment.element(1),
        coverage_level=segment.element(2),
        service_types=_repeated(segment, 3),
        insurance_type=segment.element(4),
        plan=segment.element(5),
        period=segment.element(6),
        amount_cents=reading.optional_cents(segment, 7),
        rate=reading.optional_quantity(segment, 8),
        quantity_qualifier=segment.element(9),
        quantity=reading.optional_quantity(segment, 10),
        authorization=segment.element(11),
        in_network=segment.element(12),
        procedure=reading.procedure(segment, 13),
        diagnosis_pointers=_pointers(segment, 14),
    )
    reading.facts.append(told)


def _delivery(reading: Reading271, segment: Segment) -> None:
    reading.facts[-1].deliveries.append(Delivery(segment.elements[1:]))


def _reference(reading: Reading270 | Reading271, segment: Segment) -> None:
    reading.facts[-1].references.append(reading.reference(segment))


def _date(reading: Reading270 | Reading271, segment: Segment) -> None:
    reading.facts[-1].dates.append(reading.date_fact(segment))


def _refusal(reading: Reading271, segment: Segment) -> None:
    reading.facts[-1].rejections.append(reading.rejected("benefit", segment))


def _message(reading: Reading271, segment: Segment) -> None:
    reading.facts[-1].messages.append(segment.element(1))


def _additional(reading: Reading271, segment: Segment) -> None:
    kept = RestSegment("2115C", list(segment.elements))
    reading.facts[-1].additional.append(kept)


def _bracket(_reading: Reading271, _segment: Segment) -> None:
    """LS and LE say only that 2120 begins and ends."""


def _entity(reading: Reading271, segment: Segment) -> None:
    party = reading.last_party = reading.party(segment)
    named = BenefitEntity(party=party, relationship=segment.element(10))
    reading.facts[-1].entities.append(named)


def _entity_street(reading: Reading271, segment: Segment) -> None:
    party_facts.street(reading.last_party, segment)


def _entity_city(reading: Reading271, segment: Segment) -> None:
    party_facts.city(reading.last_party, segment)


def _entity_contact(reading: Reading271, segment: Segment) -> None:
    reading.last_party.contacts.append(reading.contact(segment))


def _entity_specialty(reading: Reading271, segment: Segment) -> None:
    reading.facts[-1].entities[-1].specialty = eligibility.specialty_of(segment)


QUESTION = {
    "EQ": _question,
    "AMT": _question_amount,
    "III": _question_place,
    "REF": _reference,
    "DTP": _date,
}
BENEFIT = {
    "EB": _benefit,
    "HSD": _delivery,
    "REF": _reference,
    "DTP": _date,
    "AAA": _refusal,
    "MSG": _message,
    "LS": _bracket,
    "LE": _bracket,
}
ENTITY = {
    "NM1": _entity,
    "N3": _entity_street,
    "N4": _entity_city,
    "PER": _entity_contact,
    "PRV": _entity_specialty,
}
LOOPS = ("C", "D")
Table = dict[tuple[str, str], Reads]
QUESTIONS: Table = {(f"2110{x}", name): read for x in LOOPS for name, read in QUESTION.items()}
BENEFITS: Table = {(f"2110{x}", name): read for x in LOOPS for name, read in BENEFIT.items()}
ENTITIES: Table = {(f"2120{x}", name): read for x in LOOPS for name, read in ENTITY.items()}
PLACES: Table = {(f"2115{x}", "III"): _additional for x in LOOPS}
Reading270.reads = {**eligibility.READS, **QUESTIONS}
Reading271.reads = {**eligibility.READS, **BENEFITS, **ENTITIES, **PLACES}
