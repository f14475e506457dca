"""A refusal as the payer told it, and the one adjustment that a refused part rests on."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.codes.denials import denial_codes
from cleanclaim.codes.vocabulary import AdjustmentGroup
from cleanclaim.values.errors import Invalid

# Posting judged the amounts once; these two of its words mean that a case opens (D3, D4, D8).
REFUSING = frozenset({"denied", "payer_initiated"})


class RefusalWithoutReason(Invalid):
    """An amount is refused, but no adjustment says why."""


class RefusedAmountsDisagree(Invalid):
    """The refused lines add up to more than the claim's refused amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One CAS pair with posting's judgement of it; the amount is as written, in cents."""

    group_code: str
    reason_code: str
    amount_cents: int
    disposition: str

    @property
    def group(self) -> AdjustmentGroup | None:
        """Who owes the amount; None for a group that the standard does not know."""
        known = {one.value: one for one in AdjustmentGroup}
        return known.get(self.group_code)

    @property
    def refuses(self) -> bool:
        """True where posting left a positive amount with the payer as refused."""
        return self.amount_cents > 0 and self.disposition in REFUSING


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPart:
    """A refused line, or the claim as a whole (`whole_claim`, without a line of its own)."""

    line_id: UUID | None
    whole_claim: bool
    line_control_number: str | None
    procedure_code: str | None
    modifiers: tuple[str, ...]
    units: str | None
    service_from_on: date | None
    service_to_on: date | None
    charge_cents: int
    paid_cents: int
    denied_cents: int
    adjustments: tuple[Adjustment, ...]
    remark_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a refusal stands: whose claim, which decision of which payer, and its days."""

    claim_payment_id: UUID
    remittance_id: UUID
    claim_id: UUID
    claim_version: int
    claim_type: str
    patient_account_id: UUID
    payer_id: UUID
    payer_responsibility: str
    payment_sequence: int
    claim_status_code: str
    payer_claim_control_number: str | None
    adjudicated_on: date
    service_from_on: date | None
    service_to_on: date | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """All that one decision of a payer refused on one claim; `scope` is claim or line."""

    origin: Origin
    scope: str
    parts: tuple[RefusedPart, ...]


def whole_claim_cents(*, denied_cents: int, line_denied_cents: int) -> int:
    """What is refused on the claim as a whole, beside its lines, in cents.

    Raises:
        RefusedAmountsDisagree: the lines alone are more than all that was refused.
    """
    rest = denied_cents - line_denied_cents
    if rest < 0:
        raise RefusedAmountsDisagree(
            "the refused lines add up to more than the refused amount of the claim",
            pointer="/denied_cents",
            fix="correct the posting of this remittance and tell the refusal again",
        )
    return rest


def primary_reason(*, part: RefusedPart) -> Adjustment:
    """The adjustment a part's case rests on (rule 4): the largest that refuses, else the first.

    Codes that are no denial are dropped, unless nothing else refuses: then a contractual code
    took the whole charge (D8) or a payer without contract refused (D4), and it is the reason.

    Raises:
        RefusalWithoutReason: no adjustment of the part refuses anything.
    """
    refusing = [one for one in part.adjustments if one.refuses]
    denials = [one for one in refusing if denial_codes().carc(one.reason_code).is_denial]
    candidates = denials or refusing
    if not candidates:
        raise RefusalWithoutReason(
            "an amount is refused, but no adjustment of it is judged as refused",
            pointer="/adjustments",
            fix="correct the posting of this remittance and tell the refusal again",
        )
    return max(candidates, key=lambda one: one.amount_cents)
