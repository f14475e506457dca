"""The sub-ledger of provider adjustments (PLB): which entries belong to one open item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.codes.provider_adjustments import PlbAccount, plb_reasons


@dataclass(slots=True, kw_only=True)
class OpenItem:
    """One line of the sub-ledger: payer, payee, account and reference; 0 when it is settled.

    `balance_cents` sums the amounts as the PLB writes them: negative while the payer still waits
    for its money, positive while it owes us.
    """

    id: UUID
    account: str
    reference_digest: bytes
    balance_cents: int
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The item an amount belongs to, None for a new one; `inferred` where the reference lied."""

    item: OpenItem | None
    inferred: bool = False


def account_of(code: str, amount_cents: int) -> str:
    """The account for a reason and sign; an unknown reason goes to suspense, never away."""
    return plb_reasons().reason(code).account_for(amount_cents).value


def place(
    account: str, reference_digest: bytes, amount_cents: int, items: Sequence[OpenItem]
) -> Placed:
    """The open item of a payer and payee that an amount belongs to.

    The same reference decides. Payers that forward a balance under another reference are paired
    with the oldest opposite balance, and that is marked as inferred (RFI 1114, 2218).
    """
    same = [one for one in items if one.account == account]
    for one in same:
        if one.reference_digest == reference_digest:
            return Placed(item=one)
    if account != PlbAccount.CARRIED_BALANCE:
        return Placed(item=None)
    opposite = [one for one in same if one.balance_cents * amount_cents < 0]
    fitting = [one for one in opposite if one.balance_cents == -amount_cents] or opposite
    if not fitting:
        return Placed(item=None)
    return Placed(item=min(fitting, key=lambda one: one.opened_on), inferred=True)
