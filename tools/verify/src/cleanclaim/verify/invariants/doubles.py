"""I6: nothing is there twice, neither by its business key nor by its money."""

from cleanclaim.verify.look import Look
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.rules import Rule, judged, own
from cleanclaim.verify.verdicts import Seen


def _twice(service: str, table: str, columns: str, what: str, among: str = "true") -> Rule:
    return Rule(
        service=service,
        table=table,
        what=what,
        offenders=f"SELECT min(id::text) AS id FROM {service}.{table}"  # noqa: S608
        f" WHERE {own()} AND {among} GROUP BY organization_id, {columns} HAVING count(*) > 1",
    )


def _told_twice(service: str, name: str, *fields: str) -> Rule:
    kind = f"cleanclaim.{service}.{name}.v1"
    columns = ", ".join(f"payload ->> '{field}'" for field in fields)
    return _twice(
        service, "event_log", columns, f"facts {name} told twice of one thing", f"type = '{kind}'"
    )


DOUBLES = (
    _twice("intake", "encounters", "external_index", "encounters received twice"),
    _told_twice("intake", "EncounterReady", "encounter_id", "encounter_version"),
    _twice("claims", "claims", "encounter_id", "encounters with two claims"),
    _twice("claims", "claim_versions", "patient_control_number", "control numbers used twice"),
    _told_twice("claims", "ClaimSubmitted", "claim_id", "claim_version"),
    _twice("remittance", "remittances", "content_hash", "remittances taken in twice"),
    _twice(
        "remittance",
        "remittances",
        "originating_company_id, trace_number, payment_cents, paid_on",
        "remittances posted twice under one key",
        "status = 'posted' AND payment_cents <> 0",
    ),
    _told_twice("remittance", "RemittancePosted", "remittance_id"),
    _told_twice("remittance", "ClaimPaymentPosted", "claim_payment_id"),
    _told_twice("remittance", "ClaimPaymentReversed", "claim_payment_id"),
    _twice(
        "remittance",
        "claim_payments",
        "reverses_id",
        "decisions taken back twice",
        "reverses_id IS NOT NULL",
    ),
    _twice("accounts", "journal_entries", "cause_event_id", "facts booked twice"),
    _twice(
        "accounts",
        "journal_entries",
        "counters_entry_id",
        "entries countered twice",
        "counters_entry_id IS NOT NULL",
    ),
    _told_twice("accounts", "JournalPosted", "entry_id"),
    _twice("reconcile", "matches", "deposit_id", "deposits matched twice"),
    Rule(
        service="reconcile",
        table="matches",
        what="deposits that explain more money than they brought",
        offenders="SELECT m.id FROM reconcile.matches m JOIN reconcile.deposits d"  # noqa: S608
        " ON d.organization_id = m.organization_id AND d.id = m.deposit_id"
        " JOIN reconcile.match_parts p ON p.organization_id = m.organization_id"
        f" AND p.match_id = m.id WHERE {own('m.')} GROUP BY m.id, d.amount_cents"
        " HAVING sum(p.amount_cents) > d.amount_cents",
    ),
    *(
        Rule(
            service=service,
            table="outbox",
            what="facts queued twice",
            offenders=f"SELECT o.event_id AS id FROM {service}.outbox o"  # noqa: S608
            f" JOIN {service}.event_log l ON l.id = o.event_id WHERE {own('l.')}"
            " GROUP BY o.event_id HAVING count(*) > 1",
        )
        for service in SERVICES
    ),
)


async def nothing_is_doubled(look: Look) -> Seen:
    """Every business key once, in tables and in what was told."""
    return await judged(
        look,
        DOUBLES,
        ("intake", "encounters"),
        ("claims", "claim_versions"),
        ("remittance", "remittances"),
        ("remittance", "claim_payments"),
        ("accounts", "journal_entries"),
    )
