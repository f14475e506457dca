"""Versions of claims as they were sent, and those refused at the door."""

from collections.abc import Sequence

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.subscriptions import Fetched
from cleanclaim.chassis.work import Work
from cleanclaim.denials import commands
from cleanclaim.denials.domain.heard import Submission
from cleanclaim.denials.domain.settlement import SentVersion
from cleanclaim.events.claims import ClaimRejected, ClaimSubmitted
from cleanclaim.events.wire import Heard


async def follow_submissions(
    work: Work, heard: Sequence[Heard[ClaimSubmitted]], _: Fetched
) -> None:
    """Keep each version; a replacement or void answers the cases of what it replaces."""
    await commands.record_submissions(
        work,
        submissions=[_submission(one.fact) for one in heard],
        triggers={
            one.fact.claim_id: commands.Trigger(
                cause=Cause.of(one.envelope), at=one.envelope.occurred_at
            )
            for one in heard
        },
    )


async def follow_rejections(work: Work, heard: Sequence[Heard[ClaimRejected]], _: Fetched) -> None:
    """A corrected claim that was refused at the door has corrected nothing yet."""
    await commands.record_rejections(
        work,
        rejections={(one.fact.claim_id, one.fact.claim_version) for one in heard},
        triggers={
            one.fact.claim_id: commands.Trigger(
                cause=Cause.of(one.envelope), at=one.envelope.occurred_at
            )
            for one in heard
        },
    )


def _submission(fact: ClaimSubmitted) -> Submission:
    return Submission(
        claim_id=fact.claim_id,
        sent=SentVersion(
            claim_version=fact.claim_version,
            frequency_code=fact.frequency_code,
            line_ids=frozenset(line.line_id for line in fact.lines),
        ),
        billing_provider_id=fact.billing_provider_id,
        other_payer_ids=tuple(one.payer_id for one in fact.other_payers),
        total_charge_cents=fact.total_charge_cents,
        service_from_on=fact.service_from_on,
        service_to_on=fact.service_to_on,
        submitted_at=fact.submitted_at,
        file_by_on=fact.file_by_on,
    )
