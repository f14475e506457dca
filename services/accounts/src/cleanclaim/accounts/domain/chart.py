"""The chart of accounts: each account's name, normal side and sub-ledger."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Side = Literal["debit", "credit"]


class Account(StrEnum):
    """Accounts of the billing sub-ledger; a general ledger gets them by an account map."""

    INSURANCE_RECEIVABLE = "insurance_receivable"
    PATIENT_RECEIVABLE = "patient_receivable"
    WITHHOLD_RECEIVABLE = "withhold_receivable"
    GROSS_CHARGES = "gross_charges"
    CASH_CLEARING = "cash_clearing"
    CASH = "cash"
    BANK = "bank"
    CARD_FEES = "card_fees"
    UNAPPLIED_INSURANCE_CASH = "unapplied_insurance_cash"
    UNAPPLIED_PATIENT_CASH = "unapplied_patient_cash"
    UNIDENTIFIED_DEPOSITS = "unidentified_deposits"
    CONTRACTUAL_ALLOWANCE = "contractual_allowance"
    CAPITATION_ALLOWANCE = "capitation_allowance"
    DENIAL_WRITE_OFF = "denial_write_off"
    VARIANCE_WRITE_OFF = "variance_write_off"
    SELF_PAY_DISCOUNT = "self_pay_discount"
    CHARITY_CARE = "charity_care"
    SMALL_BALANCE_WRITE_OFF = "small_balance_write_off"
    BAD_DEBT = "bad_debt"
    PAYER_RECOUPMENT = "payer_recoupment"
    CARRIED_BALANCE = "carried_balance"
    REFUND_CLEARING = "refund_clearing"
    REFUNDS_PAYABLE = "refunds_payable"
    INTEREST_INCOME = "interest_income"
    INTEREST_EXPENSE = "interest_expense"
    PENALTY_EXPENSE = "penalty_expense"
    TAX_WITHHELD = "tax_withheld"
    CAPITATION = "capitation"
    INCENTIVE = "incentive"
    SETTLEMENT = "settlement"
    THIRD_PARTY = "third_party"
    SUSPENSE = "suspense"
    CONVERSION = "conversion"


class Dimension(StrEnum):
    """What a sub-ledger is kept by; each is an id or a code of a posting."""

    PAYER = "payer_id"
    TRACE = "trace_number"
    PATIENT_ACCOUNT = "patient_account_id"
    CLAIM = "claim_id"
    LINE = "line_id"
    REMITTANCE = "remittance_id"
    DEPOSIT = "deposit_id"
    OPEN_ITEM = "open_item_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartEntry:
    """`kept_by` names the sub-ledger whose every line is 0 or an open item; empty: totals only."""

    normal_side: Side
    kept_by: tuple[Dimension, ...] = ()


_D = Dimension
_RECEIVABLE = (_D.PAYER, _D.PATIENT_ACCOUNT, _D.CLAIM, _D.LINE)
_PAYER_ITEM = (_D.PAYER, _D.OPEN_ITEM)
_DEBIT = ChartEntry(normal_side="debit")
_CREDIT = ChartEntry(normal_side="credit")


def _kept(side: Side, *by: Dimension) -> ChartEntry:
    return ChartEntry(normal_side=side, kept_by=by)


CHART: MappingProxyType[Account, ChartEntry] = MappingProxyType(
    {
        Account.INSURANCE_RECEIVABLE: _kept("debit", *_RECEIVABLE),
        Account.PATIENT_RECEIVABLE: _kept("debit", _D.PATIENT_ACCOUNT, _D.CLAIM, _D.LINE),
        Account.WITHHOLD_RECEIVABLE: _kept("debit", *_RECEIVABLE, _D.OPEN_ITEM),
        Account.GROSS_CHARGES: _CREDIT,
        Account.CASH_CLEARING: _kept("debit", _D.PAYER, _D.TRACE),
        Account.CASH: _kept("debit", _D.OPEN_ITEM),
        Account.BANK: _DEBIT,
        Account.CARD_FEES: _DEBIT,
        Account.UNAPPLIED_INSURANCE_CASH: _kept("credit", _D.PAYER, _D.REMITTANCE, _D.OPEN_ITEM),
        Account.UNAPPLIED_PATIENT_CASH: _kept("credit", _D.PATIENT_ACCOUNT),
        Account.UNIDENTIFIED_DEPOSITS: _kept("credit", _D.DEPOSIT),
        Account.CONTRACTUAL_ALLOWANCE: _DEBIT,
        Account.CAPITATION_ALLOWANCE: _DEBIT,
        Account.DENIAL_WRITE_OFF: _DEBIT,
        Account.VARIANCE_WRITE_OFF: _DEBIT,
        Account.SELF_PAY_DISCOUNT: _DEBIT,
        Account.CHARITY_CARE: _DEBIT,
        Account.SMALL_BALANCE_WRITE_OFF: _DEBIT,
        Account.BAD_DEBT: _DEBIT,
        Account.PAYER_RECOUPMENT: _kept("credit", *_PAYER_ITEM),
        Account.CARRIED_BALANCE: _kept("credit", *_PAYER_ITEM),
        Account.REFUND_CLEARING: _kept("debit", *_PAYER_ITEM),
        Account.REFUNDS_PAYABLE: _kept("credit", _D.OPEN_ITEM),
        Account.INTEREST_INCOME: _CREDIT,
        Account.INTEREST_EXPENSE: _DEBIT,
        Account.PENALTY_EXPENSE: _DEBIT,
        Account.TAX_WITHHELD: _DEBIT,
        Account.CAPITATION: _CREDIT,
        Account.INCENTIVE: _CREDIT,
        Account.SETTLEMENT: _kept("credit", *_PAYER_ITEM),
        Account.THIRD_PARTY: _DEBIT,
        Account.SUSPENSE: _kept("debit", *_PAYER_ITEM),
        Account.CONVERSION: _CREDIT,
    }
)

RECEIVABLES = frozenset(
    {Account.INSURANCE_RECEIVABLE, Account.PATIENT_RECEIVABLE, Account.WITHHOLD_RECEIVABLE}
)
"""What somebody owes us for services."""

CASH_LEGS = frozenset({Account.CASH_CLEARING, Account.UNAPPLIED_INSURANCE_CASH})
"""Where the money side of a payer's decision may stand."""
