"""I9: remitted, posted, booked and expected agree for every remittance, from three schemas."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cleanclaim.verify.look import Look
from cleanclaim.verify.rules import Rule, breach_of, own
from cleanclaim.verify.snapshots import Row
from cleanclaim.verify.verdicts import Breach, Seen

_FACTS = "cleanclaim.remittance.%s.v1"
_MONEY = tuple(
    _FACTS % name
    for name in (
        "ClaimPaymentPosted", "ClaimPaymentReversed", "ClaimPaymentUnmatched",
        "ProviderAdjustmentPosted",
    )
)  # fmt: skip

QUEUES = (
    Rule(
        service="remittance",
        table="remittances",
        what="posted remittances that are not their claim payments less provider adjustments",
        offenders="SELECT r.id FROM remittance.remittances r LEFT JOIN LATERAL (SELECT"  # noqa: S608
        " coalesce(sum(p.paid_cents), 0) AS cents FROM remittance.claim_payments p"
        " WHERE p.organization_id = r.organization_id AND p.remittance_id = r.id) p ON true"
        " LEFT JOIN LATERAL (SELECT coalesce(sum(a.amount_cents), 0) AS cents"
        " FROM remittance.provider_adjustments a WHERE a.organization_id = r.organization_id"
        f" AND a.remittance_id = r.id) a ON true WHERE {own('r.')} AND r.status = 'posted'"
        " AND p.cents - a.cents <> r.payment_cents",
    ),
    Rule(
        service="remittance",
        table="claim_payments",
        what="unmatched payments that nobody is asked to match",
        offenders="SELECT p.id FROM remittance.claim_payments p"  # noqa: S608
        f" WHERE {own('p.')} AND p.status = 'unmatched' AND NOT EXISTS (SELECT"
        " FROM remittance.work_items w WHERE w.organization_id = p.organization_id"
        " AND w.subject_id = p.id AND w.status <> 'closed')",
    ),
    Rule(
        service="remittance",
        table="claim_payments",
        what="payments that are posted and still asked about as unmatched",
        offenders="SELECT p.id FROM remittance.claim_payments p"  # noqa: S608
        " JOIN remittance.work_items w ON w.organization_id = p.organization_id"
        f" AND w.subject_id = p.id AND w.status <> 'closed' WHERE {own('p.')}"
        " AND p.status = 'posted' AND w.kind = 'claim_payment_unmatched'",
    ),
    Rule(
        service="remittance",
        table="remittances",
        what="held remittances that nobody is asked about",
        offenders="SELECT r.id FROM remittance.remittances r"  # noqa: S608
        f" WHERE {own('r.')} AND r.status = 'held' AND NOT EXISTS (SELECT"
        " FROM remittance.work_items w WHERE w.organization_id = r.organization_id"
        " AND w.subject_id = r.id AND w.status <> 'closed')",
    ),
    Rule(
        service="reconcile",
        table="expected_receipts",
        what="receipts whose matched money is not the sum of its parts",
        offenders="SELECT r.id FROM reconcile.expected_receipts r LEFT JOIN"  # noqa: S608
        " reconcile.match_parts p ON p.organization_id = r.organization_id"
        f" AND p.remittance_id = r.id WHERE {own('r.')} GROUP BY r.organization_id, r.id,"
        " r.matched_cents HAVING coalesce(sum(p.amount_cents), 0) <> r.matched_cents",
    ),
    Rule(
        service="reconcile",
        table="variances",
        what="open variances that nobody is asked about",
        offenders="SELECT v.id FROM reconcile.variances v"  # noqa: S608
        f" WHERE {own('v.')} AND v.status = 'open' AND NOT EXISTS (SELECT"
        " FROM reconcile.work_items w WHERE w.organization_id = v.organization_id"
        " AND w.subject_id = v.id AND w.status <> 'closed')",
    ),
)
_REMITTANCES = (
    "SELECT r.organization_id, r.id, r.payment_cents,"  # noqa: S608
    " array_agg(l.id) FILTER (WHERE l.type = '" + _FACTS % "RemittancePosted" + "') AS told,"
    " array_agg(l.id) FILTER (WHERE l.type = ANY($2)) AS money"
    " FROM remittance.remittances r LEFT JOIN remittance.event_log l"
    " ON l.organization_id = r.organization_id AND l.type = ANY($3)"
    " AND CAST(l.payload ->> 'remittance_id' AS uuid) = r.id"
    f" WHERE {own('r.')} AND r.status = 'posted' GROUP BY r.organization_id, r.id, r.payment_cents"
)
_EXPECTED = (
    "SELECT id, payment_cents, posted_cents FROM reconcile.expected_receipts"
    " WHERE id = ANY($1::uuid[])"
)
_BOOKED = (
    "SELECT e.remittance_id AS id, sum(p.amount_cents) AS cents FROM accounts.journal_entries e"
    " JOIN accounts.postings p ON p.organization_id = e.organization_id AND p.entry_id = e.id"
    " WHERE e.remittance_id = ANY($1::uuid[]) AND p.account = 'cash_clearing'"
    " AND e.cause_event_type LIKE 'cleanclaim.remittance.%' GROUP BY e.remittance_id"
)


async def totals_agree(look: Look) -> Seen:
    """Remittance, reconcile and accounts say the same of each posted remittance, to the cent.

    What a listener has not heard yet is on its way, and I5's to judge.
    """
    counts = {"remittances": 0, "not heard whole yet": 0}
    breach = await breach_of(look, QUEUES)
    posted = (*_MONEY, _FACTS % "RemittancePosted")
    async for rows in look.snapshots["remittance"].batches(
        _REMITTANCES, look.organization, list(_MONEY), list(posted)
    ):
        counts["remittances"] += len(rows)
        expected = await _by_id(look, "reconcile", _EXPECTED, rows)
        booked = await _by_id(look, "accounts", _BOOKED, rows)
        told = await _heard(look, "reconcile", [one for row in rows for one in row["told"] or ()])
        money = await _heard(look, "accounts", [one for row in rows for one in row["money"] or ()])
        for row in rows:
            heard_receipt = told.issuperset(row["told"] or ())
            heard_money = money.issuperset(row["money"] or ())
            counts["not heard whole yet"] += not (heard_receipt and heard_money)
            if heard_receipt:
                breach = breach or _expected_wrong(row, expected.get(row["id"]))
            if heard_money:
                breach = breach or _booked_wrong(row, booked.get(row["id"]))
    return Seen(counts, breach)


def _expected_wrong(row: Row, expected: Any) -> Breach | None:
    paid = row["payment_cents"]
    if expected and (expected["payment_cents"], expected["posted_cents"]) == (paid, paid):
        return None
    said = f"{expected['payment_cents']} and {expected['posted_cents']}" if expected else "nothing"
    return Breach(
        what=f"a remittance of {paid} cents is expected and posted with {said} in reconcile",
        where=f"reconcile.expected_receipts {row['id']}",
    )


def _booked_wrong(row: Row, booked: Any) -> Breach | None:
    cents = int(booked["cents"]) if booked else 0
    if cents == row["payment_cents"]:
        return None
    return Breach(
        what=f"a remittance of {row['payment_cents']} cents is booked with {cents} cents of cash",
        where=f"accounts.journal_entries, remittance {row['id']}",
    )


async def _by_id(look: Look, service: str, statement: str, rows: Sequence[Row]) -> dict[UUID, Row]:
    found = await look.snapshots[service].rows(statement, [row["id"] for row in rows])
    return {row["id"]: row for row in found}


async def _heard(look: Look, service: str, ids: Sequence[UUID]) -> set[UUID]:
    rows = await look.snapshots[service].rows(
        f"SELECT event_id FROM {service}.inbox WHERE event_id = ANY($1::uuid[])",  # noqa: S608
        ids,
    )
    return {row["event_id"] for row in rows}
