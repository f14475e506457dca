"""What may be asked of intake over HTTP."""

from fastapi import APIRouter

from cleanclaim.intake.api import coverages, encounters, moves, patients

router = APIRouter()
router.include_router(patients.router)
router.include_router(coverages.router)
router.include_router(encounters.router)
router.include_router(moves.router)

__all__ = ["router"]
