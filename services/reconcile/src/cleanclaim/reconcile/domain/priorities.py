"""Priority of a variance's work item, with the terms it is added up from."""

from datetime import date

from cleanclaim.reconcile.domain.variance import Variance, VarianceKind

_BY_KIND = {
    # money that was taken back is chased first: the account that was paid owes it again
    VarianceKind.DEPOSIT_RETURNED: 60,
    VarianceKind.REMITTANCE_WITHOUT_DEPOSIT: 50,
    VarianceKind.DEPOSIT_SHORT: 40,
    VarianceKind.REMITTANCE_INCOMPLETE: 40,
    VarianceKind.DEPOSIT_WITHOUT_REMITTANCE: 30,
    VarianceKind.DEPOSIT_OVER: 20,
}
_CENTS_PER_POINT = 100_00
_MOST_FOR_VALUE = 100
_MOST_FOR_AGE = 60


def priority_terms(variance: Variance, *, as_of: date) -> dict[str, int]:
    """Kind (0-60), value (a point each $100, to 100) and age (2 points a day, to 60)."""
    age_days = max((as_of - variance.opened_on).days, 0)
    return {
        "kind": _BY_KIND[variance.kind],
        "value": min(abs(variance.difference_cents) // _CENTS_PER_POINT, _MOST_FOR_VALUE),
        "age": min(2 * age_days, _MOST_FOR_AGE),
    }


def next_actions(kind: VarianceKind) -> tuple[str, ...]:
    """What a person may do about it, the usual one first."""
    if kind is VarianceKind.DEPOSIT_WITHOUT_REMITTANCE:
        return ("match_deposit", "ask_payer_for_remittance", "explain")
    if kind is VarianceKind.REMITTANCE_WITHOUT_DEPOSIT:
        return ("trace_payment_with_payer", "match_deposit", "explain")
    if kind is VarianceKind.REMITTANCE_INCOMPLETE:
        return ("post_remittance", "explain")
    return ("ask_payer", "explain", "write_off")
