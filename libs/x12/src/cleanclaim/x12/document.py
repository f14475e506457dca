"""A whole small file: its envelopes with all they hold, its findings, and its bytes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from cleanclaim.x12.acknowledgements import (
    AcknowledgedClaim277CA,
    AcknowledgedProvider,
    Acknowledgement999,
    ClaimAcknowledgement277CA,
    InterchangeAcknowledgement,
)
from cleanclaim.x12.checks import Checks
from cleanclaim.x12.claims import Claim837P
from cleanclaim.x12.dental import Claim837D
from cleanclaim.x12.eligibility import EligibilityAnswer271, EligibilityInquiry270
from cleanclaim.x12.envelope import read
from cleanclaim.x12.envelopes import (
    Group,
    GroupEnd,
    Interchange,
    InterchangeEnd,
    Item,
    TransactionSet,
    TransactionSetEnd,
)
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.institutional import Claim837I
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import UnreadableClaim
from cleanclaim.x12.payments import (
    ClaimPayment835,
    ProviderAdjustment835,
    ProviderSummary835,
    Remittance835,
)
from cleanclaim.x12.segments import Segment, SegmentReader
from cleanclaim.x12.status import StatusAnswer277, StatusInquiry276


def parse(
    payload: bytes, *, limits: Limits | None = None, checks: Checks | None = None
) -> Document:
    """Read a whole file into a `Document`; `checks` switches SNIP 4 and 5 on.

    Raises `Unreadable` when it is no X12 at all.
    """
    return Document(bytes(payload), limits or Limits(), checks or Checks())


class Document:
    """What `parse` gives: typed objects by envelope, findings once each, and all segments."""

    def __init__(self, payload: bytes, limits: Limits, checks: Checks) -> None:
        self.interchanges: list[Interchange] = []
        self.findings: list[Finding] = []
        self._payload = payload
        self._limits, self._checks = limits, checks
        _Gathering(self).take_all(read(payload, limits=limits, checks=checks))

    @cached_property
    def segments(self) -> list[Segment]:
        """All segments with their bytes, made when they are asked for."""
        return list(SegmentReader(self._payload))

    def write(self) -> bytes:
        """The bytes of the file, the same as were read."""
        return self._payload

    def replace(self, index: int, text: str) -> Document:
        """Another document with segment `index` written as `text` (without terminator)."""
        old = self.segments[index]
        tail = old.raw[old.raw.find(old.delimiters.terminator) :] if old.ended else ""
        raw = text.encode("utf-8").decode("latin-1") + tail
        parts = [s.lead + (raw if i == index else s.raw) for i, s in enumerate(self.segments)]
        return parse("".join(parts).encode("latin-1"), limits=self._limits, checks=self._checks)

    @property
    def groups(self) -> list[Group]:
        return [group for interchange in self.interchanges for group in interchange.groups]

    @property
    def transaction_sets(self) -> list[TransactionSet]:
        return [held for group in self.groups for held in group.transaction_sets]

    @property
    def claims(self) -> list[Claim837P]:
        return [claim for held in self.transaction_sets for claim in held.claims]

    @property
    def institutional_claims(self) -> list[Claim837I]:
        return [claim for held in self.transaction_sets for claim in held.institutional_claims]

    @property
    def dental_claims(self) -> list[Claim837D]:
        return [claim for held in self.transaction_sets for claim in held.dental_claims]

    @property
    def remittances(self) -> list[Remittance835]:
        return [held.remittance for held in self.transaction_sets if held.remittance]

    @property
    def acknowledgements(self) -> list[Acknowledgement999]:
        return [held.acknowledgement for held in self.transaction_sets if held.acknowledgement]

    @property
    def claim_acknowledgements(self) -> list[ClaimAcknowledgement277CA]:
        sets = self.transaction_sets
        return [held.claim_acknowledgement for held in sets if held.claim_acknowledgement]

    @property
    def status_inquiries(self) -> list[StatusInquiry276]:
        return [item for held in self.transaction_sets for item in held.status_inquiries]

    @property
    def status_answers(self) -> list[StatusAnswer277]:
        return [item for held in self.transaction_sets for item in held.status_answers]

    @property
    def eligibility_inquiries(self) -> list[EligibilityInquiry270]:
        return [item for held in self.transaction_sets for item in held.eligibility_inquiries]

    @property
    def eligibility_answers(self) -> list[EligibilityAnswer271]:
        return [item for held in self.transaction_sets for item in held.eligibility_answers]

    @property
    def interchange_acknowledgements(self) -> list[InterchangeAcknowledgement]:
        return [answer for held in self.interchanges for answer in held.acknowledgements]

    @property
    def unreadable_claims(self) -> list[UnreadableClaim]:
        return [claim for held in self.transaction_sets for claim in held.unreadable_claims]

    @property
    def accepted(self) -> bool:
        """True when no finding is an error."""
        return not any(finding.severity == "error" for finding in self.findings)


# Items that a set simply lists, and the list.
LISTED: dict[type, str] = {
    Claim837P: "claims",
    Claim837I: "institutional_claims",
    Claim837D: "dental_claims",
    StatusInquiry276: "status_inquiries",
    StatusAnswer277: "status_answers",
    EligibilityInquiry270: "eligibility_inquiries",
    EligibilityAnswer271: "eligibility_answers",
    UnreadableClaim: "unreadable_claims",
}


class _Gathering:
    """Puts the items of a stream where they belong in a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.set: TransactionSet | None = None
        self.seen: set[int] = set()
        self.takes: dict[type, Callable[[Any], None]] = {
            Interchange: self._interchange,
            Group: self._group,
            TransactionSet: self._set,
            **dict.fromkeys(LISTED, self._listed),
            Remittance835: self._remittance,
            ClaimPayment835: self._claim_payment,
            ProviderAdjustment835: self._provider_adjustment,
            ProviderSummary835: self._provider_summary,
            InterchangeAcknowledgement: self._interchange_acknowledgement,
            Acknowledgement999: self._acknowledgement,
            ClaimAcknowledgement277CA: self._claim_acknowledgement,
            AcknowledgedProvider: self._acknowledged_provider,
            AcknowledgedClaim277CA: self._acknowledged_claim,
            TransactionSetEnd: self._set_end,
            GroupEnd: self._group_end,
            InterchangeEnd: self._interchange_end,
        }

    def take_all(self, items: Iterator[Item]) -> None:
        for item in items:
            self.takes[type(item)](item)
        self.document.findings.sort(key=lambda finding: finding.byte_offset)

    def _note(self, findings: list[Finding], *, of_set: bool = True) -> None:
        for finding in findings:
            if id(finding) in self.seen:
                continue
            self.seen.add(id(finding))
            self.document.findings.append(finding)
            if of_set and self.set is not None:
                self.set.findings.append(finding)

    def _interchange(self, item: Interchange) -> None:
        self.interchange = item
        self.document.interchanges.append(item)
        self._note(item.findings, of_set=False)

    def _interchange_acknowledgement(self, item: InterchangeAcknowledgement) -> None:
        if self.interchange is not None:
            self.interchange.acknowledgements.append(item)
        self._note(item.findings, of_set=False)

    def _group(self, item: Group) -> None:
        self.group = item
        if self.interchange is not None:
            self.interchange.groups.append(item)
        self._note(item.findings, of_set=False)

    def _set(self, item: TransactionSet) -> None:
        self.set = item
        if self.group is None:  # a set outside a group is kept in a group without a head
            self._group(Group(functional_code="", control_number=""))
        if self.group is not None:
            self.group.transaction_sets.append(item)

    @property
    def held(self) -> TransactionSet:
        if self.set is None:
            self._set(TransactionSet(kind="", identifier="", control_number=""))
        if self.set is None:
            raise AssertionError
        return self.set

    def _listed(self, item: Any) -> None:
        getattr(self.held, LISTED[type(item)]).append(item)
        self._note(item.findings)

    def _remittance(self, item: Remittance835) -> None:
        self.held.remittance = item
        self._note(item.findings)

    def _claim_payment(self, item: ClaimPayment835) -> None:
        if self.held.remittance is not None:
            self.held.remittance.claims.append(item)
        self._note(item.findings)

    def _provider_adjustment(self, item: ProviderAdjustment835) -> None:
        if self.held.remittance is not None:
            self.held.remittance.provider_adjustments.append(item)

    def _provider_summary(self, item: ProviderSummary835) -> None:
        if self.held.remittance is not None:
            self.held.remittance.provider_summaries.append(item)

    def _acknowledgement(self, item: Acknowledgement999) -> None:
        self.held.acknowledgement = item
        self._note(item.findings)

    def _claim_acknowledgement(self, item: ClaimAcknowledgement277CA) -> None:
        self.held.claim_acknowledgement = item
        self._note(item.findings)

    def _acknowledged_provider(self, item: AcknowledgedProvider) -> None:
        if self.held.claim_acknowledgement is not None:
            self.held.claim_acknowledgement.providers.append(item)

    def _acknowledged_claim(self, item: AcknowledgedClaim277CA) -> None:
        if self.held.claim_acknowledgement is not None:
            self.held.claim_acknowledgement.claims.append(item)
        self._note(item.findings)

    def _set_end(self, item: TransactionSetEnd) -> None:
        self._note(item.findings)
        self.held.segment_count = item.segments_counted
        remittance = self.held.remittance
        if remittance is not None:
            remittance.findings = list(self.held.findings)
        self.set = None

    def _group_end(self, item: GroupEnd) -> None:
        if self.group is not None:
            self.group.sets_stated = item.sets_stated
            self.group.findings = [*self.group.findings, *item.findings]
        self._note(item.findings, of_set=False)
        self.group = None

    def _interchange_end(self, item: InterchangeEnd) -> None:
        if self.interchange is not None:
            self.interchange.findings = [*self.interchange.findings, *item.findings]
        self._note(item.findings, of_set=False)
        self.interchange = self.group = None
