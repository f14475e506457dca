"""Claim status in 277CA and 277 answers: category, status and entity, and what follows from them.

A rejection is not a denial: the claim never entered adjudication, there is nothing to appeal, and
the filing-limit clock has not stopped.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import Release
from cleanclaim.codes.shipped import decode
from cleanclaim.codes.vocabulary import NextAction, RootCause, WorkQueue


class StatusStage(StrEnum):
    ACKNOWLEDGEMENT = "ack"
    PENDING = "pending"
    FINAL = "final"
    REQUEST = "request"
    SEARCH = "search"
    ERROR = "error"
    INFORMATION = "info"


class StatusEvent(StrEnum):
    """The state an answer moves a claim to."""

    ACCEPTED_BY_RECEIVER = "accepted_by_receiver"
    ACCEPTED_FOR_ADJUDICATION = "accepted_for_adjudication"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"
    SPLIT = "split"
    PENDING = "pending"
    INFO_REQUESTED = "info_requested"
    ADJUDICATED = "adjudicated"
    PAID = "paid"
    DENIED = "denied"
    FORWARDED = "forwarded"
    RETRY = "retry"
    NONE = "none"


class StatusCategory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """X12 code source 507. `accepted` is None where the answer says nothing about it."""

    code: str
    meaning: str
    stage: StatusStage
    accepted: bool | None
    event: StatusEvent
    next_action: NextAction


class ClaimStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """X12 code source 508. With `needs_entity` the third component says whose content it is."""

    code: str
    meaning: str
    root_cause: RootCause
    owner: WorkQueue
    claim_field: str = ""
    needs_entity: bool = False


class StatusEntity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    meaning: str


class StatusReading(Struct, frozen=True, kw_only=True):
    """One STC composite read as a whole; `gaps` names the components the table does not hold."""

    event: StatusEvent
    accepted: bool | None
    next_action: NextAction
    owner: WorkQueue
    root_cause: RootCause
    claim_field: str
    meaning: str
    gaps: tuple[str, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    categories: tuple[StatusCategory, ...]
    statuses: tuple[ClaimStatus, ...]
    entities: tuple[StatusEntity, ...]


class ClaimStatusCodes:
    """Categories, statuses and entities of one release."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.categories: Mapping[str, StatusCategory] = MappingProxyType(
            {entry.code: entry for entry in content.categories}
        )
        self.statuses: Mapping[str, ClaimStatus] = MappingProxyType(
            {entry.code: entry for entry in content.statuses}
        )
        self.entities: Mapping[str, StatusEntity] = MappingProxyType(
            {entry.code: entry for entry in content.entities}
        )

    def category(self, code: str) -> StatusCategory | None:
        return self.categories.get(code)

    def status(self, code: str) -> ClaimStatus | None:
        return self.statuses.get(code)

    def entity(self, code: str) -> StatusEntity | None:
        return self.entities.get(code)

    def reading(self, category: str, status: str, entity: str = "") -> StatusReading:
        """Read the three components of an STC composite (STC01, STC10, STC11) together.

        The category gives event and action; the status gives team and field. An unknown status
        keeps the category's action; an unknown category moves nothing and asks a person.
        """
        kind, detail = self.categories.get(category), self.statuses.get(status)
        whose = self.entities.get(entity)
        words = [found.meaning for found in (kind, detail, whose) if found is not None]
        gaps = {"category": (kind, category), "status": (detail, status), "entity": (whose, entity)}
        return StatusReading(
            event=kind.event if kind else StatusEvent.NONE,
            accepted=kind.accepted if kind else None,
            next_action=kind.next_action if kind else NextAction.FOLLOW_UP,
            owner=detail.owner if detail else WorkQueue.BILLING,
            root_cause=detail.root_cause if detail else RootCause.PAYER_PROCESSING,
            claim_field=detail.claim_field if detail else "",
            meaning="; ".join(words),
            gaps=tuple(name for name, (found, code) in gaps.items() if code and found is None),
        )


@cache
def claim_status() -> ClaimStatusCodes:
    """The shipped table, read once. Raises TableUnreadable."""
    return ClaimStatusCodes(*decode("claim_status.json", _File))
