"""What a data-entry rule is: an id, a severity, a source, and a pure check over one encounter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from cleanclaim.codes.answers import CodeAnswer, Standing
from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.encounter import EncounterVersion
from cleanclaim.intake.domain.finding import NOT_CHECKED, DataEntryFinding, Severity
from cleanclaim.intake.domain.payer import Payer, PayerTerms
from cleanclaim.intake.domain.person import Person

TEST = "test"
"""The environment of an organization whose people and claims are invented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """An encounter version and what it is judged by.

    `environment` is the organization's, None as long as intake has not heard of it; `payers` are
    those of the directory that the coverages name.
    """

    version: EncounterVersion
    payers: Mapping[UUID, Payer] = field(default_factory=dict)
    environment: str | None = None

    @property
    def service_on(self) -> date | None:
        """The day by which codes and payers' terms are asked."""
        return self.version.content.service_from_on

    def terms_of(self, coverage: Coverage) -> PayerTerms | None:
        """The payer's terms on the day of service; None where it is not billable then."""
        payer = self.payers.get(coverage.payer_id)
        if payer is None or self.service_on is None:
            return None
        return payer.terms_on(self.service_on)

    def filing_indicator_of(self, coverage: Coverage) -> str | None:
        """SBR09 as the coverage says, or else as the payer's terms say."""
        if coverage.claim_filing_indicator:
            return coverage.claim_filing_indicator
        terms = self.terms_of(coverage)
        return terms.claim_filing_indicator if terms else None

    def people(self) -> Iterator[tuple[str, Person]]:
        """The patient and every subscriber who is somebody else, each with a pointer."""
        yield "/patient", self.version.patient.person
        for place, coverage in enumerate(self.version.coverages):
            if coverage.subscriber is not None:
                yield f"/coverages/{place}/subscriber", coverage.subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing a check saw; the rule around it adds its id, severity and queue.

    `value` is for codes only. `warns` lowers an error to a warning for this one trouble.
    """

    code: str
    pointer: str
    message: str
    expected: str
    value: str | None = None
    charge_id: UUID | None = None
    table: str | None = None
    release: str | None = None
    warns: bool = False


Check = Callable[[Examination], Iterator[Trouble]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the book. `source` is where it comes from, `queue` who puts things right."""

    id: str
    title: str
    severity: Severity
    queue: str
    source: str
    check: Check
    version: int = 1

    def findings(self, examination: Examination) -> Iterator[DataEntryFinding]:
        """What the rule finds; nothing where all is well."""
        for trouble in self.check(examination):
            severity = Severity.WARNING if trouble.warns else self.severity
            yield DataEntryFinding(
                rule_id=self.id,
                rule_version=self.version,
                severity=severity,
                code=trouble.code,
                pointer=trouble.pointer,
                message=trouble.message,
                expected=trouble.expected,
                queue=self.queue,
                value=trouble.value,
                charge_id=trouble.charge_id,
                source_table=trouble.table or self.source,
                source_release=trouble.release,
            )


def not_answered(answer: CodeAnswer) -> bool:
    """The table cannot say; that is a finding of its own and never a pass."""
    return answer.status in {Standing.NOT_CHECKED, Standing.UNKNOWN_RELEASE}


def unanswered(
    answer: CodeAnswer, *, pointer: str, table: str, charge_id: UUID | None = None
) -> Trouble:
    """The warning that a code could not be checked, and why."""
    return Trouble(
        code=NOT_CHECKED,
        pointer=pointer,
        message=f"This code was not checked. {answer.reason}",
        expected="Load the table that covers the day of service, or check the code by hand.",
        value=answer.code,
        charge_id=charge_id,
        table=answer.release.system if answer.release else table,
        release=answer.release.label if answer.release else None,
        warns=True,
    )
