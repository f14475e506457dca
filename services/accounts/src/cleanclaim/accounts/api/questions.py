"""What may be asked for in a query; an unknown parameter is refused, for a typo would widen it."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.accounts.domain.chart import Account
from cleanclaim.chassis.fields import Day


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _List(_Question):
    limit: int = Field(default=50, ge=1, le=500, description="How many items at most.")
    page_token: str | None = Field(
        default=None, max_length=500, description="`next_page_token` of the page before."
    )


class OfDay(_Question):
    """As of a day."""

    as_of: Day | None = Field(
        default=None, description="The organization's today if none.", examples=["2026-03-31"]
    )


class OfAccount(OfDay):
    """How one account is to be shown."""

    open_only: bool = Field(default=False, description="Leave out lines on which nothing is open.")


class OfAccounts(_List, OfDay):
    """Which accounts are asked for."""

    has_balance: bool | None = Field(
        default=None, description="Only accounts with something open, or only those without."
    )
    older_than_days: int | None = Field(
        default=None, ge=0, le=3650, description="Something is open for longer than this."
    )


class OfEntries(_List):
    """Which entries are asked for."""

    claim_id: UUID | None = None
    patient_account_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    cause_event_id: UUID | None = Field(default=None, description="The event that caused it.")
    account: Account | None = Field(default=None, description="One side is on this account.")
    effective_from_on: Day | None = None
    effective_to_on: Day | None = None


class OfBalances(_List):
    """Which lines of which account's sub-ledger are asked for."""

    account: Account = Field(examples=["cash_clearing"])
    payer_id: UUID | None = None
    trace_number: str | None = Field(default=None, max_length=50)
    claim_id: UUID | None = None
    open_only: bool = Field(default=True, description="Leave out lines that stand at 0.")
