"""The small facts as segments: parties, dates, references, amounts, adjustments, procedures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from cleanclaim.x12.amounts import text_of_cents, text_of_day, text_of_decimal
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import (
    Adjustment,
    Amount,
    Contact,
    DateFact,
    Party,
    Procedure,
    Quantity,
    Reference,
    RestSegment,
)
from cleanclaim.x12.patterns import is_time
from cleanclaim.x12.writer import Element, Written

TRIPLES = 6  # reason, amount, quantity in one CAS


def name(party: Party) -> Written:
    """NM1."""
    kind = "1" if party.is_person else "2"
    names = [party.name, party.first_name, party.middle_name, party.prefix, party.suffix]
    return ["NM1", party.entity, kind, *names, party.identifier_qualifier, party.identifier]


def organisation(party: Party) -> Written:
    """N1."""
    return ["N1", party.entity, party.name, party.identifier_qualifier, party.identifier]


def after_name(party: Party, *, specialty: str = "PE") -> list[Written]:
    """PRV, N3, N4, DMG, REF and PER of a party, as far as it has them."""
    written: list[Written] = []
    if specialty and party.taxonomy:
        written.append(["PRV", specialty, "PXC", party.taxonomy])
    if party.address is not None:
        where = party.address
        written.append(["N3", where.line_1, where.line_2])
        lands: Written = ["N4", where.city, where.state, where.postal_code, where.country]
        written.append([*lands, "", "", where.subdivision])
    if party.birth_on is not None or party.sex:
        born = text_of_day(party.birth_on) if party.birth_on else ""
        written.append(["DMG", "D8" if born else "", born, party.sex])
    written.extend(map(reference, party.references))
    written.extend(map(contact, party.contacts))
    return written


def reference(fact: Reference) -> Written:
    return ["REF", fact.qualifier, fact.value, fact.description]


def contact(fact: Contact) -> Written:
    if len(fact.numbers) > 3:
        raise Unwritable("PER holds three numbers: make two contacts of it")
    numbers = [text for pair in fact.numbers for text in (pair.qualifier, pair.number)]
    return ["PER", fact.function, fact.name, *numbers]


def period(fact: DateFact) -> Written:
    """DTP: a day (D8), a range (RD8), a day with its time (DT) or a time alone (TM)."""
    if fact.from_on is None:
        style = "RD8" if "-" in fact.raw else "TM" if is_time(fact.raw) else "D8"
        return ["DTP", fact.qualifier, style, fact.raw]
    first = text_of_day(fact.from_on)
    if fact.through_on is not None:
        return ["DTP", fact.qualifier, "RD8", f"{first}-{text_of_day(fact.through_on)}"]
    if fact.raw.startswith(first) and is_time(fact.raw[8:]):
        return ["DTP", fact.qualifier, "DT", fact.raw]
    return ["DTP", fact.qualifier, "D8", first]


def day(fact: DateFact) -> Written:
    """DTM."""
    return ["DTM", fact.qualifier, text_of_day(fact.from_on) if fact.from_on else fact.raw]


def amount(fact: Amount) -> Written:
    return ["AMT", fact.qualifier, text_of_cents(fact.amount_cents)]


def quantity(fact: Quantity) -> Written:
    return ["QTY", fact.qualifier, text_of_decimal(fact.quantity)]


def rest(kept: Iterable[RestSegment], loop_id: str) -> list[Written]:
    """The kept segments of one loop."""
    return [list(fact.elements) for fact in kept if fact.loop == loop_id]


def adjustments(facts: Iterable[Adjustment]) -> Iterator[Written]:
    """CAS by group code, in order of first appearance, six triples at most in each."""
    groups: dict[str, list[Adjustment]] = {}
    for fact in facts:
        groups.setdefault(fact.group, []).append(fact)
    for group, members in groups.items():
        for start in range(0, len(members), TRIPLES):
            segment: Written = ["CAS", group]
            for fact in members[start : start + TRIPLES]:
                segment += [fact.reason, text_of_cents(fact.amount_cents), number(fact.quantity)]
            yield segment


def procedure(fact: Procedure | None) -> Element:
    """The composite; "" when there is none."""
    if fact is None or not (fact.qualifier or fact.code):
        return ""
    if len(fact.modifiers) > 4:
        raise Unwritable("a procedure holds four modifiers: take the others out")
    modifiers = [*fact.modifiers, "", "", "", ""][:4]
    return (fact.qualifier, fact.code, *modifiers, fact.description)


def cents(value: int | None) -> str:
    return "" if value is None else text_of_cents(value)


def number(value: Decimal | int | None) -> str:
    return "" if value is None else text_of_decimal(Decimal(value))


def on(value: date | None) -> str:
    return "" if value is None else text_of_day(value)


def yes(value: bool) -> str:
    return "Y" if value else ""
