"""The operators' routes of a service: what they look at and what they do."""

from fastapi import APIRouter

from cleanclaim.chassis.operations import acting, looking

router = APIRouter(tags=["operations"])
router.include_router(looking.router)
router.include_router(acting.router)
