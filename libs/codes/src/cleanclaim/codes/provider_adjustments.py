"""Provider-level adjustment reasons (835 segment PLB) and the account each one is posted to.

Sign rule: PLB amounts are subtracted. A positive amount lowers the payment, a negative one raises
it, so `BPR02 = sum(CLP04) - sum(PLB)`. A positive amount debits the account and credits the cash
clearing of that 835; a negative one the reverse.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import Release
from cleanclaim.codes.shipped import decode


class PlbAccount(StrEnum):
    PAYER_RECOUPMENT = "payer_recoupment"
    CARRIED_BALANCE = "carried_balance"
    REFUND_CLEARING = "refund_clearing"
    INTEREST_INCOME = "interest_income"
    INTEREST_EXPENSE = "interest_expense"
    PENALTY_EXPENSE = "penalty_expense"
    TAX_WITHHELD = "tax_withheld"
    CAPITATION = "capitation"
    INCENTIVE = "incentive"
    WITHHOLD_RECEIVABLE = "withhold_receivable"
    SETTLEMENT = "settlement"
    THIRD_PARTY = "third_party"
    SUSPENSE = "suspense"


class PlbAction(StrEnum):
    POST = "post"
    POST_AND_REVIEW = "post_and_review"
    RECOUPMENT_CASE = "recoupment_case"
    CARRY_FORWARD = "carry_forward"
    REFUND_MATCH = "refund_match"


class UsualSign(StrEnum):
    """The normal direction; the other one is legal and means a reversal."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    BOTH = "both"


class ClaimLink(StrEnum):
    """Whether it should be tied to a claim."""

    USUALLY = "usually"
    SOMETIMES = "sometimes"
    NEVER = "never"


class PlbReason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reason; `pairs_with` names the reasons that normally offset it in the same 835."""

    code: str
    meaning: str
    usual_sign: UsualSign
    account: PlbAccount
    claim_link: ClaimLink
    action: PlbAction
    account_when_positive: PlbAccount | None = None
    pairs_with: tuple[str, ...] = ()
    note: str = ""
    known: bool = True

    def account_for(self, amount_cents: int) -> PlbAccount:
        """The account for an amount as the PLB carries it: interest we owe is no income."""
        if amount_cents > 0 and self.account_when_positive is not None:
            return self.account_when_positive
        return self.account

    def reverses(self, amount_cents: int) -> bool:
        """Whether the amount runs against the reason's normal direction."""
        if self.usual_sign is UsualSign.BOTH or amount_cents == 0:
            return False
        return (amount_cents > 0) is not (self.usual_sign is UsualSign.POSITIVE)


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    accounts: dict[PlbAccount, str]
    reasons: tuple[PlbReason, ...]


class PlbReasons:
    """All provider-level reasons of one release; `accounts` says what each account holds."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.accounts: Mapping[PlbAccount, str] = MappingProxyType(content.accounts)
        self.reasons: Mapping[str, PlbReason] = MappingProxyType(
            {reason.code: reason for reason in content.reasons}
        )

    def reason(self, code: str) -> PlbReason:
        """The reason, or for an unknown code one that posts to suspense and asks a person."""
        found = self.reasons.get(code)
        if found is not None:
            return found
        return PlbReason(
            code=code,
            meaning="Not in our table: read the payer's own list",
            usual_sign=UsualSign.BOTH,
            account=PlbAccount.SUSPENSE,
            claim_link=ClaimLink.SOMETIMES,
            action=PlbAction.POST_AND_REVIEW,
            known=False,
        )


@cache
def plb_reasons() -> PlbReasons:
    """The shipped table, read once. Raises TableUnreadable."""
    return PlbReasons(*decode("provider_adjustments.json", _File))
