"""What later decisions and versions make of a case: derived from all of them, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.denials.domain.refusal import RefusedPart
from cleanclaim.denials.domain.status import ENDED_BY_PEOPLE, Status

_AGAIN = "refused_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLine:
    """What a decision paid and refused on one line, in cents."""

    line_id: UUID | None
    paid_cents: int
    refused_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of the payer on the claim; `taken_back` once a reversal undid it."""

    claim_payment_id: UUID
    payment_sequence: int
    claim_version: int
    paid_cents: int
    refused_cents: int
    lines: tuple[DecidedLine, ...]
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentVersion:
    """A version of the claim that was sent: frequency 1, 7 or 8 and its lines.

    `rejected` where it was refused before adjudication: to the payer it was never sent.
    """

    claim_version: int
    frequency_code: str
    line_ids: frozenset[UUID]
    rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands by what was heard.

    `outcome` is None while the case is active; then `corrected` says that a newer version is on
    its way. `unattributed` says that money came, but not for which line.
    """

    outcome: Status | None
    because: str
    claim_payment_id: UUID | None = None
    recovered_cents: int = 0
    taken_back: bool = False
    corrected: bool = False
    unattributed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is known of a claim at one payer: decisions by sequence, versions sent."""

    decisions: Sequence[Decision]
    versions: Sequence[SentVersion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a case stands on: its own decision, its version and its refused parts.

    `has_predecessor`: an earlier case of this payer holds the same lines, and takes them back
    when this case's own decision is undone.
    """

    claim_payment_id: UUID
    payment_sequence: int
    claim_version: int
    parts: Sequence[RefusedPart]
    has_predecessor: bool = False


def settle(*, ground: Ground, story: Story) -> Standing:
    """Where the case stands.

    The payer's later decisions are walked in their order: for each line the first that refuses it
    again ends it here (a case of its own goes on from there); else the last one tells. While any
    line is unanswered the case stays active, and a newer version of the claim says what is next.
    """
    own = next((d for d in story.decisions if d.claim_payment_id == ground.claim_payment_id), None)
    own_undone = own is not None and own.taken_back
    if own_undone and ground.has_predecessor:
        return Standing(outcome=Status.SUPERSEDED, because="its_own_decision_was_reversed")
    later = _later(ground=ground, story=story)
    if any(part.line_id is None for part in ground.parts):
        told = _by_total(ground=ground, own=own, later=later)
    else:
        told = _by_lines(ground=ground, own=own, later=later)
    if told is not None and (told.outcome is not None or told.unattributed):
        return told
    waiting = _by_version(ground=ground, story=story, taken_back=own_undone)
    if told is None or waiting.outcome is not None:
        return waiting
    return replace(waiting, because=told.because, recovered_cents=told.recovered_cents)


def _later(*, ground: Ground, story: Story) -> list[Decision]:
    later = [
        one
        for one in story.decisions
        if one.payment_sequence > ground.payment_sequence and not one.taken_back
    ]
    return sorted(later, key=lambda one: one.payment_sequence)


def _by_total(
    *, ground: Ground, own: Decision | None, later: Sequence[Decision]
) -> Standing | None:
    told: Standing | None = None
    for decision in later:
        told = _answer_by_total(ground=ground, own=own, decision=decision)
        if told.because == _AGAIN:
            break
    return told


def _by_lines(
    *, ground: Ground, own: Decision | None, later: Sequence[Decision]
) -> Standing | None:
    """Line by line; a decision that names no lines speaks for all, as far as it is clear."""
    sum_told: Standing | None = None
    answers: dict[UUID | None, tuple[int, int]] = {}
    last = None
    for decision in later:
        if not decision.lines:
            sum_told = _answer_without_lines(ground=ground, own=own, decision=decision)
            continue
        by_line = {line.line_id: line for line in decision.lines}
        for part in ground.parts:
            line = by_line.get(part.line_id)
            refused_before = answers.get(part.line_id, (0, 0))[1] > 0
            if line is not None and not refused_before:
                answers[part.line_id] = (_gain(line.paid_cents, part), line.refused_cents)
                last = decision
    if last is None or (sum_told is not None and not sum_told.unattributed):
        return sum_told
    recovered = sum(gain for gain, _ in answers.values())
    if len(answers) < len({part.line_id for part in ground.parts}):
        return Standing(outcome=None, because="partly_answered", recovered_cents=recovered)
    return _told(
        recovered_cents=recovered,
        refused_cents=sum(refused for _, refused in answers.values()),
        decision=last,
    )


def _gain(paid_cents: int, part: RefusedPart) -> int:
    # a decision restates the line whole, so what was paid before is not new money
    return max(0, min(part.denied_cents, paid_cents - part.paid_cents))


def _answer_by_total(*, ground: Ground, own: Decision | None, decision: Decision) -> Standing:
    """A claim refused as a whole is measured by the claim's payment, its refused lines apart."""
    on_lines = 0
    for before in own.lines if own else ():
        after = next((x for x in decision.lines if x.line_id == before.line_id), None)
        if after is not None and before.line_id is not None and before.refused_cents > 0:
            gain = after.paid_cents - before.paid_cents
            on_lines += max(0, min(before.refused_cents, gain))
    more = decision.paid_cents - (own.paid_cents if own else 0) - on_lines
    denied = sum(part.denied_cents for part in ground.parts)
    return _told(
        recovered_cents=max(0, min(denied, more)),
        refused_cents=decision.refused_cents,
        decision=decision,
    )


def _answer_without_lines(*, ground: Ground, own: Decision | None, decision: Decision) -> Standing:
    """Refused lines answered by one sum: clear only where all or nothing else was refused."""
    denied = sum(part.denied_cents for part in ground.parts)
    more = max(0, decision.paid_cents - (own.paid_cents if own else 0))
    all_refused = own.refused_cents if own else denied
    if more and denied < all_refused and more < all_refused:
        return Standing(
            outcome=None,
            because="paid_without_lines",
            claim_payment_id=decision.claim_payment_id,
            unattributed=True,
        )
    return _told(
        recovered_cents=min(denied, more), refused_cents=decision.refused_cents, decision=decision
    )


def _told(*, recovered_cents: int, refused_cents: int, decision: Decision) -> Standing:
    if refused_cents > 0:
        outcome = Status.PARTLY_RECOVERED if recovered_cents else Status.SUPERSEDED
        because = _AGAIN
    elif recovered_cents:
        outcome, because = Status.RECOVERED, "paid"
    else:
        outcome, because = Status.SUPERSEDED, "no_longer_refused"
    return Standing(
        outcome=outcome,
        because=because,
        claim_payment_id=decision.claim_payment_id,
        recovered_cents=recovered_cents,
    )


def _by_version(*, ground: Ground, story: Story, taken_back: bool) -> Standing:
    answered = max((one.claim_version for one in story.decisions), default=ground.claim_version)
    newer = [
        one
        for one in story.versions
        if one.claim_version > ground.claim_version and not one.rejected
    ]
    if any(one.frequency_code == "8" for one in newer):
        return Standing(outcome=Status.SUPERSEDED, because="voided")
    last = max(newer, key=lambda one: one.claim_version, default=None)
    if last is None or last.claim_version <= answered:
        because = "refusal_taken_back" if taken_back else "unanswered"
        return Standing(outcome=None, because=because, taken_back=taken_back)
    lines = {part.line_id for part in ground.parts}
    if None not in lines and lines.isdisjoint(last.line_ids):
        return Standing(outcome=Status.SUPERSEDED, because="line_left_the_claim")
    return Standing(outcome=None, because="sent_again", corrected=True, taken_back=taken_back)


def way_from(*, current: Status, standing: Standing) -> tuple[Status, ...]:
    """The states a case goes through from `current`, none where it stays as it is.

    What a person ended is never moved. A case whose money was taken back opens again.
    """
    if current in ENDED_BY_PEOPLE or current is standing.outcome:
        return ()
    if standing.outcome is not None:
        return (standing.outcome,)
    way: list[Status] = []
    if current in {Status.RECOVERED, Status.PARTLY_RECOVERED, Status.SUPERSEDED}:
        way.append(Status.OPEN)
    now = way[-1] if way else current
    if standing.corrected and now in {Status.OPEN, Status.IN_WORK}:
        way.append(Status.CORRECTED)
    if not standing.corrected and now is Status.CORRECTED:
        way.append(Status.IN_WORK)
    return tuple(way)
