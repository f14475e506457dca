"""Reads stories of money in text that a billing person can review, and books them.

charge    C1 X 250.00                       claim, payer, charge
paid      P1 C1 X T1 134.00  contractual:45 50.00  patient_share:66 66.00  [next Z]
reversed  P2 P1 T2 -134.00                  reversal, what it reverses, trace, money
banked    T1 X 134.00                       trace, payer, money
patient   C1 66.00                          a patient's payment
plb       T1 X WO:Y -75.00                  trace, payer, code and reference, amount
refund    X REF1 120.00                     approved and paid to a payer
expect    insurance_receivable C1 X 0.00    account, then any names it is kept by
"""

from collections.abc import Callable
from decimal import Decimal

from cleanclaim.accounts.domain.book.charges import Billing, Charge, entry_for_charges
from cleanclaim.accounts.domain.book.deposit import (
    Deposit,
    DepositMatch,
    MatchedPart,
    entry_for_deposit,
    entry_for_match,
)
from cleanclaim.accounts.domain.book.patient_money import PatientMoney, entry_for_patient_payment
from cleanclaim.accounts.domain.book.payment import entry_for_payment
from cleanclaim.accounts.domain.book.provider_adjustment import (
    ProviderAdjustment,
    entry_for_provider_adjustment,
)
from cleanclaim.accounts.domain.book.refunds import (
    Refund,
    entry_for_refund_approved,
    entry_for_refund_paid,
)
from cleanclaim.accounts.domain.book.reversal import PostedPayment, entry_for_reversal
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.journal import JournalEntry, Place
from cleanclaim.accounts.domain.subledger import SubledgerLine, line_of

from .builders import A_DAY, a_decision, a_line, an_adjustment, an_occasion, named


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


class Story:
    """Books a story line by line and answers what its expectations ask."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.posted: dict[str, tuple[PostedPayment, str, str]] = {}
        self.failed: list[str] = []

    def read(self, text: str) -> "Story":
        for line in filter(None, (line.strip() for line in text.splitlines())):
            verb, *words = line.split()
            told: Callable[..., None] = getattr(self, f"_{verb}")
            told(*words)
        return self

    def _book(self, entry: JournalEntry | None) -> None:
        if entry is not None:
            self.entries.append(entry)

    def _occasion(self, *words: str):
        return an_occasion("/".join((str(len(self.entries)), *words)))

    def _charge(self, claim: str, payer: str, amount: str) -> None:
        now = Billing(
            version=1,
            payer_id=named(payer),
            charges=(Charge(line_id=named(f"{claim}.L1"), charge_cents=cents(amount)),),
        )
        place = Place(patient_account_id=named("A1"), claim_id=named(claim))
        occasion = self._occasion("charge", claim)
        self._book(
            entry_for_charges(occasion, effective_on=A_DAY, place=place, before=None, now=now)
        )

    def _paid(self, name: str, claim: str, payer: str, trace: str, paid: str, *rest: str) -> None:
        pairs = dict(zip(rest[::2], rest[1::2], strict=True))
        next_payer = pairs.pop("next", None)
        adjustments = [
            an_adjustment(*key.split(":"), amount_cents=cents(amount))
            for key, amount in pairs.items()
        ]
        decision = a_decision(
            a_line(*adjustments, paid_cents=cents(paid), line=f"{claim}.L1"),
            name=name,
            claim=claim,
            payer=payer,
            trace=trace,
            next_payer=next_payer,
        )
        entry = entry_for_payment(self._occasion("paid", name), decision)
        self._book(entry)
        posted = PostedPayment(
            claim_payment_id=decision.claim_payment_id,
            paid_cents=decision.paid_cents,
            entry_id=named(name),
            postings=entry.postings if entry else (),
        )
        self.posted[name] = (posted, claim, payer)

    def _reversed(self, name: str, original: str, trace: str, money: str) -> None:
        posted, claim, payer = self.posted[original]
        reversal = a_decision(
            name=name,
            claim=claim,
            payer=payer,
            trace=trace,
            paid_cents=cents(money),
            status="22",
            reverses=original,
        )
        self._book(entry_for_reversal(self._occasion("reversed", name), reversal, posted))

    def _banked(self, trace: str, payer: str, money: str) -> None:
        deposit_id = named(f"D-{trace}-{len(self.entries)}")
        deposit = Deposit(deposit_id=deposit_id, amount_cents=cents(money), deposited_on=A_DAY)
        part = MatchedPart(
            remittance_id=named(f"R-{trace}"),
            payer_id=named(payer),
            trace_number=trace,
            amount_cents=cents(money),
        )
        match = DepositMatch(deposit_id=deposit_id, deposited_on=A_DAY, parts=(part,))
        self._book(entry_for_deposit(self._occasion("deposit"), deposit))
        self._book(entry_for_match(self._occasion("match"), match))

    def _patient(self, claim: str, money: str) -> None:
        place = Place(patient_account_id=named("A1"), claim_id=named(claim))
        paid = PatientMoney(
            place=place, on=A_DAY, amount_cents=cents(money), line_id=named(f"{claim}.L1")
        )
        self._book(entry_for_patient_payment(self._occasion("patient"), paid))

    def _plb(self, trace: str, payer: str, code_and_reference: str, amount: str) -> None:
        code, reference = code_and_reference.split(":")
        adjustment = ProviderAdjustment(
            remittance_id=named(f"R-{trace}"),
            payer_id=named(payer),
            code=code,
            amount_cents=cents(amount),
            trace_number=trace,
            paid_on=A_DAY,
            open_item_id=named(reference),
        )
        self._book(entry_for_provider_adjustment(self._occasion("plb"), adjustment))

    def _refund(self, payer: str, reference: str, amount: str) -> None:
        refund = Refund(
            refund_id=named(f"refund-{reference}"),
            place=Place(about_id=named(reference)),
            on=A_DAY,
            amount_cents=cents(amount),
            payer_id=named(payer),
            open_item_id=named(reference),
        )
        self._book(entry_for_refund_approved(self._occasion("refund"), refund))
        self._book(entry_for_refund_paid(self._occasion("refund-paid"), refund))

    def _expect(self, account: str, *names_and_amount: str) -> None:
        *names, amount = names_and_amount
        stands = self.balance(Account(account), *names)
        if stands != cents(amount):
            said = " ".join((account, *names))
            self.failed.append(f"{said}: {stands / 100:.2f} instead of {amount}")

    def balance(self, account: Account, *names: str) -> int:
        """Cents on an account, on lines of its sub-ledger that carry all the names."""
        wanted = {named(name) for name in names} | set(names)
        return sum(
            posting.amount_cents
            for entry in self.entries
            for posting in entry.postings
            if posting.account is account
            and len(wanted & _values(line_of(posting, entry))) == len(names)
        )


def _values(line: SubledgerLine | None) -> set[object]:
    if line is None:
        return set()
    kept = (
        line.payer_id, line.trace_number, line.claim_id, line.line_id, line.open_item_id,
    )  # fmt: skip
    return {value for value in kept if value is not None}
