"""Any typed object as a person reads it: what it says in words, what is usual left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from cleanclaim.x12 import (
    Address,
    Adjustment,
    Amount,
    Contact,
    ContactNumber,
    DateFact,
    Diagnosis,
    InpatientAdjudication,
    OutpatientAdjudication,
    Party,
    Position,
    Procedure,
    Quantity,
    Reference,
    RestSegment,
    StatusCode,
)

WIDTH = 100
NOT_SHOWN = {"position", "findings"}
SMALL = 6  # an object of so few plain facts is told in one line


def many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def money(cents: int) -> str:
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{part:02d}"


def title(item: Any) -> str:
    """`Claim payment 835` for a `ClaimPayment835`."""
    name = type(item).__name__
    words = "".join(f" {mark}" if _begins(name, at) else mark for at, mark in enumerate(name))
    first, *rest = words.split()
    return " ".join([first, *(word if word[0].isdigit() else word.lower() for word in rest)])


def _begins(name: str, at: int) -> bool:
    if not at:
        return False
    return (name[at].isupper() and name[at - 1].islower()) or (
        name[at].isdigit() and not name[at - 1].isdigit()
    )


def place(position: Position) -> str:
    """`segment 21 of set 0001, bytes 812 to 1,304`; "" for what was not read from a file."""
    if not position.byte_length:
        return ""
    last = position.byte_offset + position.byte_length - 1
    spot = f"bytes {position.byte_offset:,} to {last:,}"
    if position.segment_number:
        spot = f"segment {position.segment_number} of set {position.set_control_number}, {spot}"
    return spot


def outline(item: Any, indent: str = "  ", name: str = "") -> Iterator[str]:
    """The facts of an object, plain ones first, what it holds beneath; nothing empty or usual.

    With a `name` the object is named first, and what it holds stands further in.
    """
    plain, inner = [], []
    for field in _fields(item.__class__):
        value = getattr(item, field.name)
        if field.name in NOT_SHOWN or _is_usual(field, value):
            continue
        if (text := _plain(field.name, value)) is not None:
            plain.append(text)
        else:
            inner.append((field.name, value))
    yield from _wrapped(f"{name}: " if name else "", plain, indent)
    if name and not plain:
        yield f"{indent}{name}"
    deeper = indent + "  " if name else indent
    for held, value in inner:
        yield from _inner(held, value if isinstance(value, list) else [value], deeper)


@cache
def _fields(kind: Any) -> tuple[Any, ...]:
    """The fields of a type; finding them out anew costs more than printing them."""
    return msgspec.structs.fields(kind)


def _inner(name: str, values: list[Any], indent: str) -> Iterator[str]:
    lines = [in_one_line(value) for value in values]
    if all(line is not None for line in lines):
        told = [line for line in lines if line]
        yield from _wrapped(f"{_label(name)}: ", told, indent, "; ")
        return
    for number, value in enumerate(values, 1):
        counted = f" {number}" if len(values) > 1 else ""
        yield from outline(value, indent, f"{_singular(_label(name))}{counted}")


def _is_usual(field: Any, value: Any) -> bool:
    if value in (None, "", False) or value == []:
        return True
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(value == field.default_factory())
    return field.default is not msgspec.NODEFAULT and bool(value == field.default)


def _plain(name: str, value: Any) -> str | None:
    """A fact that needs no lines of its own; None for an object or a list of objects."""
    if isinstance(value, list):
        if any(isinstance(one, msgspec.Struct) for one in value):
            return None
        return f"{_label(name)} {' '.join(map(str, value))}"
    if isinstance(value, Procedure):
        return f"{_label(name)} {_procedure(value)}"
    if isinstance(value, msgspec.Struct):
        return None
    if value is True:
        return _label(name)
    return f"{_label(name)} {_scalar(name, value)}"


def _scalar(name: str, value: Any) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return money(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _label(name: str) -> str:
    return name.removesuffix("_cents").removesuffix("_on").replace("_", " ")


def _singular(label: str) -> str:
    if label.endswith("ies"):
        return label[:-3] + "y"
    if label.endswith("ses"):
        return label[:-2] + "is" if label.endswith("noses") else label[:-2]
    return label[:-1] if label.endswith("s") and not label.endswith("ss") else label


def _wrapped(head: str, parts: list[str], indent: str, between: str = ", ") -> Iterator[str]:
    if not parts:
        return
    line = indent
    for word in (head + between.join(parts)).split(" "):
        if len(line) + len(word) > WIDTH and line.strip():
            yield line.rstrip()
            line = indent + "  "
        line += word + " "
    yield line.rstrip()


def in_one_line(value: Any) -> str | None:
    """A small object in one line; None for one that needs more."""
    told = IN_ONE_LINE.get(type(value))
    if told is not None:
        return told(value)
    if not isinstance(value, msgspec.Struct):
        return str(value)
    facts = []
    for field in _fields(value.__class__):
        held = getattr(value, field.name)
        if field.name not in NOT_SHOWN and not _is_usual(field, held):
            facts.append(_plain(field.name, held) or _known(held))
    if len(facts) > SMALL or any(fact is None for fact in facts):
        return None
    return ", ".join(fact for fact in facts if fact)


def _known(value: Any) -> str | None:
    """Objects that are known to be small, side by side."""
    values = value if isinstance(value, list) else [value]
    if any(type(one) not in IN_ONE_LINE for one in values):
        return None
    return " ".join(IN_ONE_LINE[type(one)](one) for one in values)


def _party(party: Party) -> str:
    names = (party.prefix, party.first_name, party.middle_name, party.name, party.suffix)
    name = " ".join(filter(None, names if party.is_person else (party.name, party.additional_name)))
    facts = [f"{party.entity} {name}".strip()]
    if party.identifier:
        known = {"XX": "NPI", "MI": "member", "FI": "tax number", "PI": "payer"}
        qualifier = known.get(party.identifier_qualifier, party.identifier_qualifier)
        facts.append(f"{qualifier} {party.identifier}".strip())
    if party.birth_on:
        facts.append(f"born {party.birth_on.isoformat()}")
    facts += [fact for fact in (party.sex, party.taxonomy and f"taxonomy {party.taxonomy}") if fact]
    if party.address:
        facts.append(_address(party.address))
    facts += map(_reference, party.references)
    facts += map(_contact, party.contacts)
    return ", ".join(facts)


def _address(address: Address) -> str:
    return " ".join(filter(None, msgspec.structs.astuple(address)))


def _reference(reference: Reference) -> str:
    return " ".join(filter(None, (reference.qualifier, reference.value, reference.description)))


def _contact(contact: Contact) -> str:
    return " ".join([contact.name or contact.function, *map(_contact_number, contact.numbers)])


def _contact_number(number: ContactNumber) -> str:
    return f"{number.qualifier} {number.number}"


def _date(fact: DateFact) -> str:
    if fact.from_on is None:
        return f"{fact.qualifier} {fact.raw}"
    until = f" to {fact.through_on.isoformat()}" if fact.through_on else ""
    return f"{fact.qualifier} {fact.from_on.isoformat()}{until}"


def _adjustment(adjustment: Adjustment) -> str:
    units = "" if adjustment.quantity is None else f" for {adjustment.quantity:f}"
    return f"{adjustment.group}-{adjustment.reason} {money(adjustment.amount_cents)}{units}"


def _procedure(procedure: Procedure) -> str:
    code = "-".join([procedure.code, *procedure.modifiers])
    return " ".join(filter(None, (procedure.qualifier, code, procedure.description)))


def _rest(segment: RestSegment) -> str:
    return f"{'*'.join(segment.elements)} ({segment.loop})"


IN_ONE_LINE: dict[type, Callable[[Any], str]] = {
    Party: _party,
    Address: _address,
    Reference: _reference,
    Contact: _contact,
    ContactNumber: _contact_number,
    DateFact: _date,
    Amount: lambda amount: f"{amount.qualifier} {money(amount.amount_cents)}",
    Quantity: lambda quantity: f"{quantity.qualifier} {quantity.quantity:f}",
    Adjustment: _adjustment,
    Diagnosis: lambda diagnosis: f"{diagnosis.qualifier} {diagnosis.code}",
    Procedure: _procedure,
    InpatientAdjudication: lambda facts: "*".join(facts.elements),
    OutpatientAdjudication: lambda facts: "*".join(facts.elements),
    RestSegment: _rest,
    StatusCode: lambda code: "-".join(
        filter(None, (code.category, code.status, code.entity)),
    ),
}
