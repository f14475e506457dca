"""What claims hears: encounters that can be billed, and what payers decided of claims."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.work import Work
from cleanclaim.claims import commands
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.partners import Partners
from cleanclaim.events.intake import EncounterReady
from cleanclaim.events.remittance import ClaimPaymentPosted, ClaimPaymentReversed
from cleanclaim.events.wire import Heard

Ready = Sequence[Heard[EncounterReady]]


async def read_encounters(partners: Partners, heard: Ready) -> Mapping[UUID, EncounterVersion]:
    """Ask intake for each version that a claim will be built from; event → encounter version."""
    by_organization: dict[UUID, list[Heard[EncounterReady]]] = {}
    for one in heard:
        if _is_ours_to_bill(one.fact):
            by_organization.setdefault(one.envelope.organization_id, []).append(one)
    fetched: dict[UUID, EncounterVersion] = {}
    for organization_id, several in by_organization.items():
        answers = await partners.encounter_versions(
            organization_id,
            [(one.fact.encounter_id, one.fact.encounter_version) for one in several],
        )
        for one in several:
            key = (one.fact.encounter_id, one.fact.encounter_version)
            fetched[one.envelope.event_id] = answers[key]
    return fetched


def _is_ours_to_bill(fact: EncounterReady) -> bool:
    return not fact.self_pay and fact.claim_type == "professional"


async def build_claims(work: Work, heard: Ready, fetched: Fetched) -> None:
    """Build, rebuild or resend claims of encounters that are ready."""
    ready = [
        commands.ReadyEncounter(
            encounter_id=one.fact.encounter_id,
            encounter_version=one.fact.encounter_version,
            claim_type=one.fact.claim_type,
            self_pay=one.fact.self_pay,
            total_charge_cents=one.fact.total_charge_cents,
            service_from_on=one.fact.service_from_on,
            ready_at=one.envelope.occurred_at,
            cause=Cause.of(one.envelope),
            encounter=fetched.get(one.envelope.event_id),
        )
        for one in heard
    ]
    await commands.build_claims(work, ready=ready)


async def record_payments(
    work: Work, heard: Sequence[Heard[ClaimPaymentPosted]], _: Fetched
) -> None:
    """A payer decided: the claim is adjudicated and has the payer's number."""
    await commands.record_decisions(work, decisions=[_decision(one) for one in heard])


async def record_reversals(
    work: Work, heard: Sequence[Heard[ClaimPaymentReversed]], _: Fetched
) -> None:
    """A payer took a decision back: the claim is open again."""
    decisions = [_decision(one, reverses=one.fact.reverses_claim_payment_id) for one in heard]
    await commands.record_decisions(work, decisions=decisions)


def _decision(
    heard: Heard[ClaimPaymentPosted] | Heard[ClaimPaymentReversed], reverses: UUID | None = None
) -> commands.HeardDecision:
    fact = heard.fact
    return commands.HeardDecision(
        claim_payment_id=fact.claim_payment_id,
        claim_id=fact.claim_id,
        claim_version=fact.claim_version,
        payer_id=fact.payer_id,
        claim_status_code=fact.claim_status_code,
        payer_claim_control_number=fact.payer_claim_control_number,
        adjudicated_on=fact.adjudicated_on,
        charge_cents=fact.charge_cents,
        heard_at=heard.envelope.occurred_at,
        reverses=reverses,
    )


SUBSCRIPTIONS = (
    Subscription(model=EncounterReady, apply=build_claims, fetch=read_encounters, kind="reactor"),
    Subscription(model=ClaimPaymentPosted, apply=record_payments, kind="reactor"),
    Subscription(model=ClaimPaymentReversed, apply=record_reversals, kind="reactor"),
)
