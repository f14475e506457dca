"""Releases a held remittance when its cause is gone, or rejects it for a reason."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import close_items
from cleanclaim.remittance import store
from cleanclaim.remittance.commands.taking import judged, post
from cleanclaim.remittance.domain.kept import KeptRemittance
from cleanclaim.remittance.domain.remittance import (
    HELD,
    REJECTED,
    NoSuchRemittance,
    Remittance,
    RemittanceNotHeld,
    RemittanceStillHeld,
)
from cleanclaim.values.errors import Detail


async def release_remittance(
    work: Work, *, vault: Vault, remittance_id: UUID, remittances: Sequence[Remittance]
) -> None:
    """Judge a held remittance anew, read again from its file, and post it if nothing holds it.

    Raises:
        NoSuchRemittance: there is none of that id.
        RemittanceNotHeld: it is posted or rejected.
        RemittanceStillHeld: what holds it is still there; the details name it.
    """
    await store.judge_alone(work)
    row = await _held(work, remittance_id)
    content = next((one for one in remittances if one.set_number == row["set_number"]), None)
    if content is None:
        raise NoSuchRemittance("the file of this remittance does not hold it any more")
    known_payers = await store.payers(work)
    kept = await judged(work, kept=_kept(row, content), known_payers=known_payers)
    if kept.status == HELD:
        raise RemittanceStillHeld(
            "what holds this remittance is still there",
            details=tuple(_detail(reason) for reason in kept.reasons),
        )
    await store.change_remittance(work, kept)
    await post(work, vault=vault, kept=kept, known_payers=known_payers)
    await close_items(work, [remittance_id], outcome="released", closed_at=work.now)


async def reject_remittance(work: Work, *, remittance_id: UUID, reason: str) -> None:
    """Put a held remittance away for good; none of it will be posted. `reason` is a code.

    Raises:
        NoSuchRemittance: there is none of that id.
        RemittanceNotHeld: it is posted or rejected already.
    """
    await store.judge_alone(work)
    await _held(work, remittance_id)
    await store.put_away(work, remittance_id, status=REJECTED, reason=reason)
    await close_items(work, [remittance_id], outcome="rejected", closed_at=work.now)


async def _held(work: Work, remittance_id: UUID) -> Any:
    row = await store.one_remittance(work, remittance_id)
    if row is None:
        raise NoSuchRemittance(
            "there is no such remittance", fix="check the id; a list is at /v1/remittances"
        )
    if row["status"] != HELD:
        raise RemittanceNotHeld(
            f"the remittance is {row['status']}; only a held one can be released or rejected"
        )
    return row


def _kept(row: Any, content: Remittance) -> KeptRemittance:
    return KeptRemittance(
        remittance_id=row["id"],
        file_id=row["file_id"],
        remittance=replace(content, set_control_number=row["set_control_number"]),
        equations=(),
        status=row["status"],
        reasons=tuple(row["reasons"]),
        payer_id=row["payer_id"],
        payee_provider_id=row["payee_provider_id"],
        source=row["source"],
        mailbox=row["mailbox"],
        received_at=row["received_at"],
    )


_FIXES = {
    "malformed": "have the payer send the file again; a cut or damaged one is never posted",
    "unreadable": "have the payer send the file again; the payment itself cannot be read",
    "unbalanced": "ask the payer for a remittance that sums up; see the balance report",
    "unknown_payer": "configure the payer with the names and numbers it uses in an 835",
    "ambiguous_payer": "let the directory's payers share no name or number of an 835",
    "unknown_payee": "configure the billing provider with the payee's NPI or tax number",
    "ambiguous_payee": "let no two billing providers share NPI or tax number",
    "duplicate": "another remittance bears the same trace, amount and day: reject one of them",
    "negative_payment": "ask the payer to carry the negative balance forward (PLB FB)",
    "debit": "a debit takes money from the account: settle it with the payer",
}


def _detail(reason: str) -> Detail:
    return Detail(code=reason, message=f"held: {reason}", fix=_FIXES.get(reason))
