"""Eligibility questions to a 270 and answers to a 271 (005010X279A1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cleanclaim.x12.eligibility import (
    EligibilityAnswer271,
    EligibilityContext,
    EligibilityInquiry270,
    InsuredPerson,
    Rejection,
    Specialty,
)
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.writer import Builder, Envelope, Written, arranged
from cleanclaim.x12.writing import benefits, facts
from cleanclaim.x12.writing.levels import Levels, runs

Asked = TypeVar("Asked", bound=EligibilityContext)


def build_270(
    inquiries: Sequence[EligibilityInquiry270],
    *,
    envelope: Envelope,
    reference: str,
    purpose: str = "13",
) -> bytes:
    """Write questions as one 270; those of one payer and provider stand together.

    `reference` is BHT03, `purpose` BHT02 (13 request, 01 cancellation). Raises `Unwritable`.
    """
    if not inquiries:
        raise Unwritable("a 270 needs a question: give one at least")
    builder = _begun(envelope, "270", (purpose, reference))
    _Tree(builder, "270").write_sources(list(inquiries))
    return builder.to_bytes()


def build_271(
    answers: Sequence[EligibilityAnswer271], *, envelope: Envelope, reference: str
) -> bytes:
    """Write answers as one 271. `reference` is BHT03, that of the 270. Raises `Unwritable`."""
    if not answers:
        raise Unwritable("a 271 needs an answer: give one at least")
    builder = _begun(envelope, "271", ("11", reference))
    _Tree(builder, "271").write_sources(list(answers))
    return builder.to_bytes()


def _begun(envelope: Envelope, kind: str, head: tuple[str, str]) -> Builder:
    builder = Builder(envelope)
    at = envelope.prepared_at
    builder.open_set(kind)
    builder.segment("BHT", "0022", *head, f"{at:%Y%m%d}", f"{at:%H%M}")
    return builder


def rejection(fact: Rejection) -> Written:
    """AAA."""
    return ["AAA", "Y" if fact.is_valid else "N", "", fact.reason, fact.follow_up]


def specialty(fact: Specialty | None) -> list[Written]:
    """PRV, where there is one."""
    return [] if fact is None else [["PRV", fact.role, fact.qualifier, fact.identifier]]


class _Tree(Levels):
    """The HL levels of a 270 or 271."""

    def __init__(self, builder: Builder, kind: str) -> None:
        super().__init__(builder)
        self.kind = kind

    def arranged(self, loop: str, written: list[Written]) -> None:
        self.builder.segments(arranged(self.kind, loop, written))

    def write_sources(self, found: list[Asked]) -> None:
        for members in runs(found, _source):
            first = members[0]
            told = first.receiver.name or first.receiver.identifier
            number, level = self.level(0, "20", "1" if told else "0")
            refused, named = _refusals(first)
            self.builder.segments([level, *map(rejection, refused)])
            written = [facts.name(first.source), *map(facts.contact, first.source.contacts)]
            self.arranged("2100A", [*written, *map(rejection, named)])
            if told:
                for owned in runs(members, _receiver):
                    self._write_receiver(owned, number)

    def _write_receiver(self, found: list[Asked], source: int) -> None:
        first = found[0]
        people = [item for item in found if item.subscriber is not None]
        number = self.write(source, "21", "1" if people else "0")
        written = [facts.name(first.receiver)]
        written += facts.after_name(first.receiver, specialty="")
        written += specialty(first.receiver_specialty)
        if isinstance(first, EligibilityAnswer271):
            written += map(rejection, first.receiver_rejections)
        self.arranged("2100B", written)
        for owned in runs(people, lambda item: item.subscriber):
            self._write_subscriber(owned, number)

    def _write_subscriber(self, found: list[Asked], receiver: int) -> None:
        """What is asked of the subscriber himself comes first: it stands above any dependent."""
        own = [item for item in found if item.dependent is None]
        others = [item for item in found if item.dependent is not None]
        if found[0].subscriber is None:
            raise Unwritable("a question needs its subscriber: name him")
        number = self._write_person(receiver, ("22", "C", "1" if others else "0"), found[0])
        for item in own:
            self._write_facts(item, "C")
        for owned in runs(others, lambda item: item.dependent):
            self._write_person(number, ("23", "D", "0"), owned[0])
            for item in owned:
                self._write_facts(item, "D")

    def _write_person(self, parent: int, level: tuple[str, str, str], item: Asked) -> int:
        code, letter, child = level
        person = item.subscriber if letter == "C" else item.dependent
        if person is None:
            raise Unwritable("a level needs its person: name him")
        number, segment = self.level(parent, code, child)
        traces: list[Written] = [
            ["TRN", trace.kind, trace.number, trace.originator, trace.supplement]
            for trace in person.traces
        ]
        self.builder.segments([segment, *traces])
        self.arranged(f"2100{letter}", _person(person, letter))
        return number

    def _write_facts(self, item: Asked, letter: str) -> None:
        if isinstance(item, EligibilityInquiry270):
            for question in item.questions:
                self.arranged(f"2110{letter}", benefits.question(question))
        elif isinstance(item, EligibilityAnswer271):
            for benefit in item.benefits:
                self._write_benefit(benefits.benefit(benefit), letter)

    def _write_benefit(self, written: benefits.WrittenBenefit, letter: str) -> None:
        self.arranged(f"2110{letter}", written.head)
        self.builder.segments(written.additional)
        if written.entities:
            self.builder.segment("LS", "2120")
            for entity in written.entities:
                self.arranged(f"2120{letter}", entity)
            self.builder.segment("LE", "2120")


def _source(item: EligibilityContext) -> object:
    refused = item.source_rejections if isinstance(item, EligibilityAnswer271) else []
    return item.source, refused


def _receiver(item: EligibilityContext) -> object:
    refused = item.receiver_rejections if isinstance(item, EligibilityAnswer271) else []
    return item.receiver, item.receiver_specialty, refused


def _refusals(item: EligibilityContext) -> tuple[list[Rejection], list[Rejection]]:
    """The AAA of 2000A (the system) and of 2100A (the source as named)."""
    if not isinstance(item, EligibilityAnswer271):
        return [], []
    told = item.source_rejections
    of_system = [fact for fact in told if fact.level == "system"]
    return of_system, [fact for fact in told if fact.level != "system"]


def _person(person: InsuredPerson, letter: str) -> list[Written]:
    written: list[Written] = [facts.name(person.party), *facts.rest(person.rest, f"2100{letter}")]
    written += facts.after_name(person.party, specialty="")
    written += map(rejection, person.rejections)
    written += specialty(person.specialty)
    if person.relationship or person.birth_sequence:
        changed = ["001", "25"] if person.changed else ["", ""]
        insured = "Y" if letter == "C" else "N"
        head: Written = ["INS", insured, person.relationship, *changed]
        written.append([*head, *[""] * 12, person.birth_sequence])
    if person.diagnoses:
        written.append(["HI", *((code.qualifier, code.code) for code in person.diagnoses)])
    written += map(facts.period, person.dates)
    return written
