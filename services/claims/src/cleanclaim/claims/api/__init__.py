"""What may be asked of claims over HTTP."""

from fastapi import APIRouter

from cleanclaim.claims.api import claims, directory, submissions

router = APIRouter()
router.include_router(directory.router)
router.include_router(claims.router)
router.include_router(submissions.router)

__all__ = ["router"]
