"""I3 and I4: a claim is what its facts say, and every history is legal and without a gap."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from cleanclaim.claims.domain.adjudication import Decision
from cleanclaim.denials.domain.status import STEPS
from cleanclaim.verify.invariants.claim_fold import Folded, Told
from cleanclaim.verify.look import Look
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.rules import Rule, breach_of, count, own
from cleanclaim.verify.verdicts import Breach, Seen

_CLAIMS = (
    "SELECT c.id, c.state, c.current_version, c.encounter_version, c.total_charge_cents,"  # noqa: S608
    " (SELECT jsonb_agg(jsonb_build_object('id', d.id, 'status', d.claim_status_code,"
    " 'reverses', d.reverses)) FROM claims.claim_decisions d"
    " WHERE d.organization_id = c.organization_id AND d.claim_id = c.id) AS decisions,"
    " (SELECT jsonb_agg(jsonb_build_object('number', l.aggregate_version, 'type', l.type,"
    " 'answer', l.payload ->> 'answer', 'version', l.payload -> 'claim_version',"
    " 'encounter', l.payload -> 'encounter_version',"
    " 'charge', l.payload -> 'total_charge_cents') ORDER BY l.aggregate_version)"
    " FROM claims.event_log l WHERE l.organization_id = c.organization_id"
    " AND l.topic = 'cleanclaim.claims' AND l.aggregateid = c.id) AS told"
    f" FROM claims.claims c WHERE {own('c.')} ORDER BY c.id"
)
_STEPS = ", ".join(
    f"('{one.value}', '{to.value}')" for one, ends in STEPS.items() for to in sorted(ends)
)
_VERSIONED = (
    ("intake", "encounters", "encounter_versions", "encounter_id", "version"),
    ("intake", "patients", "patient_versions", "patient_id", "version"),
    ("intake", "coverages", "coverage_versions", "coverage_id", "version"),
    ("claims", "claims", "claim_versions", "claim_id", "current_version"),
)


def _numbering(service: str) -> Rule:
    return Rule(
        service=service,
        table="event_log, topic and key",
        what="keys whose facts are not numbered 1 to n, or whose counter stands elsewhere",
        offenders="SELECT l.topic || ' ' || l.aggregateid AS id FROM"  # noqa: S608
        f" {service}.event_log l LEFT JOIN {service}.event_subject s ON s.topic = l.topic"
        f" AND s.key = l.aggregateid WHERE {own('l.')} GROUP BY l.topic, l.aggregateid"
        " HAVING count(*) <> max(l.aggregate_version) OR min(l.aggregate_version) <> 1"
        " OR max(s.sequence) IS DISTINCT FROM max(l.aggregate_version)",
    )


def _versions(service: str, table: str, versions: str, key: str, newest: str) -> Rule:
    return Rule(
        service=service,
        table=table,
        what=f"{table} whose versions are not 1 to n",
        offenders=f"SELECT t.id FROM {service}.{table} t LEFT JOIN {service}.{versions} v"  # noqa: S608
        f" ON v.organization_id = t.organization_id AND v.{key} = t.id WHERE {own('t.')}"
        f" GROUP BY t.organization_id, t.id, t.{newest} HAVING count(v.id) <> t.{newest}"
        f" OR max(v.version) IS DISTINCT FROM t.{newest}",
    )


HISTORIES = (
    *(_numbering(service) for service in SERVICES),
    *(_versions(*names) for names in _VERSIONED),
    Rule(
        service="denials",
        table="denial_steps, denial",
        what="cases with a step that no rule allows, or that does not follow the one before",
        offenders="SELECT denial_id AS id FROM (SELECT denial_id, from_status, to_status,"  # noqa: S608
        " lag(to_status) OVER (PARTITION BY organization_id, denial_id ORDER BY position) AS before"
        f" FROM denials.denial_steps WHERE {own()}) s"
        " WHERE from_status IS DISTINCT FROM before OR (from_status IS NOT NULL AND"
        f" (from_status, to_status) NOT IN (VALUES {_STEPS}))",
    ),
    Rule(
        service="denials",
        table="denials",
        what="cases in another state than their last step led to",
        offenders="SELECT d.id FROM denials.denials d LEFT JOIN LATERAL (SELECT to_status"  # noqa: S608
        " FROM denials.denial_steps s WHERE s.organization_id = d.organization_id"
        " AND s.denial_id = d.id ORDER BY position DESC LIMIT 1) s ON true"
        f" WHERE {own('d.')} AND s.to_status IS DISTINCT FROM d.status",
    ),
)


async def states_follow(look: Look) -> Seen:
    """Each claim's state, versions and money are what a fold of its facts gives."""
    seen, breach = 0, None
    async for claim_id, row, folded in _folded(look):
        seen += 1
        if breach is None:
            wrong = _wrong_with(row, folded)
            if wrong:
                breach = Breach(what=wrong, where=f"claims.claims {claim_id}")
    return Seen({"claims folded": seen}, breach)


def _wrong_with(row: Any, folded: Folded) -> str | None:
    decisions = [_decision(one) for one in _listed(row["decisions"])]
    possible = folded.possible(decisions)
    if row["state"] not in {one.value for one in possible}:
        allowed = ", ".join(sorted(one.value for one in possible))
        return f"a claim is {row['state']}, its facts and decisions say {allowed}"
    if folded.versions and max(folded.versions) > row["current_version"]:
        return "a claim told a version that it does not have"
    told = (
        folded.newest if folded.newest and folded.newest.charge_cents is not None else folded.sent
    )
    if told is None or told.claim_version != row["current_version"]:
        return None
    if told.charge_cents != row["total_charge_cents"]:
        return "a claim has another charge than it told"
    if told.encounter_version != row["encounter_version"]:
        return "a claim bills another encounter version than it told"
    return None


async def histories_are_legal(look: Look) -> Seen:
    """Numbers without gaps, versions without gaps, and only steps that a rule allows."""
    counts = {
        "facts": sum([await count(look, service, "event_log") for service in SERVICES]),
        "denial steps": await count(look, "denials", "denial_steps"),
    }
    breach = await breach_of(look, HISTORIES)
    seen = 0
    async for claim_id, _, folded in _folded(look):
        seen += 1
        if breach is None and folded.illegal_at is not None:
            breach = Breach(
                what=f"a claim's fact number {folded.illegal_at} is a step that no rule allows",
                where=f"claims.event_log cleanclaim.claims {claim_id}",
            )
    return Seen(counts | {"claims": seen}, breach)


async def _folded(look: Look) -> AsyncIterator[tuple[UUID, Any, Folded]]:
    async for rows in look.snapshots["claims"].batches(_CLAIMS, look.organization):
        for row in rows:
            folded = Folded()
            for one in _listed(row["told"]):
                folded.take(_told(one))
            yield row["id"], row, folded


def _listed(value: Any) -> list[dict[str, Any]]:
    return value or []


def _told(one: dict[str, Any]) -> Told:
    return Told(
        number=one["number"],
        name=one["type"].split(".")[2],
        answer=one["answer"],
        claim_version=one["version"],
        encounter_version=one["encounter"],
        charge_cents=one["charge"],
    )


def _decision(one: dict[str, Any]) -> Decision:
    return Decision(
        claim_payment_id=UUID(one["id"]),
        claim_status_code=one["status"],
        reverses=UUID(one["reverses"]) if one["reverses"] else None,
    )
