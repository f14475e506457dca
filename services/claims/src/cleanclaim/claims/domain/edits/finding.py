"""What an edit found: the rule, how grave it is, where, and what to do."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from cleanclaim.claims.domain.claim import ClaimVersion
from cleanclaim.claims.domain.directory import Connection, Payer, Provider

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An error holds the claim, a warning does not; `message` and `fix` name no value."""

    rule_id: str
    severity: Severity = "error"
    message: str
    fix: str
    pointer: str | None = None
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A claim version and what the directory knows of those it names, on the day of the edit."""

    claim: ClaimVersion
    provider: Provider | None
    payer: Payer | None
    connection: Connection | None
    as_of_on: date


def holds(findings: "tuple[Finding, ...] | list[Finding]") -> bool:
    """True where one of the findings is an error."""
    return any(one.severity == "error" for one in findings)
