"""What a payer may write beside the simulator's own remittances: second thoughts, early payments."""

from datetime import date, datetime, time

import msgspec

from cleanclaim.payersim.bank import Credit, bai2
from cleanclaim.x12 import (
    Adjustment,
    ClaimPayment835,
    Envelope,
    Reference,
    Remittance835,
    ServicePayment835,
    build_835,
    parse,
)

from .stories import PRAIRIE


def the_remittance(content: bytes) -> Remittance835:
    """The one remittance of a file."""
    (found,) = parse(content).remittances
    return found


def a_file(
    template: Remittance835, *claims: ClaimPayment835, paid_on: date, trace: str, number: int
) -> bytes:
    """An 835 with these claims, by the payer and for the clinic of the template."""
    paid = sum(one.paid_cents for one in claims)
    changed = msgspec.structs.replace(
        template,
        claims=list(claims),
        payment_cents=paid,
        paid_on=paid_on,
        production_on=paid_on,
        trace_number=trace,
        provider_adjustments=[],
        rest=[],
    )
    envelope = Envelope(
        sender="CLEARHOUSE",
        receiver="DEMOCLINIC",
        interchange_control_number=number,
        group_control_number=number,
        prepared_at=datetime.combine(paid_on, time(18, 0)),
        line_break="\n",
    )
    return build_835([changed], envelope=envelope)


def reversal_of(claim: ClaimPayment835) -> ClaimPayment835:
    """The payer takes its decision back: status 22, every amount negative."""
    return msgspec.structs.replace(
        claim,
        status="22",
        charge_cents=-claim.charge_cents,
        paid_cents=-claim.paid_cents,
        patient_responsibility_cents=None,
        adjustments=_negative(claim.adjustments),
        lines=[
            msgspec.structs.replace(
                line,
                charge_cents=-line.charge_cents,
                paid_cents=-line.paid_cents,
                adjustments=_negative(line.adjustments),
                amounts=[],
            )
            for line in claim.lines
        ],
    )


def correction_of(claim: ClaimPayment835, *, contractual_cents: int) -> ClaimPayment835:
    """The payer decides anew: one line, of which this much is contractual and the rest is paid."""
    (line,) = claim.lines
    paid = line.charge_cents - contractual_cents
    decided: ServicePayment835 = msgspec.structs.replace(
        line,
        paid_cents=paid,
        adjustments=[Adjustment("CO", "45", contractual_cents)],
        amounts=[],
    )
    return msgspec.structs.replace(claim, paid_cents=paid, lines=[decided])


def for_another_claim(
    claim: ClaimPayment835, *, control_number: str, line_control_number: str, payer_number: str
) -> ClaimPayment835:
    """The same decision on a claim of the same services under other numbers."""
    (line,) = claim.lines
    changed = msgspec.structs.replace(line, references=[Reference("6R", line_control_number)])
    return msgspec.structs.replace(
        claim,
        patient_control_number=control_number,
        payer_claim_control_number=payer_number,
        lines=[changed],
    )


def deposit(story, *, amount_cents: int, trace: str, on: date, number: int) -> None:
    """The bank tells of one credit by this payer, in a file in the bank's mailbox."""
    credit = Credit(
        amount_cents=amount_cents,
        trace_number=trace,
        originating_company_id=PRAIRIE.originating_company_id,
        payer_name=PRAIRIE.name.upper(),
    )
    put(
        story.clinic.bank_mailbox,
        f"BAI2_{number:06d}.bai",
        bai2([credit], on=on, file_number=number),
    )


def put(mailbox, name: str, content: bytes) -> None:
    """Lay a file into a mailbox as a carrier does: under another name first."""
    inbound = mailbox / "inbound"
    (inbound / f".{name}.tmp").write_bytes(content)
    (inbound / f".{name}.tmp").rename(inbound / name)


def _negative(adjustments: list[Adjustment]) -> list[Adjustment]:
    return [
        Adjustment(one.group, one.reason, -one.amount_cents, one.quantity) for one in adjustments
    ]
