"""A finding: what one rule found wrong in what was entered, where, and how to put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Severity(StrEnum):
    """An error holds the encounter; a warning lets it pass and is shown."""

    ERROR = "error"
    WARNING = "warning"


NOT_CHECKED = "not_checked"
"""The code of a finding that says: the table that the rule needs could not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEntryFinding:
    """What a rule found. `pointer` is a JSON pointer into the encounter version.

    `message` and `value` never carry a name, a date of birth or an identifier of a person;
    `value` is given for codes only. `source_table` and `source_release` say which table judged.
    """

    rule_id: str
    rule_version: int
    severity: Severity
    code: str
    pointer: str
    message: str
    expected: str
    queue: str
    value: str | None = None
    charge_id: UUID | None = None
    source_table: str | None = None
    source_release: str | None = None


def errors_among(findings: Iterable[DataEntryFinding]) -> tuple[DataEntryFinding, ...]:
    """The findings that hold an encounter."""
    return tuple(one for one in findings if one.severity is Severity.ERROR)
