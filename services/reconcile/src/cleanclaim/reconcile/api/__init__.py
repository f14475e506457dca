"""What may be asked of reconcile over HTTP."""

from fastapi import APIRouter

from cleanclaim.reconcile.api import banking, deposits, reconciliation, variances

router = APIRouter()
for part in (banking, deposits, variances, reconciliation):
    router.include_router(part.router)

__all__ = ["router"]
