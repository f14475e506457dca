"""Applies answers to submissions: keeps every one, moves the claims that they rank for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from cleanclaim.chassis import work_items
from cleanclaim.chassis.work import Work
from cleanclaim.claims import events_out
from cleanclaim.claims.commands.local_days import local_day
from cleanclaim.claims.commands.submitting import finish_submission
from cleanclaim.claims.commands.threads import story_of
from cleanclaim.claims.commands.work_to_do import Trouble, item_for
from cleanclaim.claims.domain import priorities
from cleanclaim.claims.domain.acknowledgement import (
    AnswerFile,
    ClaimAnswer,
    CodeFinding,
    GroupAnswer,
)
from cleanclaim.claims.domain.answers import Answer, Outcome, Rank, Standing, settled
from cleanclaim.claims.domain.states import ClaimState, moved
from cleanclaim.claims.store import claims, submissions
from cleanclaim.claims.store.claims import KeptClaim

_RESPONSES = {Rank.INTERCHANGE: "TA1", Rank.GROUP: "999"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One answer about one claim version of ours."""

    version: Mapping[Any, Any]
    rank: Rank
    outcome: Outcome
    answered_at: datetime
    findings: tuple[CodeFinding, ...] = ()
    payer_claim_control_number: str | None = None


@dataclass(slots=True, kw_only=True)
class _Report:
    """What a file did, as its sender is told; counts and control numbers of ours alone."""

    matched: int = 0
    acknowledged: int = 0
    received: int = 0
    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    unknown: int = 0
    unreadable: int = 0
    submissions: set[str] = field(default_factory=set)
    unknown_control_numbers: list[str] = field(default_factory=list)
    findings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        counts = ("matched", "acknowledged", "received", "accepted", "rejected", "unchanged",
                  "unknown", "unreadable")  # fmt: skip
        return {name: getattr(self, name) for name in counts} | {
            "submission_ids": sorted(self.submissions),
            "unknown_control_numbers": self.unknown_control_numbers[:100],
            "findings": list(self.findings),
        }


async def record_answers(
    work: Work, *, raw_file_id: UUID, answers: AnswerFile, source: str, received_at: datetime
) -> tuple[UUID, Mapping[Any, Any]]:
    """Apply a file of answers once; returns the acknowledgement's id and report.

    What names no claim or file of ours is counted, and a person is given the file.
    """
    known = await submissions.acknowledgement_of_file(work, raw_file_id)
    if known is not None:
        return known["id"], known["report"]
    acknowledgement_id = work.runtime.new_id()
    report = _Report(unreadable=answers.unreadable, findings=answers.findings)
    row = {"id": acknowledgement_id, "raw_file_id": raw_file_id, "kinds": list(answers.kinds),
           "source": source, "received_at": received_at, "report": {}}  # fmt: skip
    await submissions.add_acknowledgement(work, row)
    said = [*await _on_interchanges(work, answers, report)]
    for group in answers.groups:
        said += await _on_group(work, group, report)
    said += await _on_claims(work, answers.claims, report)
    await _apply(work, acknowledgement_id, said, report, received_at)
    await _leave_to_people(work, acknowledgement_id, report, received_at)
    await submissions.save_report(work, acknowledgement_id, report.as_json())
    return acknowledgement_id, report.as_json()


async def _on_interchanges(work: Work, answers: AnswerFile, report: _Report) -> list[_Said]:
    said: list[_Said] = []
    for one in answers.interchanges:
        number = one.interchange_control_number
        found = await submissions.submissions_numbered(work, interchange=number)
        if len(found) != 1:
            report.unknown += 1
            report.unknown_control_numbers.append(f"ISA13 {number}")
            continue
        sets = {kept["control_number"]: one.outcome for kept in found[0]["sets"]}
        finding = (CodeFinding(error_code=one.error_code),) if one.error_code else ()
        # an accepted interchange says nothing yet of the sets in it
        if one.outcome is Outcome.REJECTED:
            rows = await _answered_sets(work, found[0], sets, report)
            said += [
                _Said(
                    version=row,
                    rank=Rank.INTERCHANGE,
                    outcome=one.outcome,
                    answered_at=one.answered_at,
                    findings=finding,
                )
                for row in rows
            ]
        else:
            report.submissions.add(str(found[0]["id"]))
    return said


async def _on_group(work: Work, answer: GroupAnswer, report: _Report) -> list[_Said]:
    found = await submissions.submissions_numbered(work, group=answer.group_control_number)
    # several connections count from 1: the answer's receiver is the submission's sender
    matching = [one for one in found if await _is_of(work, one, answer)] or found
    if len(matching) != 1:
        report.unknown += 1
        report.unknown_control_numbers.append(f"GS06 {answer.group_control_number}")
        return []
    submission = matching[0]
    named = {one.set_control_number: one for one in answer.sets}
    ours = [one["control_number"] for one in submission["sets"]]
    outcomes = {
        number: named[number].outcome if number in named else answer.outcome for number in ours
    }
    for stranger in sorted(set(named) - set(ours)):
        report.unknown += 1
        report.unknown_control_numbers.append(f"ST02 {stranger}")
    rows = await _answered_sets(work, submission, outcomes, report)
    return [
        _Said(
            version=row,
            rank=Rank.GROUP,
            outcome=outcomes[row["set_control_number"]],
            answered_at=answer.answered_at,
            findings=_findings_of(named, row["set_control_number"], answer),
        )
        for row in rows
    ]


def _findings_of(
    named: Mapping[Any, Any], set_number: str, answer: GroupAnswer
) -> tuple[CodeFinding, ...]:
    return named[set_number].findings if set_number in named else answer.findings


async def _is_of(work: Work, submission: Mapping[Any, Any], answer: GroupAnswer) -> bool:
    ends = await submissions.ends_of(work, submission["connection_id"])
    return ends == (answer.receiver, answer.sender)


async def _answered_sets(
    work: Work,
    submission: Mapping[Any, Any],
    outcomes: Mapping[str, Outcome],
    report: _Report,
) -> Sequence[Mapping[Any, Any]]:
    """Note the outcome of a submission's sets; returns the version rows inside them.

    An answer to a file that we had not marked as sent proves that it was handed over.
    """
    if submission["status"] == "prepared":
        await finish_submission(work, submission_id=submission["id"], sent_at=work.now)
    telling = {one: outcome for one, outcome in outcomes.items() if outcome is not Outcome.NOTHING}
    sets = [
        {**kept, "status": str(telling.get(kept["control_number"], kept["status"]))}
        for kept in submission["sets"]
    ]
    await submissions.save_set_statuses(
        work, submission["id"], sets=sets, status=_status_of([one["status"] for one in sets])
    )
    report.submissions.add(str(submission["id"]))
    return await submissions.versions_in_sets(work, submission["id"], telling)


def _status_of(statuses: Sequence[str]) -> str:
    distinct = set(statuses)
    if distinct == {"rejected"}:
        return "rejected"
    return "partly_rejected" if "rejected" in distinct else min(distinct)


async def _on_claims(work: Work, answers: Sequence[ClaimAnswer], report: _Report) -> list[_Said]:
    rows = await claims.versions_with_numbers(work, [one.patient_control_number for one in answers])
    said = []
    for one in answers:
        row = rows.get(one.patient_control_number)
        # a version that no file carried cannot have been answered
        if row is None or row["submission_id"] is None:
            report.unknown += 1
            report.unknown_control_numbers.append("TRN02 of a claim that is not ours")
            continue
        said.append(
            _Said(
                version=row,
                rank=one.rank,
                outcome=one.outcome,
                answered_at=datetime.combine(one.answered_on, time(0), tzinfo=UTC),
                findings=one.findings,
                payer_claim_control_number=one.payer_claim_control_number,
            )
        )
    for submission_id in {one.version["submission_id"] for one in said}:
        await finish_submission(work, submission_id=submission_id, sent_at=work.now)
    return said


async def _apply(
    work: Work,
    acknowledgement_id: UUID,
    said: Sequence[_Said],
    report: _Report,
    received_at: datetime,
) -> None:
    """Settle each claim with what was said of its current version; tell of what changed."""
    kept = await claims.claims_with(work, [one.version["claim_id"] for one in said])
    standings = {claim_id: claim.standing for claim_id, claim in kept.items()}
    rows = []
    for one in said:
        claim = kept[one.version["claim_id"]]
        before = standings[claim.claim_id]
        after = _after(before, one, claim)
        standings[claim.claim_id] = after
        changed = after != before and (
            after.state is not before.state or one.outcome is Outcome.REJECTED
        )
        report.matched += 1
        _count(report, one.outcome, changed=changed)
        rows.append((_answer_row(work, acknowledgement_id, one, changed=changed), one))
    await submissions.add_answers(work, [row for row, _ in rows])
    await _move(work, kept, standings, said, received_at)
    rejected = [row["claim_id"] for row, one in rows
                if row["changed_state"] and one.outcome is Outcome.REJECTED]  # fmt: skip
    for row, one in rows:
        if row["changed_state"]:
            fact = events_out.claim_answered(row, rejected=one.outcome is Outcome.REJECTED)
            work.tell(fact, cause=story_of(work, one.version["cause"]))
    await _open_items(work, [kept[one] for one in dict.fromkeys(rejected)], said, received_at)


def _after(before: Standing, said: _Said, claim: KeptClaim) -> Standing:
    if said.version["version"] != claim.current_version:
        return before  # a late answer to a version that was resent meanwhile
    answer = Answer(rank=said.rank, outcome=said.outcome, answered_on=said.answered_at.date())
    after = settled(before, answer)
    if after.state is not before.state:
        moved(before.state, after.state)
    return after


def _count(report: _Report, outcome: Outcome, *, changed: bool) -> None:
    if not changed:
        report.unchanged += 1
        return
    setattr(report, str(outcome), getattr(report, str(outcome)) + 1)


def _answer_row(
    work: Work, acknowledgement_id: UUID, said: _Said, *, changed: bool
) -> dict[str, Any]:
    lines = {one["line_control_number"]: one["line_id"] for one in said.version["content"]["lines"]}
    return {
        "id": work.runtime.new_id(),
        "acknowledgement_id": acknowledgement_id,
        "claim_id": said.version["claim_id"],
        "claim_version": said.version["version"],
        "answer": _RESPONSES.get(said.rank, "277CA"),
        "answered_by": "payer" if said.rank is Rank.PAYER else "clearinghouse",
        "rank": int(said.rank),
        "outcome": str(said.outcome),
        "changed_state": changed,
        "findings": [
            one.as_kept(lines.get(one.line_control_number or "")) for one in said.findings
        ],
        "payer_claim_control_number": said.payer_claim_control_number,
        "answered_at": said.answered_at,
    }


async def _move(
    work: Work,
    kept: Mapping[UUID, KeptClaim],
    standings: Mapping[UUID, Standing],
    said: Sequence[_Said],
    changed_at: datetime,
) -> None:
    """One statement for each standing that claims came to, and one for each number given."""
    groups: dict[tuple[ClaimState, Rank, date | None], list[UUID]] = {}
    for claim_id, after in standings.items():
        if after != kept[claim_id].standing:
            groups.setdefault((after.state, after.rank, after.answered_on), []).append(claim_id)
    for (state, rank, on), ids in groups.items():
        await claims.change_claims(
            work, ids, changed_at=changed_at, state=state, answer_rank=int(rank), answered_on=on
        )
    given = {one.version["claim_id"]: one.payer_claim_control_number for one in said}
    await claims.save_payer_numbers(
        work, {claim: number for claim, number in given.items() if number}
    )


async def _open_items(
    work: Work, rejected: Sequence[KeptClaim], said: Sequence[_Said], opened_at: datetime
) -> None:
    as_of_on = await local_day(work, at=opened_at)
    reasons = {one.version["claim_id"]: one for one in said if one.outcome is Outcome.REJECTED}
    items = [
        item_for(
            Trouble(
                kind=priorities.REJECTED,
                subject_id=one.claim_id,
                reason=_reason(reasons[one.claim_id]),
                value_cents=one.total_charge_cents,
                service_on=one.service_from_on,
                due_on=one.file_by_on,
                next_actions=("correct_encounter", "resend"),
            ),
            as_of_on=as_of_on,
        )
        for one in rejected
    ]
    await work_items.open_items(work, items, opened_at=opened_at)


def _reason(said: _Said) -> str:
    """The answer and its first code: `277CA A7:562`, `999 5`."""
    return " ".join([_RESPONSES.get(said.rank, "277CA"), *_first_code(said.findings)])


def _first_code(findings: Sequence[CodeFinding]) -> Iterator[str]:
    for one in findings[:1]:
        codes = (one.category_code, one.status_code) if one.category_code else (one.error_code,)
        yield ":".join(code for code in codes if code)


async def _leave_to_people(
    work: Work, acknowledgement_id: UUID, report: _Report, opened_at: datetime
) -> None:
    if not (report.unknown or report.unreadable):
        return
    trouble = Trouble(
        kind=priorities.UNKNOWN_ANSWER,
        subject_type="acknowledgement",
        subject_id=acknowledgement_id,
        reason="unreadable_part" if report.unreadable else "unknown_claim_or_file",
        next_actions=("look_at_file",),
    )
    item = item_for(trouble, as_of_on=await local_day(work, at=opened_at))
    await work_items.open_items(work, [item], opened_at=opened_at)
