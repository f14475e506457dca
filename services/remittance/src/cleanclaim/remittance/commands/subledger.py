"""Posts the provider adjustments (PLB) of a remittance to their sub-ledger."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import open_items
from cleanclaim.codes.provider_adjustments import ClaimLink, plb_reasons
from cleanclaim.remittance import events_out, store
from cleanclaim.remittance.commands import judging
from cleanclaim.remittance.domain import attention
from cleanclaim.remittance.domain.claim_reference import digest, normalised
from cleanclaim.remittance.domain.kept import KeptRemittance
from cleanclaim.remittance.domain.open_item import OpenItem, account_of, place
from cleanclaim.remittance.domain.remittance import Head, ProviderAdjustment


async def post_adjustments(work: Work, *, vault: Vault, kept: KeptRemittance, head: Head) -> None:
    """Post and tell every PLB amount; none is dropped, whatever its code or reference."""
    given = kept.remittance.provider_adjustments
    if not given or kept.payer_id is None or kept.payee_provider_id is None:
        return
    ledger = {"payer_id": kept.payer_id, "payee_provider_id": kept.payee_provider_id}
    items = await store.open_items(work, **ledger)
    claims = await _claims_meant(work, kept.payer_id, given)
    rows = []
    for one in given:
        item, inferred = _item_for(work, one, items, head)
        row = _row(kept, head, one) | {
            "claim_id": claims.get(one.position),
            "open_item_id": item.id,
            "inferred": inferred,
            "posted_at": work.now,
        }
        row["reference_sealed"] = await _sealed(work, vault, row["id"], one.reference)
        rows.append(row)
    await store.put_open_items(work, items, **ledger)
    await store.add_adjustments(work, rows)
    work.tell(
        *(events_out.adjusted(row, kept.remittance_id, kept.remittance.payee.npi) for row in rows)
    )
    await _ask_for_review(work, rows)


def _item_for(
    work: Work, one: ProviderAdjustment, items: list[OpenItem], head: Head
) -> tuple[OpenItem, bool]:
    account = account_of(one.code, one.amount_cents)
    reference = digest(work.organization_id, "plb", one.reference)
    placed = place(account, reference, one.amount_cents, items)
    item = placed.item
    if item is None:
        item = OpenItem(
            id=work.runtime.new_id(),
            account=account,
            reference_digest=reference,
            balance_cents=0,
            opened_on=head.paid_on,
        )
        items.append(item)
    item.balance_cents += one.amount_cents
    return item, placed.inferred


def _row(kept: KeptRemittance, head: Head, one: ProviderAdjustment) -> dict[str, Any]:
    return {
        "id": events_out.provider_adjustment_id(kept.remittance_id, one.position),
        "remittance_id": kept.remittance_id,
        "position": one.position,
        "payer_id": kept.payer_id,
        "payee_provider_id": kept.payee_provider_id,
        "code": one.code,
        "account": account_of(one.code, one.amount_cents),
        "amount_cents": one.amount_cents,
        "fiscal_period_ends_on": one.fiscal_period_ends_on,
        "paid_on": head.paid_on,
        "trace_number": head.trace_number,
    }


async def _claims_meant(
    work: Work, payer_id: UUID, given: Sequence[ProviderAdjustment]
) -> dict[int, UUID]:
    """The claim of each amount that its reference leads to, by position.

    References are free text, some with several values in them: the payer's claim number is looked
    for first, then our patient control number. One that finds nothing is no trouble.
    """
    pieces = {
        one.position: _pieces(one.reference)
        for one in given
        if plb_reasons().reason(one.code).claim_link is not ClaimLink.NEVER
    }
    wanted = {piece for several in pieces.values() for piece in several}
    if not wanted:
        return {}
    by_payer = await store.by_payer_control_number(work, payer_id, wanted)
    by_ours = await store.references_by_control_number(work, wanted)
    found: dict[int, UUID] = {}
    for position, several in pieces.items():
        claims = [by_payer[piece] for piece in several if piece in by_payer]
        claims += [one.claim_id for p in several for one in by_ours.get(normalised(p), ())]
        if claims:
            found[position] = claims[0]
    return found


def _pieces(reference: str) -> list[str]:
    return [reference, *reference.split()] if reference.strip() else []


async def _sealed(work: Work, vault: Vault, row_id: UUID, reference: str) -> bytes | None:
    if not reference:
        return None
    at = Place("provider_adjustments", "reference_sealed", row_id)
    return await vault.seal(work, at, reference.encode())


async def _ask_for_review(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    troubles = [
        attention.Trouble(
            kind=attention.PROVIDER_ADJUSTMENT,
            subject_type="provider_adjustment",
            subject_id=row["id"],
            reason=f"{row['account']}",
            value_cents=row["amount_cents"],
        )
        for row in rows
        if attention.needs_review(row["code"])
    ]
    items = [judging.work_item(work, trouble, None) for trouble in troubles]
    await open_items(work, items, opened_at=work.now)
