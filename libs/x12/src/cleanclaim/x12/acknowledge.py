"""Answers to a file: 999 from its findings, 277CA from the decisions on its claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

import msgspec

from cleanclaim.x12.acknowledgements import (
    REJECTING,
    AcknowledgedClaim277CA,
    AcknowledgedLine,
    AcknowledgedProvider,
    AcknowledgedSet,
    Acknowledgement999,
    ClaimAcknowledgement277CA,
    ClaimStatus,
    ElementError,
    InterchangeAcknowledgement,
    SegmentError,
    StatusCode,
)
from cleanclaim.x12.claims import Claim837
from cleanclaim.x12.envelopes import Group, Interchange, TransactionSet
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.parties import DateFact, Party, Reference
from cleanclaim.x12.ta1 import answer_to
from cleanclaim.x12.writer import Envelope
from cleanclaim.x12.writing.answers import build_999
from cleanclaim.x12.writing.ta1 import build_ta1

# SNIP 1 and 2 decide a 999; balancing (SNIP 3) is answered by claim in a 277CA unless asked for.
JUDGED = frozenset({1, 2})
ERRORS_PER_SET = 500  # a 999 longer than its file helps nobody
COPIED_VALUE = 99  # IK404 holds so many characters
MOST_SETS = 999_999  # AK902 holds six digits
# What AK101 and AK201 may name (005010X231A1), and what the other copied names must look like.
ANSWERED_GROUPS = frozenset({"BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"})
ANSWERED_SETS = frozenset({"270", "271", "276", "277", "278", "820", "834", "835", "837"})
_CONTROL_NUMBER = re.compile(r"[0-9]{1,9}").fullmatch
_VERSION = re.compile(r"[A-Z0-9]{1,12}").fullmatch
_SET_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ]{2,7}[A-Za-z0-9])").fullmatch
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}").fullmatch


class Answerable(Protocol):
    """A `Document`, or anything else that holds groups with their sets and their findings."""

    @property
    def groups(self) -> list[Group]: ...


def acknowledge(document: Answerable, *, envelope: Envelope, snip: Iterable[int] = JUDGED) -> bytes:
    """TA1 and 999 in one interchange; b"" when there is nothing to answer.

    A TA1 for each interchange that asks for it (ISA14) or is faulty, a 999 for each functional
    group. A 999 or TA1 is never acknowledged by its like (005010X231A1 1.4). `snip` names the
    types of finding that count for the 999. A group that a 999 cannot name (`is_answerable`) is
    left out: a TA1 answers its interchange.
    """
    answers = acknowledgements_for(document, snip=snip)
    of_interchanges = interchange_acknowledgements_for(document)
    if not answers:
        return build_ta1(of_interchanges, envelope=envelope) if of_interchanges else b""
    return build_999(answers, envelope=envelope, interchanges=of_interchanges)


def interchange_acknowledgements_for(document: Answerable) -> list[InterchangeAcknowledgement]:
    """The TA1 of a document that has `interchanges`: asked for by ISA14, or needed by a fault.

    An interchange whose ISA13 is no number cannot be named, so it has none.
    """
    interchanges: Sequence[Interchange] = getattr(document, "interchanges", ())
    return [answer for interchange in interchanges if (answer := answer_to(interchange))]


def acknowledgements_for(
    document: Answerable, *, snip: Iterable[int] = JUDGED
) -> list[Acknowledgement999]:
    """The same as objects: sets are A, E (errors noted) or R, groups A, E, P or R."""
    judged = frozenset(snip)
    return [_group(group, judged) for group in document.groups if is_answerable(group)]


def is_answerable(group: Group) -> bool:
    """True when AK1 can hold the GS01, GS06 and GS08 of the group and it is no group of 999s."""
    named = group.functional_code in ANSWERED_GROUPS and _VERSION(group.version)
    return bool(named and _CONTROL_NUMBER(group.control_number))


def _group(group: Group, judged: frozenset[int]) -> Acknowledgement999:
    sets = [_set(held, judged) for held in group.transaction_sets]
    codes = _codes(group.findings, "group")
    accepted = sum(answered.status in {"A", "E"} for answered in sets)
    return Acknowledgement999(
        functional_code=group.functional_code,
        group_control_number=group.control_number,
        version=group.version,
        status=_group_status(sets, codes, accepted),
        sets_included=_stated(group.sets_stated, len(sets)),
        sets_received=len(sets),
        sets_accepted=0 if codes else accepted,
        codes=codes,
        sets=[answered for answered in sets if _is_named(answered)],
    )


def _stated(stated: int | None, counted: int) -> int:
    return counted if stated is None or stated > MOST_SETS else stated


def _is_named(answered: AcknowledgedSet) -> bool:
    """A set whose ST01 or ST02 AK2 cannot hold is counted and not named."""
    return answered.identifier in ANSWERED_SETS and bool(_SET_NUMBER(answered.control_number))


def _group_status(sets: list[AcknowledgedSet], codes: list[str], accepted: int) -> str:
    if codes or not accepted:
        return "R"
    if accepted < len(sets):
        return "P"
    return "E" if any(answered.status == "E" for answered in sets) else "A"


def _set(held: TransactionSet, judged: frozenset[int]) -> AcknowledgedSet:
    counted = [finding for finding in held.findings if finding.snip in judged]
    errors = _segment_errors(counted)
    codes = _codes(counted, "set")
    rejected = any(finding.severity == "error" for finding in counted)
    below = any(finding.level in {"segment", "element"} for finding in counted)
    if below and "5" not in codes:
        codes.append("5")
    status = "R" if rejected else "E" if codes else "A"
    return AcknowledgedSet(
        identifier=held.identifier,
        control_number=held.control_number,
        version=held.version if _is_known_version(held.version) else "",
        status=status,
        codes=codes if status != "A" else [],
        segment_errors=errors,
    )


def _is_known_version(version: str) -> bool:
    return version.startswith("005010") and bool(_VERSION(version))


def _codes(findings: list[Finding], level: str) -> list[str]:
    found = dict.fromkeys(finding.code for finding in findings if finding.level == level)
    return list(found)[:5]


def _segment_errors(findings: list[Finding]) -> list[SegmentError]:
    """IK3 by segment and code, the IK4 of a segment under one IK3 with code 8."""
    errors: dict[tuple[int, str, str], SegmentError] = {}
    for finding in findings:
        if finding.level not in {"segment", "element"} or len(errors) >= ERRORS_PER_SET:
            continue
        if not _SEGMENT_ID(finding.segment_id):  # IK301 cannot name it; IK5 tells that it is there
            continue
        code = "8" if finding.level == "element" else finding.code
        key = (finding.segment_number, finding.segment_id, code)
        error = errors.get(key)
        if error is None:
            error = errors[key] = SegmentError(
                segment_id=finding.segment_id,
                segment_number=finding.segment_number,
                code=code,
            )
        if finding.level == "element":
            error.element_errors.append(_element_error(finding))
    return [errors[key] for key in sorted(errors)]


def _element_error(finding: Finding) -> ElementError:
    """IK404 may be left out; a value with a delimiter or a control character is."""
    value = finding.value if finding.value.isascii() and finding.value.isprintable() else ""
    if len(value) > COPIED_VALUE or any(mark in value for mark in "*:^~|>"):
        value = ""
    return ElementError(
        element=finding.element,
        component=finding.component,
        repetition=finding.repetition,
        data_element=finding.data_element if finding.data_element.isdigit() else "",
        code=finding.code,
        value=value,
    )


class ClaimDecision(msgspec.Struct, kw_only=True):
    """What was decided on one claim of an 837."""

    claim: Claim837
    statuses: list[ClaimStatus]
    payer_claim_control_number: str = ""
    lines: list[AcknowledgedLine] = []

    @property
    def is_rejected(self) -> bool:
        return any(code.category in REJECTING for status in self.statuses for code in status.codes)


def claim_acknowledgement(  # noqa: PLR0913 (each is a field of the head)
    decisions: Sequence[ClaimDecision],
    *,
    source: Party,
    receiver: Party,
    reference: str,
    trace: str,
    received_on: date,
    processed_on: date,
) -> ClaimAcknowledgement277CA:
    """Decisions to a 277CA with the totals of receiver and billing providers.

    `trace` is the BHT03 of the 837 that is answered; `reference` the BHT03 of the 277CA.
    """
    answer = ClaimAcknowledgement277CA(
        reference=reference,
        source=source,
        source_trace=reference,
        received_on=received_on,
        processed_on=processed_on,
        receiver=receiver,
        trace=trace,
    )
    for decision in decisions:
        provider = _provider(answer, decision.claim.billing_provider)
        answer.claims.append(_answered(decision, provider))
        _add(answer, decision)
        _add(provider, decision)
    answer.statuses.append(_received(answer, processed_on))
    for provider in answer.providers:
        provider.statuses.append(_received(provider, None))
    return answer


def _received(
    total: ClaimAcknowledgement277CA | AcknowledgedProvider, effective_on: date | None
) -> ClaimStatus:
    """The STC above the claims: A1 with status 19 says that they have come in."""
    cents = (total.accepted_cents or 0) + (total.rejected_cents or 0)
    return ClaimStatus(
        codes=[StatusCode("A1", "19", "PR")],
        effective_on=effective_on,
        action="WQ",
        amount_cents=cents,
    )


def _provider(answer: ClaimAcknowledgement277CA, party: Party) -> AcknowledgedProvider:
    named = Party(
        entity="85",
        is_person=party.is_person,
        name=party.name,
        first_name=party.first_name,
        middle_name=party.middle_name,
        suffix=party.suffix,
        identifier_qualifier=party.identifier_qualifier or "FI",
        identifier=party.identifier or party.tax_id,
    )
    for provider in answer.providers:
        if provider.party == named:
            return provider
    provider = AcknowledgedProvider(party=named, trace="0")
    answer.providers.append(provider)
    return provider


def _add(total: ClaimAcknowledgement277CA | AcknowledgedProvider, decision: ClaimDecision) -> None:
    cents = decision.claim.charge_cents
    if decision.is_rejected:
        total.rejected_count = (total.rejected_count or 0) + 1
        total.rejected_cents = (total.rejected_cents or 0) + cents
    else:
        total.accepted_count = (total.accepted_count or 0) + 1
        total.accepted_cents = (total.accepted_cents or 0) + cents


def _answered(decision: ClaimDecision, provider: AcknowledgedProvider) -> AcknowledgedClaim277CA:
    claim = decision.claim
    insured, person = claim.subscriber.party, claim.patient_party
    patient = Party(
        entity="QC",
        is_person=True,
        name=person.name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        suffix=person.suffix,
        identifier_qualifier="MI",
        identifier=person.identifier or insured.identifier,
    )
    references = [Reference(r.qualifier, r.value) for r in claim.references if r.qualifier == "D9"]
    if decision.payer_claim_control_number:
        references.insert(0, Reference("1K", decision.payer_claim_control_number))
    return AcknowledgedClaim277CA(
        provider=provider,
        patient=patient,
        patient_control_number=claim.patient_control_number,
        statuses=decision.statuses,
        references=references,
        dates=_service_dates(claim),
        lines=decision.lines,
    )


def _service_dates(claim: Claim837) -> list[DateFact]:
    """DTP 472 of the claim: its statement dates (434), else from its first to its last service."""
    stated = next((fact for fact in claim.dates if fact.qualifier in {"434", "472"}), None)
    if stated is not None:
        return [DateFact("472", stated.from_on, stated.through_on)]
    lines = claim.service_lines
    begun = [line.service_from_on for line in lines if line.service_from_on]
    ended = [line.service_through_on for line in lines if line.service_through_on]
    if not begun or not ended:
        return []
    first, last = min(begun), max(ended)
    return [DateFact("472", first, last if last != first else None)]
