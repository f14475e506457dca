"""Takes remittances in: each one is posted, held whole, or known already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cleanclaim.chassis.raw_files import RawFile
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import open_items
from cleanclaim.remittance import events_out, store
from cleanclaim.remittance.commands import judging
from cleanclaim.remittance.commands.posting import post_remittance
from cleanclaim.remittance.domain import attention
from cleanclaim.remittance.domain.balancing import equations
from cleanclaim.remittance.domain.directory import (
    PayerReference,
    Recognised,
    recognise_payee,
    recognise_payer,
)
from cleanclaim.remittance.domain.holding import reasons_to_hold
from cleanclaim.remittance.domain.kept import KeptRemittance, Tally
from cleanclaim.remittance.domain.remittance import HELD, POSTED, Fault, Remittance

KNOWN_ALREADY = "known_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one ST: posted, held (`reasons`, `faults`) or known_already (`status`)."""

    remittance_id: UUID
    set_control_number: str
    outcome: str
    status: str
    reasons: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    defects: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where remittances came from: the sealed file, the door, and when it was opened."""

    file: RawFile
    source: str
    mailbox: str | None
    received_at: datetime


async def take_remittances(
    work: Work, *, vault: Vault, remittances: Sequence[Remittance], origin: Origin
) -> list[Taken]:
    """Post what may be posted, hold what may not, in the order of the file.

    One bad ST leaves its neighbours alone. The same content again changes nothing, whatever file,
    envelope or line ends it came with.
    """
    await store.judge_alone(work)
    known_payers = await store.payers(work)
    taken = []
    for remittance in remittances:
        known = await store.remittance_with_content(work, remittance.content_hash)
        if known is not None:
            taken.append(
                Taken(
                    remittance_id=known["id"],
                    set_control_number=remittance.set_control_number,
                    outcome=KNOWN_ALREADY,
                    status=known["status"],
                    reasons=tuple(known["reasons"]),
                )
            )
            continue
        taken.append(await _take(work, vault, remittance, origin, known_payers))
    return taken


async def _take(
    work: Work,
    vault: Vault,
    remittance: Remittance,
    origin: Origin,
    known_payers: Sequence[PayerReference],
) -> Taken:
    kept = await judged(
        work,
        kept=KeptRemittance(
            remittance_id=work.runtime.new_id(),
            file_id=origin.file.id,
            remittance=remittance,
            equations=(),
            status=HELD,
            reasons=(),
            payer_id=None,
            payee_provider_id=None,
            source=origin.source,
            mailbox=origin.mailbox,
            received_at=origin.received_at,
        ),
        known_payers=known_payers,
    )
    await store.add_remittance(work, kept)
    received = events_out.received(kept, origin.file.digest.hex())
    if received is not None:
        work.tell(received)
    if kept.status == HELD:
        await hold(work, kept=kept)
    else:
        await post(work, vault=vault, kept=kept, known_payers=known_payers)
    return Taken(
        remittance_id=kept.remittance_id,
        set_control_number=remittance.set_control_number,
        outcome=kept.status,
        status=kept.status,
        reasons=kept.reasons,
        faults=remittance.faults,
        defects=remittance.defects,
    )


async def judged(
    work: Work, *, kept: KeptRemittance, known_payers: Sequence[PayerReference]
) -> KeptRemittance:
    """The remittance with its equations, payer, payee, and whether it may be posted now."""
    content, head = kept.remittance, kept.remittance.head
    if head is None:
        reasons = reasons_to_hold(
            content, tried=(), payer=Recognised(id=None), payee=Recognised(id=None)
        )
        return replace(kept, status=HELD, reasons=reasons)
    payer = recognise_payer(content.payer, head, known_payers)
    payee = recognise_payee(content.payee, head.paid_on, await store.providers(work))
    tried = equations(content)
    namesakes = await store.namesakes_of(work, content, but=kept.remittance_id)
    reasons = reasons_to_hold(content, tried=tried, payer=payer, payee=payee, namesakes=namesakes)
    return replace(
        kept,
        equations=tried,
        payer_id=payer.id,
        payee_provider_id=payee.id,
        reasons=reasons,
        status=HELD if reasons else POSTED,
    )


async def hold(work: Work, *, kept: KeptRemittance) -> None:
    """Tell that all of a remittance waits, and ask a person to look."""
    told = events_out.held(kept)
    if told is not None:
        work.tell(told)
    head = kept.remittance.head
    trouble = attention.Trouble(
        kind=attention.REMITTANCE_HELD,
        subject_type="remittance",
        subject_id=kept.remittance_id,
        reason=kept.reasons[0],
        value_cents=head.payment_cents if head else 0,
    )
    item = judging.work_item(work, trouble, None)
    await open_items(work, [item], opened_at=work.now)


async def post(
    work: Work, *, vault: Vault, kept: KeptRemittance, known_payers: Sequence[PayerReference]
) -> None:
    """Post a remittance that may be posted, and write down what was told of it."""
    head = kept.remittance.head
    if head is None:
        raise AssertionError
    tally = await post_remittance(
        work, vault=vault, kept=kept, head=head, known_payers=known_payers
    )
    await store.change_remittance(work, kept, counts=_counts(tally))


def _counts(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in Tally.__slots__}
