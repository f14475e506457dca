"""What operators see and do across organizations: lag, outbox, parked keys, replay, republish."""

from cleanclaim.chassis.operations.routes import router

__all__ = ["router"]
