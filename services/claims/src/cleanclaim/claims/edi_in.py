"""How answers come in: TA1, 999 and 277CA files, translated and handed to one command."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from cleanclaim.chassis import raw_files
from cleanclaim.chassis.context import InboundFile, ServiceContext
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.claims import commands
from cleanclaim.claims.domain.acknowledgement import (
    AcknowledgementUnreadable,
    AnswerFile,
    ClaimAnswer,
    CodeFinding,
    GroupAnswer,
    InterchangeAnswer,
    SetAnswer,
)
from cleanclaim.claims.domain.answers import Outcome, Rank, outcome_of, set_outcome
from cleanclaim.codes.claim_status import claim_status
from cleanclaim.x12 import (
    AcknowledgedClaim277CA,
    AcknowledgedSet,
    Acknowledgement999,
    ClaimAcknowledgement277CA,
    ClaimStatus,
    Document,
    Interchange,
    Unreadable,
    parse,
)

KINDS = frozenset({"FA", "HN", "TA1"})
"""Functional groups that are ours to take: 999, 277CA and the bare interchange answer."""
_MOST_FINDINGS = 50


async def take_file(context: ServiceContext, file: InboundFile) -> None:
    """Take an answer out of a mailbox; the same bytes a second time change nothing.

    Raises:
        AcknowledgementUnreadable: the file is put aside with this reason.
    """
    async with context.workroom.work(file.organization_id) as work:
        await take_content(
            work, context.vault, content=file.content, source=f"mailbox:{file.connection}"
        )


async def take_content(
    work: Work, vault: Vault, *, content: bytes, source: str
) -> tuple[UUID, Mapping[Any, Any]]:
    """Keep the file, apply what it says, and return the acknowledgement's id with its report.

    Raises:
        AcknowledgementUnreadable: no X12, or none of the kinds that answer claims.
    """
    # in a thread: a large file takes seconds, and the broker wants a heartbeat
    answers = await asyncio.to_thread(read_answers, content)
    kept = await raw_files.keep(
        work, vault, kind="+".join(answers.kinds), content=content, source=source
    )
    return await commands.record_answers(
        work, raw_file_id=kept.id, answers=answers, source=source, received_at=work.now
    )


def read_answers(content: bytes) -> AnswerFile:
    """All that the file says. Raises AcknowledgementUnreadable."""
    try:
        document = parse(content)
    except Unreadable:
        raise AcknowledgementUnreadable(
            "The file is no X12 interchange: it has no ISA segment.",
            fix="Send the 999, TA1 or 277CA as the clearinghouse gave it.",
        ) from None
    interchanges = tuple(_interchange_answers(document))
    groups = tuple(_group_answers(document))
    claims = tuple(_claim_answers(document))
    pairs = (("TA1", interchanges), ("999", groups), ("277CA", document.claim_acknowledgements))
    kinds = tuple(kind for kind, found in pairs if found)
    if not kinds:
        raise AcknowledgementUnreadable(
            "The file holds no 999, TA1 or 277CA.",
            fix="Send remittances (835) to the remittance service, claims nowhere but to payers.",
        )
    errors = [one for one in document.findings if one.severity == "error"]
    return AnswerFile(
        kinds=kinds,
        interchanges=interchanges,
        groups=groups,
        claims=claims,
        unreadable=len(document.unreadable_claims),
        findings=tuple(f"{one.rule} at {one.place}" for one in errors[:_MOST_FINDINGS]),
    )


def _interchange_answers(document: Document) -> Iterator[InterchangeAnswer]:
    """TA1: TA101 the interchange, TA104 A, E or R, TA105 why (X12.5)."""
    head = document.interchanges[0] if document.interchanges else None
    for segment in document.segments:
        if segment.segment_id == "TA1":
            parts = [*segment.elements, "", "", "", "", "", ""]
            yield InterchangeAnswer(
                interchange_control_number=parts[1].strip(),
                outcome=set_outcome(parts[4]),
                error_code=parts[5],
                answered_at=_instant(head),
            )


def _group_answers(document: Document) -> Iterator[GroupAnswer]:
    for interchange in document.interchanges:
        for group in interchange.groups:
            for one in group.transaction_sets:
                if one.acknowledgement is not None:
                    yield _group_answer(interchange, one.acknowledgement)


def _group_answer(interchange: Interchange, answer: Acknowledgement999) -> GroupAnswer:
    return GroupAnswer(
        group_control_number=answer.group_control_number,
        sender=interchange.sender.strip(),
        receiver=interchange.receiver.strip(),
        # P speaks for the sets that it names alone; the others of the group were taken
        outcome=Outcome.ACKNOWLEDGED if answer.status == "P" else set_outcome(answer.status),
        sets=tuple(_set_answer(one) for one in answer.sets),
        findings=tuple(CodeFinding(error_code=code) for code in answer.codes),
        answered_at=_instant(interchange),
    )


def _set_answer(one: AcknowledgedSet) -> SetAnswer:
    findings = [CodeFinding(error_code=code) for code in one.codes]
    for error in one.segment_errors:
        place: dict[str, Any] = {
            "segment": error.segment_id,
            "segment_position": error.segment_number,
        }
        if error.code:
            findings.append(CodeFinding(error_code=error.code, **place))
        findings += [
            CodeFinding(error_code=part.code, element_position=part.element or None, **place)
            for part in error.element_errors
        ]
    return SetAnswer(
        set_control_number=one.control_number,
        outcome=set_outcome(one.status),
        findings=tuple(findings[:_MOST_FINDINGS]),
    )


def _claim_answers(document: Document) -> Iterator[ClaimAnswer]:
    for interchange in document.interchanges:
        for group in interchange.groups:
            for one in group.transaction_sets:
                if one.claim_acknowledgement is not None:
                    yield from _answers_of(one.claim_acknowledgement, _instant(interchange).date())


def _answers_of(answer: ClaimAcknowledgement277CA, written_on: date) -> Iterator[ClaimAnswer]:
    # loop 2100A NM101: PR the payer itself speaks, AY a clearinghouse (005010X214)
    rank = Rank.PAYER if answer.source.entity == "PR" else Rank.CLEARINGHOUSE
    for claim in answer.claims:
        yield _claim_answer(claim, rank, answer.processed_on or answer.created_on or written_on)


def _claim_answer(claim: AcknowledgedClaim277CA, rank: Rank, written_on: date) -> ClaimAnswer:
    table = claim_status()
    categories = [code.category for status in claim.statuses for code in status.codes]
    known = [table.category(code) for code in categories]
    effective = [one.effective_on for one in claim.statuses if one.effective_on]
    findings = [one for status in claim.statuses for one in _codes(status)]
    for line in claim.lines:
        numbers = [one.value for one in line.references if one.qualifier == "FJ"]
        number = numbers[0] if numbers else None
        findings += [one for status in line.statuses for one in _codes(status, number)]
    return ClaimAnswer(
        patient_control_number=claim.patient_control_number,
        rank=rank,
        outcome=outcome_of([one.event for one in known if one is not None]),
        answered_on=max(effective, default=written_on),
        findings=tuple(findings[:_MOST_FINDINGS]),
        payer_claim_control_number=claim.payer_claim_control_number or None,
    )


def _codes(status: ClaimStatus, line_control_number: str | None = None) -> Iterator[CodeFinding]:
    for code in status.codes:
        yield CodeFinding(
            category_code=code.category or None,
            status_code=code.status or None,
            entity_code=code.entity or None,
            line_control_number=line_control_number,
        )


def _instant(interchange: Interchange | None) -> datetime:
    """ISA09 and ISA10 as an instant; X12 names no zone there, so it is read as UTC."""
    on = interchange.created_on if interchange else None
    text = (interchange.created_time if interchange else "")[:4]
    clock = time(int(text[:2]), int(text[2:])) if _is_clock(text) else time(0)
    return datetime.combine(on or date(1970, 1, 1), clock, tzinfo=UTC)


def _is_clock(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and int(text[:2]) < 24 and int(text[2:]) < 60
