"""The REST API of remittance: remittances, claim payments, what waits, provider adjustments."""

from fastapi import APIRouter

from cleanclaim.remittance.api import payments, remittances

router = APIRouter()
router.include_router(remittances.router)
router.include_router(payments.router)
