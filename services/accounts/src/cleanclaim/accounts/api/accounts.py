"""Routes of patient accounts and of claims' balances."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from cleanclaim.accounts import queries
from cleanclaim.accounts.api.ledger_shapes import ClaimBalanceOut, ClaimLineBalance
from cleanclaim.accounts.api.problems import LISTS, READS
from cleanclaim.accounts.api.questions import OfAccount, OfAccounts
from cleanclaim.accounts.api.shapes import (
    AccountLineOut,
    Aging,
    BalanceOut,
    PatientAccountOut,
    PatientAccountPage,
    PatientAccountSummary,
    PayerBalance,
    ReasonOut,
)
from cleanclaim.accounts.domain.aging import aged
from cleanclaim.accounts.domain.balance import Balance, Moved, balance_of
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.explanation import in_words
from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.timeline import Timeline, timeline_of

router = APIRouter(tags=["patient accounts"])

MayRead = Annotated[Caller, Depends(calls("system/Account.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/Account.s"))]


@router.get(
    "/v1/patient-accounts",
    response_model=PatientAccountPage,
    responses=LISTS,
    summary="List patient accounts with what they owe and how long",
)
async def list_patient_accounts(
    caller: MaySearch, asked: Annotated[OfAccounts, Query()]
) -> Response:
    """Accounts by id, so that a page stays right while accounts are added."""
    async with caller.look() as work:
        day = asked.as_of or await queries.today(work)
        wanted = queries.AccountFilter(
            as_of=day, has_balance=asked.has_balance, older_than_days=asked.older_than_days
        )
        rows, following = await queries.patient_accounts(
            work, wanted=wanted, limit=asked.limit, token=asked.page_token
        )
        amounts = await queries.open_amounts(work, [row["id"] for row in rows])
        await audit.record(work, action="search", resource="Account", count=len(rows))
    items = [_summary(row, amounts, day) for row in rows]
    return answer(PatientAccountPage(items=items, as_of=day, next_page_token=following))


@router.get(
    "/v1/patient-accounts/{patient_account_id}",
    response_model=PatientAccountOut,
    responses=READS,
    summary="Read what an account owes, to whom it falls, and why",
)
async def read_patient_account(
    patient_account_id: UUID,
    caller: MayRead,
    asked: Annotated[OfAccount, Query()],
) -> Response:
    """Balance by payer and patient, aging, and for each line the entries behind each cent."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Account", resource_id=patient_account_id)
        row = await queries.patient_account(work, patient_account_id)
        day = asked.as_of or await queries.today(work)
        amounts = await queries.open_amounts(work, [patient_account_id])
        postings = await queries.account_postings(work, patient_account_id)
        lines = {one["line_id"] for one in postings if one["line_id"] is not None}
        billed = await queries.billed_lines(work, list(lines))
        names = await queries.payer_names(work, {one.payer_id for one in amounts})
    return answer(
        PatientAccountOut(
            **_open_sums(amounts, day),
            id=row["id"],
            patient_id=row["patient_id"],
            opened_at=row["opened_at"],
            as_of=day,
            withheld_open_cents=_sum(amounts, Account.WITHHOLD_RECEIVABLE),
            by_payer=_by_payer(amounts, names),
            lines=[
                line
                for line in _lines(postings, billed)
                if _is_open(line.balance) or not asked.open_only
            ],
        )
    )


@router.get(
    "/v1/patient-accounts/{patient_account_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what was booked on an account, oldest first",
)
async def read_timeline(patient_account_id: UUID, caller: MayRead) -> Response:
    """Every entry that was told of this account, with what caused it."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Account", resource_id=patient_account_id)
        await queries.patient_account(work, patient_account_id)
        timeline = await timeline_of(work, patient_account_id)
    return answer(timeline)


@router.get(
    "/v1/claims/{claim_id}/balance",
    response_model=ClaimBalanceOut,
    responses=READS,
    summary="Read where every cent billed for a claim stands",
)
async def read_claim_balance(claim_id: UUID, caller: MayRead) -> Response:
    """Billed = paid + contractual + written off + open, in all and line by line."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Claim", resource_id=claim_id)
        family = await queries.claim_balance(work, claim_id)
        open_by_payer = family.balance.total.open_by_payer
        names = await queries.payer_names(work, open_by_payer)
    by_line = sorted(family.balance.by_line.items(), key=lambda one: str(one[0]))
    return answer(
        ClaimBalanceOut(
            claim_id=claim_id,
            root_claim_id=family.root_claim_id,
            claim_ids=family.claim_ids,
            balance=_balance(family.balance.total),
            by_payer=[
                PayerBalance(payer_id=one, payer_name=names.get(one), open_cents=cents)
                for one, cents in sorted(open_by_payer.items(), key=lambda pair: str(pair[0]))
            ],
            lines=[
                ClaimLineBalance(line_id=line_id, balance=_balance(balance))
                for line_id, balance in by_line
            ],
        )
    )


def _sum(amounts: Iterable[queries.OpenAmount], account: Account) -> int:
    return sum(one.amount_cents for one in amounts if one.account is account)


def _aging(amounts: Iterable[queries.OpenAmount], account: Account, day: date) -> Aging:
    owed = ((one.since_on, one.amount_cents) for one in amounts if one.account is account)
    return Aging(**aged(owed, as_of=day))


def _open_sums(amounts: Sequence[queries.OpenAmount], day: date) -> dict[str, Any]:
    return {
        "patient_open_cents": _sum(amounts, Account.PATIENT_RECEIVABLE),
        "insurance_open_cents": _sum(amounts, Account.INSURANCE_RECEIVABLE),
        "patient_aging": _aging(amounts, Account.PATIENT_RECEIVABLE, day),
        "insurance_aging": _aging(amounts, Account.INSURANCE_RECEIVABLE, day),
    }


def _summary(
    row: Mapping[str, Any], amounts: Sequence[queries.OpenAmount], day: date
) -> PatientAccountSummary:
    own = [one for one in amounts if one.patient_account_id == row["id"]]
    return PatientAccountSummary(
        **_open_sums(own, day),
        id=row["id"],
        patient_id=row["patient_id"],
        opened_at=row["opened_at"],
    )


def _by_payer(
    amounts: Iterable[queries.OpenAmount], names: Mapping[UUID, str]
) -> list[PayerBalance]:
    owed: dict[UUID, int] = {}
    for one in amounts:
        if one.account is Account.INSURANCE_RECEIVABLE and one.payer_id is not None:
            owed[one.payer_id] = owed.get(one.payer_id, 0) + one.amount_cents
    return [
        PayerBalance(payer_id=payer_id, payer_name=names.get(payer_id), open_cents=cents)
        for payer_id, cents in sorted(owed.items(), key=lambda pair: str(pair[0]))
        if cents
    ]


def _balance(balance: Balance) -> BalanceOut:
    return BalanceOut(**{name: getattr(balance, name) for name in BalanceOut.model_fields})


def _is_open(balance: BalanceOut) -> bool:
    return bool(
        balance.insurance_open_cents or balance.patient_open_cents or balance.withheld_open_cents
    )


def _lines(
    postings: Sequence[Mapping[str, Any]], billed: Mapping[UUID, Mapping[str, Any]]
) -> list[AccountLineOut]:
    grouped: dict[tuple[UUID | None, UUID | None], list[Mapping[str, Any]]] = {}
    for one in postings:
        grouped.setdefault((one["claim_id"], one["line_id"]), []).append(one)
    return [
        _line(claim_id, line_id, rows, billed.get(line_id, {}) if line_id else {})
        for (claim_id, line_id), rows in grouped.items()
    ]


def _line(
    claim_id: UUID | None,
    line_id: UUID | None,
    rows: Sequence[Mapping[str, Any]],
    billed: Mapping[str, Any],
) -> AccountLineOut:
    moved = [
        Moved(
            account=Account(row["account"]),
            amount_cents=row["amount_cents"],
            line_id=line_id,
            payer_id=row["payer_id"],
        )
        for row in rows
    ]
    return AccountLineOut(
        line_id=line_id,
        claim_id=claim_id,
        procedure_code=billed.get("procedure_code"),
        revenue_code=billed.get("revenue_code"),
        service_from_on=billed.get("service_from_on"),
        balance=_balance(balance_of(moved).total),
        owed_because=[_reason(row) for row in rows if row["account"] == Account.PATIENT_RECEIVABLE],
    )


def _reason(row: Mapping[str, Any]) -> ReasonOut:
    return ReasonOut(
        why=row["why"],
        reason=row["reason"],
        meaning=in_words(row["why"], row["reason"]),
        amount_cents=row["amount_cents"],
        payer_id=row["payer_id"],
        effective_on=row["effective_on"],
        entry_id=row["entry_id"],
    )
