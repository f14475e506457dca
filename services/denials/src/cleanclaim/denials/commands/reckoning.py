"""What is known around the cases of some claims, read once and asked for each case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.chassis.work import Work
from cleanclaim.denials import store
from cleanclaim.denials.domain.days import local_day
from cleanclaim.denials.domain.deadline import Clock
from cleanclaim.denials.domain.denial import Circumstances, Denial, part_keys
from cleanclaim.denials.domain.heard import ClaimDecision, Submission
from cleanclaim.denials.domain.plan import Surroundings
from cleanclaim.denials.domain.policy import PayerPolicy, policy_on
from cleanclaim.denials.domain.refusal import Origin, RefusedPart
from cleanclaim.denials.domain.routing import forwarded
from cleanclaim.denials.domain.settlement import Ground, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """Versions, decisions and policies of some claims, with the organization's time zone."""

    submissions: dict[UUID, list[Submission]]
    decisions: dict[UUID, list[ClaimDecision]]
    policies: dict[UUID, tuple[PayerPolicy, ...]]
    zone: str | None

    def day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)

    def story(self, origin: Origin) -> Story:
        """What this payer decided on the claim, and the versions that were sent."""
        return Story(
            decisions=[
                one.decision
                for one in self.decisions.get(origin.claim_id, [])
                if one.payer_id == origin.payer_id
            ],
            versions=[one.sent for one in self.submissions.get(origin.claim_id, [])],
        )

    def circumstances(
        self,
        origin: Origin,
        parts: Sequence[RefusedPart],
        *,
        taken_back: bool = False,
        sent_again: bool = False,
    ) -> Circumstances:
        policy = policy_on(
            versions=self.policies.get(origin.payer_id, ()), day=origin.adjudicated_on
        )
        sent = self._version(origin)
        own = self._decision(origin)
        remarks = tuple(code for part in parts for code in part.remark_codes)
        sent_on = forwarded(claim_status_code=origin.claim_status_code, remark_codes=remarks)
        further = bool(sent and sent.other_payer_ids) or bool(own and own.next_payer_id)
        return Circumstances(
            policy=policy,
            clock=self._clock(origin, sent),
            around=Surroundings(
                further_payer=further,
                forwarded=sent_on or bool(own and own.forwarded),
                takes_replacement=policy.takes_replacement if policy else None,
                taken_back=taken_back,
                sent_again=sent_again,
            ),
        )

    def _clock(self, origin: Origin, sent: Submission | None) -> Clock:
        return Clock(
            adjudicated_on=origin.adjudicated_on,
            received_on=self.day(origin.received_at),
            service_from_on=origin.service_from_on or (sent.service_from_on if sent else None),
            service_to_on=origin.service_to_on or (sent.service_to_on if sent else None),
            claim_type=origin.claim_type,
            file_by_on=sent.file_by_on if sent else None,
        )

    def _version(self, origin: Origin) -> Submission | None:
        versions = self.submissions.get(origin.claim_id, [])
        return next((v for v in versions if v.sent.claim_version == origin.claim_version), None)

    def _decision(self, origin: Origin) -> ClaimDecision | None:
        found = self.decisions.get(origin.claim_id, [])
        mine = (d for d in found if d.decision.claim_payment_id == origin.claim_payment_id)
        return next(mine, None)


async def reckon(
    work: Work, *, claim_ids: Collection[UUID], payer_ids: Collection[UUID]
) -> Reckoning:
    return Reckoning(
        submissions=await store.submissions_of(work, claim_ids),
        decisions=await store.decisions_of(work, claim_ids),
        policies=await store.policies_of(work, payer_ids),
        zone=await store.time_zone(work),
    )


def ground_of(denial: Denial, cases: Sequence[Denial]) -> Ground:
    """What the case stands on; `cases` are all of its claim."""
    origin = denial.origin
    mine = part_keys(denial.parts)
    return Ground(
        claim_payment_id=origin.claim_payment_id,
        payment_sequence=origin.payment_sequence,
        claim_version=origin.claim_version,
        parts=denial.parts,
        has_predecessor=any(
            other.origin.claim_id == origin.claim_id
            and other.origin.payer_id == origin.payer_id
            and other.origin.payment_sequence < origin.payment_sequence
            and not mine.isdisjoint(part_keys(other.parts))
            for other in cases
        ),
    )
