"""What may be asked of accounts over HTTP."""

from fastapi import APIRouter

from cleanclaim.accounts.api import accounts, journal

router = APIRouter()
router.include_router(accounts.router)
router.include_router(journal.router)

__all__ = ["router"]
