"""Routes of the bank's side: accounts, and statements as the bank's files."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, Change, answer, calls
from cleanclaim.chassis.errors import problem
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.reconcile import commands, edi_in, queries
from cleanclaim.reconcile.api import examples
from cleanclaim.reconcile.api.problems import LISTS, READS, WRITES
from cleanclaim.reconcile.api.shapes import (
    BankAccountIn,
    BankAccountOut,
    BankAccountPage,
    BankStatementOut,
    BankStatementPage,
    StatementStatus,
)
from cleanclaim.reconcile.commands import StatementTaken
from cleanclaim.reconcile.domain.statement import refusal

router = APIRouter(tags=["bank"])

MayRead = Annotated[Caller, Depends(calls("system/PaymentReconciliation.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/PaymentReconciliation.s"))]
MayCreate = Annotated[Caller, Depends(calls("system/PaymentReconciliation.c"))]


@router.post(
    "/v1/bank-accounts",
    status_code=201,
    response_model=BankAccountOut,
    responses=WRITES,
    summary="Add a bank account",
)
async def add_bank_account(body: BankAccountIn, caller: MayCreate) -> Response:
    """Statements are taken only of accounts that were added; the number is sealed."""
    async with caller.change() as change:
        account_id = await commands.open_bank_account(
            change.work,
            vault=caller.context.vault,
            name=body.name,
            bank_name=body.bank_name,
            account_number=body.account_number,
        )
        row = await queries.bank_account(change.work, account_id)
        change.answer(201, _account(row), headers={"Location": f"/v1/bank-accounts/{account_id}"})
    return change.response


@router.get(
    "/v1/bank-accounts",
    response_model=BankAccountPage,
    responses=LISTS,
    summary="List bank accounts",
)
async def list_bank_accounts(
    caller: MaySearch, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """All accounts of the organization, the newest first."""
    async with caller.look() as work:
        rows, following = await queries.bank_accounts(work, limit=limit, token=page_token)
    return answer(BankAccountPage(items=[_account(row) for row in rows], next_page_token=following))


@router.get(
    "/v1/bank-accounts/{bank_account_id}",
    response_model=BankAccountOut,
    responses=READS,
    summary="Read a bank account",
)
async def read_bank_account(bank_account_id: UUID, caller: MayRead) -> Response:
    """The account with the last four places of its number."""
    async with caller.look() as work:
        row = await queries.bank_account(work, bank_account_id)
    return answer(_account(row))


@router.post(
    "/v1/bank-statements",
    status_code=201,
    response_model=BankStatementOut,
    responses=WRITES | {200: {"model": BankStatementOut, "description": "Taken before."}},
    summary="Send a bank's file (BAI2)",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string"}, "example": examples.BANK_STATEMENT_TEXT}
                for kind in ("text/plain", "application/octet-stream")
            },
        }
    },
)
async def send_bank_statement(request: Request, caller: MayCreate) -> Response:
    """Record every deposit of the file, or none: a broken rule refuses it whole (422).

    A refused file is kept with its findings; `Location` names its statement. The same file again
    changes nothing and answers 200.
    """
    content = await request.body()
    async with caller.change() as change:
        taken = await edi_in.record_file(
            change.work, vault=caller.context.vault, content=content, source="upload"
        )
        await audit.record(
            change.work, action="write", resource="BankStatement", resource_id=taken.statement_id
        )
        await _answer_statement(change, taken)
    return change.response


async def _answer_statement(change: Change, taken: StatementTaken) -> None:
    """The statement; or the problem, without raising, for the refused file is kept."""
    headers = {"Location": f"/v1/bank-statements/{taken.statement_id}"}
    if taken.accepted:
        row = await queries.bank_statement(change.work, taken.statement_id)
        status = 200 if taken.already_known else 201
        change.answer(status, _statement(row, taken.already_known), headers=headers)
        return
    refused = refusal(taken.findings)
    told = problem(
        422, refused.code, "The request breaks a rule", refused.message, errors=refused.findings()
    )
    change.refuse(told, headers=headers)


@router.get(
    "/v1/bank-statements",
    response_model=BankStatementPage,
    responses=LISTS,
    summary="List bank statements",
)
async def list_bank_statements(
    caller: MaySearch,
    status: StatementStatus | None = None,
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """Files that came, accepted and refused."""
    async with caller.look() as work:
        rows, following = await queries.bank_statements(
            work, status=status, limit=limit, token=page_token
        )
    return answer(
        BankStatementPage(items=[_statement(row) for row in rows], next_page_token=following)
    )


@router.get(
    "/v1/bank-statements/{bank_statement_id}",
    response_model=BankStatementOut,
    responses=READS,
    summary="Read a bank statement",
)
async def read_bank_statement(bank_statement_id: UUID, caller: MayRead) -> Response:
    """The statement with its sums by account, or with the findings that refused it."""
    async with caller.look() as work:
        row = await queries.bank_statement(work, bank_statement_id)
    return answer(_statement(row))


def _account(row: Mapping[str, Any]) -> BankAccountOut:
    return BankAccountOut.model_validate({name: row[name] for name in BankAccountOut.model_fields})


def _statement(row: Mapping[str, Any], already_known: bool = False) -> BankStatementOut:
    known = {name: row[name] for name in BankStatementOut.model_fields if name in row}
    return BankStatementOut.model_validate(known | {"already_known": already_known})
