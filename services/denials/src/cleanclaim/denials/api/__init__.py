"""What may be asked of denials over HTTP."""

from fastapi import APIRouter

from cleanclaim.denials.api import denials, summary

router = APIRouter()
router.include_router(denials.router)
router.include_router(summary.router)

__all__ = ["router"]
