"""How remittance remembers: claims sent, directory, remittances, claim payments, sub-ledger."""

from cleanclaim.remittance.store.locks import judge_alone, judge_shared
from cleanclaim.remittance.store.payment_rows import (
    Sealed,
    add_verdicts,
    note_parked,
    remember_claims,
    settle_parked,
)
from cleanclaim.remittance.store.payments import (
    Parked,
    by_payer_control_number,
    decisions_of_cases,
    parked_by_control_number,
    parked_of_claims,
    parked_payment,
)
from cleanclaim.remittance.store.references import (
    cases_of,
    keep_payers,
    keep_providers,
    keep_references,
    payers,
    providers,
    reference_of,
    references_by_control_number,
)
from cleanclaim.remittance.store.remittances import (
    add_remittance,
    change_remittance,
    namesakes_of,
    one_remittance,
    put_away,
    remittance_with_content,
    statements,
)
from cleanclaim.remittance.store.subledger import add_adjustments, open_items, put_open_items
from cleanclaim.remittance.store.tables import APPEND_ONLY, METADATA

__all__ = [
    "APPEND_ONLY",
    "METADATA",
    "Parked",
    "Sealed",
    "add_adjustments",
    "add_remittance",
    "add_verdicts",
    "by_payer_control_number",
    "cases_of",
    "change_remittance",
    "decisions_of_cases",
    "judge_alone",
    "judge_shared",
    "keep_payers",
    "keep_providers",
    "keep_references",
    "namesakes_of",
    "note_parked",
    "one_remittance",
    "open_items",
    "parked_by_control_number",
    "parked_of_claims",
    "parked_payment",
    "payers",
    "providers",
    "put_away",
    "put_open_items",
    "reference_of",
    "references_by_control_number",
    "remember_claims",
    "remittance_with_content",
    "settle_parked",
    "statements",
]
