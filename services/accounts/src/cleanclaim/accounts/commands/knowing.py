"""Keeps what others own and the book needs: patients' accounts and payers' names."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cleanclaim.accounts import store
from cleanclaim.accounts.domain.account import PatientAccount
from cleanclaim.chassis.work import Work


async def open_patient_accounts(
    work: Work, *, accounts: Sequence[tuple[PatientAccount, datetime]]
) -> None:
    """Open the accounts that intake made at registration."""
    rows = [
        {
            "id": account.patient_account_id,
            "patient_id": account.patient_id,
            "patient_version": account.patient_version,
            "opened_at": opened_at,
        }
        for account, opened_at in accounts
    ]
    await store.open_accounts(work, rows)


async def keep_payers(work: Work, *, payers: Sequence[tuple[UUID, str, int]]) -> None:
    """Keep payers' names: (payer, its newest name, version of the entry)."""
    rows = [
        {"id": payer_id, "name": name, "version": version} for payer_id, name, version in payers
    ]
    await store.keep_payers(work, rows)
