"""What a file of answers says, in our words: of interchanges, of sets and of claims."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cleanclaim.claims.domain.answers import Outcome, Rank
from cleanclaim.values.errors import Invalid


class AcknowledgementUnreadable(Invalid):
    """The bytes are no X12, or hold no 999, TA1 or 277CA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFinding:
    """Codes of an answer with their place; the fields are those of the contract."""

    category_code: str | None = None
    status_code: str | None = None
    entity_code: str | None = None
    error_code: str | None = None
    segment: str | None = None
    segment_position: int | None = None
    element_position: int | None = None
    line_control_number: str | None = None

    def as_kept(self, line_id: str | None = None) -> dict[str, Any]:
        """As a row of answers keeps it: the line by our id, never by its number."""
        names = ("category_code", "status_code", "entity_code", "error_code", "segment",
                 "segment_position", "element_position")  # fmt: skip
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value} | (
            {"line_id": line_id} if line_id else {}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InterchangeAnswer:
    """A TA1: what became of one interchange as a whole."""

    interchange_control_number: str
    outcome: Outcome
    error_code: str = ""
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnswer:
    """IK5 of one ST."""

    set_control_number: str
    outcome: Outcome
    findings: tuple[CodeFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """A 999 to one functional group; `outcome` is of those sets that it does not name."""

    group_control_number: str
    sender: str
    receiver: str
    outcome: Outcome
    sets: tuple[SetAnswer, ...] = ()
    findings: tuple[CodeFinding, ...] = ()
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer:
    """What a 277CA says of one claim version."""

    patient_control_number: str = field(repr=False)
    rank: Rank
    outcome: Outcome
    answered_on: date
    findings: tuple[CodeFinding, ...] = ()
    payer_claim_control_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """All answers of one file, and how many of its parts could not be read."""

    kinds: tuple[str, ...]
    interchanges: tuple[InterchangeAnswer, ...] = ()
    groups: tuple[GroupAnswer, ...] = ()
    claims: tuple[ClaimAnswer, ...] = ()
    unreadable: int = 0
    findings: tuple[str, ...] = ()
    """What the reader found wrong with the file itself: rule and place."""
