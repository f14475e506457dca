"""Claims to any 837: one HL tree for each billing provider, claims of a subscriber together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from cleanclaim.x12.claims import Claim837, Patient, Subscriber
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import Party
from cleanclaim.x12.writer import Builder, Written, arranged
from cleanclaim.x12.writing import facts
from cleanclaim.x12.writing.levels import Levels, runs

CLAIMS_PER_SET = 5_000  # 005010X222A1 1.4.1 recommends no more in one ST
WriteClaim = Callable[[Builder, Any], None]


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """The BHT: `reference` BHT03 (the batch), `purpose` BHT02, `kind` BHT06."""

    reference: str
    purpose: str
    kind: str


def build_837(
    builder: Builder,
    kind: str,
    claims: Sequence[Claim837],
    beginning: Beginning,
    claims_per_set: int,
    write_claim: WriteClaim,
) -> bytes:
    """Write claims of one kind (`"837P"` …) as sets of one interchange. Raises `Unwritable`."""
    if not claims:
        raise Unwritable(f"an {kind} needs a claim: give one at least")
    at = builder.envelope.prepared_at
    stamp = (at.strftime("%Y%m%d"), at.strftime("%H%M"))
    for batch in _batches(claims, claims_per_set):
        builder.open_set(kind)
        head = ("0019", beginning.purpose, beginning.reference, *stamp, beginning.kind)
        builder.segment("BHT", *head)
        write_party(builder, kind, "1000A", batch[0].submitter)
        write_party(builder, kind, "1000B", batch[0].receiver)
        _Tree(builder, kind, write_claim).write_claims(batch)
    return builder.to_bytes()


def _batches(claims: Sequence[Claim837], most: int) -> Iterator[list[Claim837]]:
    """Runs of one submitter and receiver, none longer than `most`."""
    batch: list[Claim837] = []
    for claim in claims:
        head = batch[0] if batch else claim
        other = claim.submitter != head.submitter or claim.receiver != head.receiver
        if other or len(batch) == most:
            yield batch
            batch = []
        batch.append(claim)
    yield batch


def write_party(
    builder: Builder, kind: str, loop_id: str, party: Party, specialty: str = "PE"
) -> None:
    """A name with what follows it, in the order of its loop."""
    written = [facts.name(party), *facts.after_name(party, specialty=specialty)]
    builder.segments(arranged(kind, loop_id, written))


class _Tree(Levels):
    """The HL levels of one set."""

    def __init__(self, builder: Builder, kind: str, write_claim: WriteClaim) -> None:
        super().__init__(builder)
        self.kind = kind
        self.write_claim = write_claim

    def write_claims(self, claims: list[Claim837]) -> None:
        for members in runs(claims, _biller):
            provider = self._billing_level(members[0])
            for owned in runs(members, _insured):
                self._subscriber_level(owned, provider)

    def _billing_level(self, claim: Claim837) -> int:
        number, level = self.level(0, "20", "1")
        written = [level, *facts.rest(claim.rest, "2000A")]
        if claim.billing_provider.taxonomy:
            written.append(["PRV", "BI", "PXC", claim.billing_provider.taxonomy])
        self.builder.segments(arranged(self.kind, "2000A", written))
        write_party(self.builder, self.kind, "2010AA", claim.billing_provider, specialty="")
        if claim.pay_to_address is not None:
            write_party(self.builder, self.kind, "2010AB", claim.pay_to_address)
        if claim.pay_to_plan is not None:
            write_party(self.builder, self.kind, "2010AC", claim.pay_to_plan)
        return number

    def _subscriber_level(self, claims: list[Claim837], provider: int) -> None:
        """Claims of the subscriber himself come first: his 2300 stands before any 2000C."""
        first = claims[0]
        has_patients = any(claim.patient is not None for claim in claims)
        number, level = self.level(provider, "22", "1" if has_patients else "0")
        subscriber = first.subscriber
        written = [level, _subscriber(subscriber), *facts.rest(first.rest, "2000B")]
        written += _condition(subscriber, relationship="")
        self.builder.segments(arranged(self.kind, "2000B", written))
        write_party(self.builder, self.kind, "2010BA", subscriber.party)
        write_party(self.builder, self.kind, "2010BB", first.payer)
        patient: Patient | None = None
        for claim in sorted(claims, key=lambda claim: claim.patient is not None):
            if claim.patient is not None and claim.patient != patient:
                patient = claim.patient
                self._patient_level(patient, number)
            self.write_claim(self.builder, claim)

    def _patient_level(self, patient: Patient, subscriber: int) -> None:
        _, level = self.level(subscriber, "23", "0")
        self.builder.segment(*level)
        self.builder.segments(_condition(patient, relationship=patient.relationship))
        write_party(self.builder, self.kind, "2010CA", patient.party)


def _subscriber(subscriber: Subscriber) -> Written:
    return [
        "SBR",
        subscriber.payer_responsibility,
        subscriber.relationship,
        subscriber.group_number,
        subscriber.group_name,
        subscriber.insurance_type,
        "",
        "",
        "",
        subscriber.filing_indicator,
    ]


def _condition(about: Subscriber | Patient, *, relationship: str) -> list[Written]:
    """PAT: relationship, day of death, weight in pounds, pregnancy."""
    died, weight = facts.on(about.died_on), facts.number(about.weight_pounds)
    pregnant = facts.yes(about.pregnant)
    if not (relationship or died or weight or pregnant):
        return []
    known: Written = ["D8" if died else "", died, "01" if weight else "", weight, pregnant]
    return [["PAT", relationship, "", "", "", *known]]


def _biller(claim: Claim837) -> object:
    return claim.billing_provider, claim.pay_to_address, claim.pay_to_plan


def _insured(claim: Claim837) -> object:
    return claim.subscriber, claim.payer
