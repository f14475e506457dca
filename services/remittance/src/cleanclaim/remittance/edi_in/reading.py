"""Bytes of an 835 to remittances, each ST for itself, with whatever is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cleanclaim.remittance.domain.remittance import (
    Fault,
    Head,
    Payee,
    Payer,
    ProviderAdjustment,
    Remittance,
)
from cleanclaim.remittance.edi_in import faults as faulty
from cleanclaim.remittance.edi_in.content import content_hashes, marked
from cleanclaim.remittance.edi_in.stream import FileReading, SetRead
from cleanclaim.x12 import ProviderAdjustment835, Remittance835

REMITTANCE = "835"
_LONGEST_CONTROL = 50


@dataclass(frozen=True, slots=True)
class FileRead:
    """The remittances of a file in their order, and the faults of the file itself."""

    remittances: tuple[Remittance, ...]
    faults: tuple[Fault, ...]


def read_file(content: bytes) -> FileRead:
    """Every 835 in a file, bad ones with their faults. Raises `Unreadable` where it is no X12."""
    reading = FileReading(content)
    hashes = content_hashes(content)
    ours = [one for one in reading.sets if one.held.identifier == REMITTANCE]
    remittances = tuple(
        _remittance(number, hashes.get(one.held.position.byte_offset, b""), one)
        for number, one in enumerate(ours, 1)
    )
    return FileRead(remittances, tuple(dict.fromkeys(map(faulty.fault, reading.findings))))


def _remittance(number: int, content: bytes, one: SetRead) -> Remittance:
    held = one.held
    envelope = faulty.envelope_faults(one.around, held)
    read = one.head or Remittance835(payment_cents=0, method="")
    head, missing = _head(one.head, held.control_number)
    payments = tuple(one.payments)
    return Remittance(
        set_control_number=held.control_number[:_LONGEST_CONTROL],
        set_number=number,
        content_hash=marked(content, (fault.rule for fault in envelope)),
        head=head,
        payer=_payer(read),
        payee=_payee(read),
        payments=payments,
        provider_adjustments=_provider_adjustments(one.provider_adjustments, head),
        faults=(
            *envelope,
            *faulty.unreadable_faults(held),
            *faulty.unstorable(payments),
            *missing,
        ),
        defects=faulty.defects(held),
    )


def _head(read: Remittance835 | None, control: str) -> tuple[Head | None, tuple[Fault, ...]]:
    """BPR and TRN, or what is missing of them; a payment that cannot be named is not told."""
    place = f"BPR and TRN of set {control}"
    if read is None:
        message = "the payment cannot be read: have the payer send it again"
        return None, (Fault(rule="payment-unreadable", place=place, message=message),)
    texts = (read.trace_number, read.method)
    usable = all(text.isprintable() and 1 <= len(text) <= _LONGEST_CONTROL for text in texts)
    usable &= read.trace_originator.isprintable()
    if read.paid_on is None or not usable or len(read.trace_originator) > _LONGEST_CONTROL:
        message = "the payment lacks its day, method or trace: have the payer send it again"
        return None, (Fault(rule="payment-incomplete", place=place, message=message),)
    head = Head(
        payment_cents=read.payment_cents,
        is_debit=read.credit_or_debit == "D",
        method=read.method,
        paid_on=read.paid_on,
        trace_number=read.trace_number,
        originating_company_id=read.trace_originator,
        produced_on=read.production_on,
    )
    return head, ()


def _payer(read: Remittance835) -> Payer:
    party = read.payer
    numbers = (party.identifier, *(one.value for one in party.references if one.qualifier == "2U"))
    name = "".join(letter for letter in party.name if letter.isprintable())
    return Payer(name=name, identifiers=tuple(one for one in numbers if one))


def _payee(read: Remittance835) -> Payee:
    party = read.payee
    tin = party.tax_id or party.reference("TJ")
    npi = party.npi if len(party.npi) == 10 and party.npi.isascii() and party.npi.isdigit() else ""
    return Payee(npi=npi or None, tin=tin or None)


def _provider_adjustments(
    given: Sequence[ProviderAdjustment835], head: Head | None
) -> tuple[ProviderAdjustment, ...]:
    if head is None:
        return ()
    return tuple(
        ProviderAdjustment(
            position=position,
            code=one.reason[:60] or "unknown",
            reference=one.reference,
            amount_cents=one.amount_cents,
            # PLB02: without a day the fiscal year of the provider is the calendar year
            fiscal_period_ends_on=one.fiscal_period_on or date(head.paid_on.year, 12, 31),
        )
        for position, one in enumerate(given, 1)
    )
