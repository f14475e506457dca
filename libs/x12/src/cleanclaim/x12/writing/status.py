"""Claim status questions to a 276 and answers to a 277 (005010X212)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cleanclaim.x12.acknowledgements import ClaimStatus
from cleanclaim.x12.amounts import text_of_day
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import Party
from cleanclaim.x12.status import (
    StatusAnswer277,
    StatusContext,
    StatusInquiry276,
    StatusLine,
)
from cleanclaim.x12.writer import Builder, Element, Envelope, Written, arranged
from cleanclaim.x12.writing import facts
from cleanclaim.x12.writing.levels import Levels, runs

Asked = TypeVar("Asked", bound=StatusContext)


def build_276(
    inquiries: Sequence[StatusInquiry276], *, envelope: Envelope, reference: str
) -> bytes:
    """Write questions as one 276; those of one payer, provider and patient stand together.

    `reference` is BHT03. Raises `Unwritable`.
    """
    if not inquiries:
        raise Unwritable("a 276 needs a question: give one at least")
    builder = Builder(envelope)
    at = envelope.prepared_at
    builder.open_set("276")
    builder.segment("BHT", "0010", "13", reference, f"{at:%Y%m%d}", f"{at:%H%M}")
    _Tree(builder, "276").write_sources(list(inquiries))
    return builder.to_bytes()


def build_277(answers: Sequence[StatusAnswer277], *, envelope: Envelope, reference: str) -> bytes:
    """Write answers as one 277: to claims, or to all that a provider or receiver asked.

    `reference` is BHT03. Raises `Unwritable`.
    """
    if not answers:
        raise Unwritable("a 277 needs an answer: give one at least")
    builder = Builder(envelope)
    at = envelope.prepared_at
    builder.open_set("277")
    builder.segment("BHT", "0010", "08", reference, f"{at:%Y%m%d}", f"{at:%H%M}", "DG")
    _Tree(builder, "277").write_sources(list(answers))
    return builder.to_bytes()


class _Tree(Levels):
    """The HL levels of a 276 or 277."""

    def __init__(self, builder: Builder, kind: str) -> None:
        super().__init__(builder)
        self.kind = kind

    def write_sources(self, found: list[Asked]) -> None:
        for members in runs(found, lambda item: item.payer):
            source = self.write(0, "20", "1")
            self.builder.segment(*facts.name(members[0].payer))
            self.builder.segments(map(facts.contact, members[0].payer.contacts))
            for owned in runs(members, lambda item: item.receiver):
                self._write_receiver(owned, source)

    def _write_receiver(self, found: list[Asked], source: int) -> None:
        to_all = [item for item in found if _level(item) == "receiver"]
        others = [item for item in found if _level(item) != "receiver"]
        receiver = self.write(source, "21", "1" if others else "0")
        self.builder.segment(*facts.name(found[0].receiver))
        self._write_level_answers(to_all, "2")
        for owned in runs(others, lambda item: item.providers):
            self._write_provider(owned, receiver)

    def _write_provider(self, found: list[Asked], receiver: int) -> None:
        to_all = [item for item in found if _level(item) == "provider"]
        others = [item for item in found if _level(item) != "provider"]
        provider = self.write(receiver, "19", "1" if others else "0")
        self.builder.segments(map(facts.name, found[0].providers))
        self._write_level_answers(to_all, "1")
        for owned in runs(others, lambda item: item.subscriber):
            self._write_subscriber(owned, provider)

    def _write_level_answers(self, found: list[Asked], kind: str) -> None:
        if len(found) > 1:
            raise Unwritable("a receiver or provider is answered once: give one answer for it")
        for item in found:
            self.builder.segment("TRN", kind, item.trace)
            if isinstance(item, StatusAnswer277):
                self.builder.segments(map(_status, item.statuses))

    def _write_subscriber(self, found: list[Asked], provider: int) -> None:
        """Claims of the subscriber himself come first: they stand above any dependent."""
        subscriber = found[0].subscriber
        if subscriber is None:
            raise Unwritable("a claim needs its subscriber: name him")
        has_dependents = any(item.dependent is not None for item in found)
        number = self.write(provider, "22", "1" if has_dependents else "0")
        self._born(subscriber)
        self.builder.segment(*facts.name(subscriber))
        for item in found:
            if item.dependent is None:
                self._write_claim(item, "D")
        with_dependent = [item for item in found if item.dependent is not None]
        for owned in runs(with_dependent, lambda item: item.dependent):
            self.write(number, "23", "")
            dependent = owned[0].dependent
            if dependent is not None:
                self._born(dependent)
                self.builder.segment(*facts.name(dependent))
            for item in owned:
                self._write_claim(item, "E")

    def _born(self, party: Party) -> None:
        """The DMG of a 276 stands before the name; a 277 has none."""
        if self.kind == "276" and party.birth_on is not None:
            self.builder.segment("DMG", "D8", text_of_day(party.birth_on), party.sex)

    def _write_claim(self, item: StatusContext, letter: str) -> None:
        written: list[Written] = [["TRN", "1" if self.kind == "276" else "2", item.trace]]
        if isinstance(item, StatusAnswer277):
            written += map(_status, item.statuses)
        written += map(facts.reference, item.references)
        if isinstance(item, StatusInquiry276) and item.charge_cents is not None:
            written.append(["AMT", "T3", facts.cents(item.charge_cents)])
        written += map(facts.period, item.dates)
        self.builder.segments(arranged(self.kind, f"2200{letter}", written))
        for line in item.lines:
            loop = "2210D" if self.kind == "276" else "2220D"
            self.builder.segments(arranged(self.kind, loop, _line(line)))


def _level(item: StatusContext) -> str:
    return item.level if isinstance(item, StatusAnswer277) else "claim"


def _line(line: StatusLine) -> list[Written]:
    procedure, units = facts.procedure(line.procedure), facts.number(line.units)
    amounts = (facts.cents(line.charge_cents), facts.cents(line.paid_cents))
    written: list[Written] = [["SVC", procedure, *amounts, line.revenue_code, "", "", units]]
    written += map(_status, line.statuses)
    written += map(facts.reference, line.references)
    written += map(facts.period, line.dates)
    return written


def _status(status: ClaimStatus) -> Written:
    codes: list[Element] = [
        (code.category, code.status, code.entity, code.code_list) for code in status.codes
    ]
    if not 1 <= len(codes) <= 3:
        raise Unwritable("STC holds one to three status codes: give so many")
    return [
        "STC",
        codes[0],
        facts.on(status.effective_on),
        "",
        facts.cents(status.amount_cents),
        facts.cents(status.paid_cents),
        facts.on(status.adjudicated_on),
        "",
        facts.on(status.remitted_on),
        status.check_number,
        *codes[1:],
    ]
