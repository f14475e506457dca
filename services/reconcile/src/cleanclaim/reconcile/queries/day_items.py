"""A day's items in SQL: each receipt, deposit, posting and trace with its gap and its verdict."""

# A gap is settled when a person explained it or wrote it off by then, awaited while its window
# lasts and nothing came, and an exception otherwise; so every cent lands in exactly one of them.
RECEIPTS = """
WITH banked AS (
  SELECT p.remittance_id, sum(p.amount_cents) AS cents
  FROM reconcile.match_parts p
  JOIN reconcile.matches m ON m.organization_id = p.organization_id AND m.id = p.match_id
  JOIN reconcile.deposits d ON d.organization_id = m.organization_id AND d.id = m.deposit_id
  WHERE p.organization_id = :organization_id AND d.deposited_on <= :on
  GROUP BY p.remittance_id
), judged AS (
  SELECT DISTINCT ON (remittance_id) remittance_id, id, kind, status, resolved_on, opened_on
  FROM reconcile.variances
  WHERE organization_id = :organization_id
    AND kind IN ('deposit_short', 'deposit_over', 'remittance_without_deposit')
  ORDER BY remittance_id, (status = 'open') DESC, (status = 'corrected'), opened_on DESC, id
), written_off AS (
  SELECT remittance_id, sum(written_off_cents) AS cents FROM reconcile.variances
  WHERE organization_id = :organization_id AND status = 'written_off' AND resolved_on <= :on
    AND kind IN ('deposit_short', 'deposit_over', 'remittance_without_deposit')
  GROUP BY remittance_id
), receipts AS (
  SELECT r.id AS remittance_id, r.payer_id, r.trace_number, r.paid_on, r.window_ends_on,
         r.payment_cents, coalesce(b.cents, 0) AS banked_cents,
         coalesce(w.cents, 0) AS written_off_cents,
         r.payment_cents + coalesce(w.cents, 0) - coalesce(b.cents, 0) AS gap_cents,
         v.id AS variance_id, v.kind,
         CASE
           WHEN r.payment_cents + coalesce(w.cents, 0) = coalesce(b.cents, 0) THEN 'whole'
           WHEN v.status = 'explained' AND v.resolved_on <= :on THEN 'settled'
           WHEN b.cents IS NULL AND :on <= r.window_ends_on THEN 'awaited'
           ELSE 'exception'
         END AS verdict
  FROM reconcile.expected_receipts r
  LEFT JOIN banked b ON b.remittance_id = r.id
  LEFT JOIN judged v ON v.remittance_id = r.id
  LEFT JOIN written_off w ON w.remittance_id = r.id
  WHERE r.organization_id = :organization_id AND r.paid_on <= :on
)
"""
DEPOSITS = """
WITH banked AS (
  SELECT m.deposit_id, sum(p.amount_cents) AS all_cents,
         coalesce(sum(p.amount_cents) FILTER (WHERE r.paid_on <= :on), 0) AS cents
  FROM reconcile.matches m
  JOIN reconcile.match_parts p ON p.organization_id = m.organization_id AND p.match_id = m.id
  JOIN reconcile.expected_receipts r
    ON r.organization_id = p.organization_id AND r.id = p.remittance_id
  WHERE m.organization_id = :organization_id
  GROUP BY m.deposit_id
), deposits AS (
  SELECT d.id AS deposit_id, d.payer_id, d.trace_number, d.deposited_on, d.amount_cents,
         coalesce(b.all_cents, 0) AS matched_cents,
         d.amount_cents - coalesce(b.cents, 0) AS gap_cents, v.id AS variance_id,
         CASE WHEN d.amount_cents < 0 THEN 'deposit_returned'
              ELSE 'deposit_without_remittance' END AS kind,
         CASE
           WHEN d.amount_cents = coalesce(b.cents, 0) THEN 'whole'
           WHEN b.cents IS NULL AND v.status IN ('explained', 'written_off')
                AND v.resolved_on <= :on THEN 'settled'
           WHEN d.amount_cents > 0 AND :on <= d.window_ends_on THEN 'awaited'
           ELSE 'exception'
         END AS verdict
  FROM reconcile.deposits d
  LEFT JOIN banked b ON b.deposit_id = d.id
  LEFT JOIN reconcile.variances v ON v.organization_id = d.organization_id
    AND v.deposit_id = d.id AND v.kind IN ('deposit_without_remittance', 'deposit_returned')
  WHERE d.organization_id = :organization_id AND d.deposited_on <= :on
)
"""
POSTINGS = """
WITH postings AS (
  SELECT r.id AS remittance_id, r.payer_id, r.trace_number, r.paid_on, r.payment_cents,
         coalesce(r.posted_cents, 0) AS posted_cents,
         r.payment_cents - coalesce(r.posted_cents, 0) AS gap_cents, v.id AS variance_id,
         CASE
           WHEN r.payment_cents = coalesce(r.posted_cents, 0) THEN 'whole'
           WHEN v.status = 'explained' AND v.resolved_on <= :on THEN 'settled'
           ELSE 'exception'
         END AS verdict
  FROM reconcile.expected_receipts r
  LEFT JOIN reconcile.variances v ON v.organization_id = r.organization_id
    AND v.remittance_id = r.id AND v.kind = 'remittance_incomplete'
  WHERE r.organization_id = :organization_id AND r.paid_on <= :on
)
"""
BOOK = """
WITH expected AS (
  SELECT payer_id, trace_number, coalesce(posted_cents, 0) AS posted, 0 AS booked, 0 AS clearing,
         0 AS matched, 0 AS written_off, paid_on AS since_on
  FROM reconcile.expected_receipts WHERE organization_id = :organization_id AND paid_on <= :on
  UNION ALL
  SELECT payer_id, trace_number, 0, CASE WHEN purpose = 'booked' THEN amount_cents ELSE 0 END,
         amount_cents, 0, 0, effective_on
  FROM reconcile.clearing_postings
  WHERE organization_id = :organization_id AND effective_on <= :on
  UNION ALL
  SELECT p.payer_id, p.trace_number, 0, 0, 0, p.amount_cents, 0, d.deposited_on
  FROM reconcile.match_parts p
  JOIN reconcile.matches m ON m.organization_id = p.organization_id AND m.id = p.match_id
  JOIN reconcile.deposits d ON d.organization_id = m.organization_id AND d.id = m.deposit_id
  WHERE p.organization_id = :organization_id AND d.deposited_on <= :on
  UNION ALL
  SELECT payer_id, trace_number, 0, 0, 0, 0, written_off_cents, resolved_on
  FROM reconcile.variances
  WHERE organization_id = :organization_id AND status = 'written_off' AND resolved_on <= :on
    AND kind IN ('deposit_short', 'deposit_over', 'remittance_without_deposit')
), traces AS (
  SELECT payer_id, trace_number, sum(posted) AS posted, sum(booked) AS booked,
         sum(clearing) AS clearing, sum(matched) AS matched, sum(written_off) AS written_off,
         min(since_on) AS since_on
  FROM expected GROUP BY payer_id, trace_number
)
"""

_OWNED = """
LEFT JOIN LATERAL (
  SELECT w.owner FROM reconcile.work_items w
  WHERE w.organization_id = :organization_id AND w.subject_id = x.variance_id
  ORDER BY w.opened_at DESC LIMIT 1
) o ON true WHERE verdict = 'exception'
"""
_SETTLED = "coalesce(sum(gap_cents) FILTER (WHERE verdict = 'settled'), 0) AS settled"
_AWAITED = "coalesce(sum(gap_cents) FILTER (WHERE verdict = 'awaited'), 0) AS awaited"

# Constants of ours put together; nothing that a caller sent is ever part of them.
RECEIPT_SUMS = f"""
SELECT coalesce(sum(payment_cents), 0) AS remitted, coalesce(sum(banked_cents), 0) AS banked,
  coalesce(sum(written_off_cents), 0) AS written_off, {_AWAITED}, {_SETTLED} FROM receipts
"""  # noqa: S608
DEPOSIT_SUMS = f"""
SELECT coalesce(sum(amount_cents), 0) AS deposited, {_AWAITED}, {_SETTLED} FROM deposits
"""  # noqa: S608
POSTING_SUMS = f"""
SELECT coalesce(sum(posted_cents), 0) AS posted, {_SETTLED} FROM postings
"""  # noqa: S608
BOOK_SUMS = """
SELECT coalesce(sum(booked), 0) AS booked, coalesce(sum(clearing), 0) AS clearing,
  coalesce(sum(matched), 0) AS matched, coalesce(sum(written_off), 0) AS written_off FROM traces
"""
NOT_POSTED = f"""
SELECT x.*, 'remittance_incomplete' AS name, x.paid_on AS since_on, o.owner
FROM postings x {_OWNED}
"""  # noqa: S608
NOT_BANKED = f"""
SELECT x.*, x.paid_on AS since_on, o.owner, coalesce(x.kind, CASE
    WHEN x.banked_cents = 0 THEN 'remittance_without_deposit'
    WHEN x.gap_cents > 0 THEN 'deposit_short' ELSE 'deposit_over' END) AS name
FROM receipts x {_OWNED}
"""  # noqa: S608
NOT_MATCHED = f"""
SELECT x.*, x.kind AS name, x.deposited_on AS since_on, o.owner FROM deposits x {_OWNED}
"""  # noqa: S608
NOT_BOOKED = """
SELECT payer_id, trace_number, since_on, 'posting_not_booked' AS name,
  posted - booked AS gap_cents FROM traces WHERE posted <> booked
"""
NOT_CLEARED = """
SELECT payer_id, trace_number, since_on, 'match_not_booked' AS name,
  clearing - booked + matched - written_off AS gap_cents FROM traces
WHERE clearing <> booked - matched + written_off
"""
