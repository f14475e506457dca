"""Routes of the journal, all read only: entries, the trial balance, sub-ledger lines."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from cleanclaim.accounts import queries
from cleanclaim.accounts.api.ledger_shapes import SubledgerLineOut, SubledgerPage
from cleanclaim.accounts.api.problems import LISTS, READS
from cleanclaim.accounts.api.questions import OfBalances, OfDay, OfEntries
from cleanclaim.accounts.api.shapes import (
    JournalEntryOut,
    JournalEntryPage,
    PostingOut,
    TrialBalanceOut,
    TrialBalanceRow,
)
from cleanclaim.accounts.domain.chart import CHART
from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls

router = APIRouter(tags=["journal"])
PAGE = {"limit", "page_token"}

MayRead = Annotated[Caller, Depends(calls("system/JournalEntry.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/JournalEntry.s"))]


@router.get(
    "/v1/journal-entries",
    response_model=JournalEntryPage,
    responses=LISTS,
    summary="List entries of the book",
)
async def list_journal_entries(
    caller: MaySearch,
    asked: Annotated[OfEntries, Query()],
) -> Response:
    """Entries with their postings, the newest effective day first."""
    async with caller.look() as work:
        rows, following = await queries.journal_entries(
            work,
            wanted=queries.EntryFilter(**asked.model_dump(exclude=PAGE)),
            limit=asked.limit,
            token=asked.page_token,
        )
        await audit.record(work, action="search", resource="JournalEntry", count=len(rows))
    return answer(JournalEntryPage(items=[_entry(row) for row in rows], next_page_token=following))


@router.get(
    "/v1/journal-entries/{entry_id}",
    response_model=JournalEntryOut,
    responses=READS,
    summary="Read one entry",
)
async def read_journal_entry(entry_id: UUID, caller: MayRead) -> Response:
    """The entry with both its sides and the event that caused it."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="JournalEntry", resource_id=entry_id)
        row = await queries.journal_entry(work, entry_id)
    return answer(_entry(row))


@router.get(
    "/v1/trial-balance",
    response_model=TrialBalanceOut,
    responses=LISTS,
    summary="Read the trial balance of a day",
)
async def read_trial_balance(
    caller: MaySearch,
    asked: Annotated[OfDay, Query()],
) -> Response:
    """Every account that was ever used, by effective day; debits equal credits."""
    async with caller.look() as work:
        day = asked.as_of or await queries.today(work)
        sums = await queries.account_sums(work, as_of=day)
    rows = [
        TrialBalanceRow(
            account=account.value,
            normal_side=CHART[account].normal_side,
            debit_cents=max(cents, 0),
            credit_cents=max(-cents, 0),
        )
        for account, cents in sums.items()
    ]
    debit = sum(row.debit_cents for row in rows)
    credit = sum(row.credit_cents for row in rows)
    return answer(
        TrialBalanceOut(
            as_of=day,
            accounts=rows,
            debit_cents=debit,
            credit_cents=credit,
            balanced=debit == credit,
        )
    )


@router.get(
    "/v1/balances",
    response_model=SubledgerPage,
    responses=LISTS,
    summary="List the lines of an account's sub-ledger",
)
async def list_balances(
    caller: MaySearch,
    asked: Annotated[OfBalances, Query()],
) -> Response:
    """For example cash clearing by payer and trace: 0, or money that is still on its way."""
    async with caller.look() as work:
        rows, following = await queries.subledger_lines(
            work,
            wanted=queries.LineFilter(**asked.model_dump(exclude=PAGE)),
            limit=asked.limit,
            token=asked.page_token,
        )
        total = await queries.control_total(work, asked.account)
        await audit.record(work, action="search", resource="Account", count=len(rows))
    items = [
        SubledgerLineOut(**{name: row[name] for name in SubledgerLineOut.model_fields})
        for row in rows
    ]
    return answer(
        SubledgerPage(
            account=asked.account.value,
            account_cents=total,
            items=items,
            next_page_token=following,
        )
    )


def _entry(row: Mapping[str, Any]) -> JournalEntryOut:
    own = {name: row[name] for name in JournalEntryOut.model_fields if name != "postings"}
    postings = [
        PostingOut(**{name: one[name] for name in PostingOut.model_fields})
        for one in row["postings"]
    ]
    return JournalEntryOut(**own, postings=postings)
