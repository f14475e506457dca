"""I1 and I2: the book balances, entry by entry and claim by claim, from its own rows alone."""

from cleanclaim.accounts.domain.chart import CASH_LEGS, CHART
from cleanclaim.verify.look import Look
from cleanclaim.verify.rules import Rule, judged, own
from cleanclaim.verify.verdicts import Seen

_CASH = ", ".join(f"'{one.value}'" for one in sorted(CASH_LEGS))
_KEPT = ", ".join(f"'{name.value}'" for name, entry in sorted(CHART.items()) if entry.kept_by)

# S608: the statements hold names and words of ours alone
BALANCE = (
    Rule(
        service="accounts",
        table="journal_entries",
        what="entries whose postings do not add up to 0",
        offenders=f"SELECT entry_id AS id FROM accounts.postings WHERE {own()}"  # noqa: S608
        " GROUP BY organization_id, entry_id HAVING sum(amount_cents) <> 0",
    ),
    Rule(
        service="accounts",
        table="journal_entries",
        what="entries with fewer than two sides",
        offenders="SELECT e.id FROM accounts.journal_entries e LEFT JOIN accounts.postings p"  # noqa: S608
        f" ON p.organization_id = e.organization_id AND p.entry_id = e.id WHERE {own('e.')}"
        " GROUP BY e.organization_id, e.id HAVING count(p.id) < 2",
    ),
    Rule(
        service="accounts",
        table="postings",
        what="postings that repeat another day, claim or account than their entry's",
        offenders="SELECT p.id FROM accounts.postings p JOIN accounts.journal_entries e"  # noqa: S608
        f" ON e.organization_id = p.organization_id AND e.id = p.entry_id WHERE {own('p.')}"
        " AND (p.effective_on, p.claim_id, p.patient_account_id)"
        " IS DISTINCT FROM (e.effective_on, e.claim_id, e.patient_account_id)",
    ),
    Rule(
        service="accounts",
        table="subledger_lines",
        what="accounts whose sub-ledger differs from the book",
        offenders="SELECT coalesce(s.account, b.account) AS id FROM"  # noqa: S608
        " (SELECT organization_id, account, sum(amount_cents) AS cents"
        f" FROM accounts.subledger_lines WHERE {own()} GROUP BY 1, 2) s FULL JOIN"
        " (SELECT organization_id, account, sum(amount_cents) AS cents"
        f" FROM accounts.postings WHERE {own()} AND account IN ({_KEPT}) GROUP BY 1, 2) b"
        " USING (organization_id, account) WHERE coalesce(s.cents, 0) <> coalesce(b.cents, 0)",
    ),
    Rule(
        service="accounts",
        table="journal_entries",
        what="entries that were never told",
        offenders="SELECT e.id FROM accounts.journal_entries e LEFT JOIN accounts.event_log l"  # noqa: S608
        " ON l.organization_id = e.organization_id AND l.topic = 'cleanclaim.journal'"
        f" AND CAST(l.payload ->> 'entry_id' AS uuid) = e.id WHERE {own('e.')} AND l.id IS NULL",
    ),
)
CLAIM_BALANCE = (
    Rule(
        service="accounts",
        table="postings, claim",
        what="claims where billed is not paid + adjusted + written off + open",
        offenders=f"SELECT claim_id AS id FROM accounts.postings WHERE {own()}"  # noqa: S608
        " AND claim_id IS NOT NULL GROUP BY organization_id, claim_id"
        " HAVING sum(amount_cents) <> 0",
    ),
    Rule(
        service="accounts",
        table="claims",
        what="claims whose charges in the book are not what their newest version bills",
        offenders="WITH billed AS (SELECT organization_id, id, coalesce((SELECT"  # noqa: S608
        " sum(CAST(c ->> 'charge_cents' AS bigint)) FROM jsonb_array_elements(billing -> 'charges')"
        f" c), 0) AS cents FROM accounts.claims WHERE {own()}), booked AS (SELECT organization_id,"
        " claim_id AS id, -sum(amount_cents) AS cents FROM accounts.postings"
        f" WHERE {own()} AND account = 'gross_charges' AND claim_id IS NOT NULL GROUP BY 1, 2)"
        " SELECT id FROM billed FULL JOIN booked USING (organization_id, id)"
        " WHERE coalesce(billed.cents, 0) <> coalesce(booked.cents, 0)",
    ),
    Rule(
        service="accounts",
        table="payer_decisions",
        what="payments whose entry moves other money than the payer paid",
        # a reversal whose money differs counters nothing: its entry moves cash onto unapplied cash
        offenders="SELECT d.id FROM accounts.payer_decisions d LEFT JOIN accounts.postings p"  # noqa: S608
        " ON p.organization_id = d.organization_id AND p.entry_id = d.entry_id"
        f" AND p.account IN ({_CASH}) WHERE {own('d.')} AND d.entry_id IS NOT NULL"
        " AND (d.reverses_id IS NULL OR EXISTS (SELECT FROM accounts.payer_decisions o"
        " WHERE o.organization_id = d.organization_id AND o.id = d.reverses_id"
        " AND o.reversed_by_id = d.id)) GROUP BY d.organization_id, d.id, d.paid_cents"
        " HAVING coalesce(sum(p.amount_cents), 0) <> d.paid_cents",
    ),
)


async def book_balances(look: Look) -> Seen:
    """Every entry adds up to 0 and was told, and every sub-ledger is its account."""
    return await judged(look, BALANCE, ("accounts", "journal_entries"), ("accounts", "postings"))


async def claims_balance(look: Look) -> Seen:
    """Billed = paid + contractual + other adjustments + patient + open, for every claim."""
    return await judged(
        look, CLAIM_BALANCE, ("accounts", "claims"), ("accounts", "payer_decisions")
    )
