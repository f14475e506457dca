"""What people do with one claim: check it, hold it, release it, resend it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cleanclaim.chassis import audit
from cleanclaim.chassis.work import Work
from cleanclaim.claims import events_out
from cleanclaim.claims.commands.building import (
    build_one,
    directory_for,
    keep_built,
    next_version,
    open_held_items,
)
from cleanclaim.claims.commands.local_days import time_zone_of
from cleanclaim.claims.commands.threads import story_of
from cleanclaim.claims.domain.claim import ClaimVersion, NoSuchClaim
from cleanclaim.claims.domain.edits import Finding
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.domain.states import ClaimState, ClaimStateForbids, moved
from cleanclaim.claims.store import claims
from cleanclaim.claims.store.claims import BuiltClaim, KeptClaim


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: its state, version and findings."""

    state: ClaimState
    version: int
    findings: Sequence[Finding]


async def check_claim(
    work: Work, *, claim_id: UUID, encounter: EncounterVersion, checked_at: datetime
) -> Outcome:
    """What the edits would say now; nothing is changed. Raises NoSuchClaim."""
    claim = await _locked(work, claim_id)
    built = await _built(work, claim, encounter, checked_at)
    return Outcome(built.state, built.claim.version, built.findings)


async def hold_claim(work: Work, *, claim_id: UUID, reason: str, held_at: datetime) -> Outcome:
    """Keep a claim that was not sent from being sent; `reason` is a code.

    Raises:
        NoSuchClaim: there is none of that id.
        ClaimStateForbids: it was sent already, or is on its way.
    """
    claim = await _locked(work, claim_id)
    _must_be_here(claim)
    moved(claim.state, ClaimState.HELD)
    rows = await claims.versions_of(work, [(claim_id, claim.current_version)])
    row = rows[claim_id, claim.current_version]
    finding = Finding(
        rule_id="held.by_person",
        message="A person holds the claim.",
        fix="Release it when the reason is gone.",
    )
    findings = (finding, *(one for one in claims.read_findings(row) if one != finding))
    await claims.save_findings(work, claim_id, claim.current_version, findings)
    await claims.change_claims(
        work,
        [claim_id],
        changed_at=held_at,
        state=ClaimState.HELD,
        hold_reason=reason,
        clean_since=None,
    )
    await audit.record(
        work, action="write", resource="Claim", resource_id=claim_id, purpose=f"hold:{reason}"
    )
    version = claims.read_version(row)
    await open_held_items(
        work, held=[_as_built(claim, version, findings, held_at)], opened_at=held_at
    )
    work.tell(events_out.claim_held(version, findings), cause=story_of(work, row["cause"]))
    return Outcome(ClaimState.HELD, claim.current_version, findings)


async def release_claim(
    work: Work, *, claim_id: UUID, encounter: EncounterVersion, released_at: datetime
) -> Outcome:
    """Build a held claim anew and let it go if the edits let it.

    Raises:
        NoSuchClaim: there is none of that id.
        ClaimStateForbids: it is not held.
    """
    claim = await _locked(work, claim_id)
    if claim.state is not ClaimState.HELD:
        raise ClaimStateForbids(
            f"The claim is {claim.state}, not held.", fix="There is nothing to release."
        )
    return await _rebuild(work, claim, encounter, released_at, "release")


async def resend_claim(
    work: Work, *, claim_id: UUID, encounter: EncounterVersion, resent_at: datetime
) -> Outcome:
    """Build a new version of a rejected claim, as an original: the rejected one never entered.

    Raises:
        NoSuchClaim: there is none of that id.
        ClaimStateForbids: it was not rejected.
    """
    claim = await _locked(work, claim_id)
    if claim.state is not ClaimState.REJECTED:
        raise ClaimStateForbids(
            f"The claim is {claim.state}; only a rejected one is resent as an original.",
            fix="Await the payer's answer; after it a replacement may be sent.",
        )
    return await _rebuild(work, claim, encounter, resent_at, "resend")


async def _rebuild(
    work: Work, claim: KeptClaim, encounter: EncounterVersion, at: datetime, purpose: str
) -> Outcome:
    rows = await claims.versions_of(work, [(claim.claim_id, claim.current_version)])
    row = rows[claim.claim_id, claim.current_version]
    made = await _built(work, claim, encounter, at)
    built = replace(
        made, cause=row["cause"], newest_encounter_version=claim.newest_encounter_version
    )
    await keep_built(work, built=[built])
    await audit.record(
        work, action="write", resource="Claim", resource_id=claim.claim_id, purpose=purpose
    )
    return Outcome(built.state, built.claim.version, built.findings)


async def _built(
    work: Work, claim: KeptClaim, encounter: EncounterVersion, at: datetime
) -> BuiltClaim:
    return build_one(
        encounter,
        number=claim.number,
        version=next_version(claim),
        known=await directory_for(work, encounters=[encounter]),
        zone=await time_zone_of(work),
        built_at=at,
    )


def _as_built(
    claim: KeptClaim, version: ClaimVersion, findings: Sequence[Finding], at: datetime
) -> BuiltClaim:
    return BuiltClaim(
        number=claim.number,
        claim=version,
        state=ClaimState.HELD,
        newest_encounter_version=claim.newest_encounter_version,
        built_at=at,
        findings=tuple(findings),
    )


async def _locked(work: Work, claim_id: UUID) -> KeptClaim:
    kept = await claims.claims_with(work, [claim_id])
    if claim_id not in kept:
        raise NoSuchClaim("There is no claim of this id.", fix="Check the id.")
    return kept[claim_id]


def _must_be_here(claim: KeptClaim) -> None:
    if claim.is_on_its_way:
        raise ClaimStateForbids(
            "The claim's file is being handed over.", fix="Await the answer to it."
        )
