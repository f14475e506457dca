"""The thread a fact hangs on: what caused it, and the story and trace that it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cleanclaim.events.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something is told: an event that was heard, or a request or file that came in.

    Keep one with an aggregate (`as_columns`) when a later job will tell of it, so that one
    encounter stays one correlation and one trace through every service.
    """

    correlation_id: UUID
    event_id: UUID | None = None
    occurred_at: datetime | None = None
    actor_id: str | None = None
    traceparent: str | None = None

    @classmethod
    def of(cls, envelope: Envelope) -> "Cause":
        """An event that was heard, as the cause of what follows from it."""
        return cls(
            correlation_id=envelope.correlation_id,
            event_id=envelope.event_id,
            occurred_at=envelope.occurred_at,
            actor_id=envelope.actor_id,
            traceparent=envelope.traceparent,
        )

    def as_json(self) -> dict[str, Any]:
        """The thread as a row keeps it: correlation, event and trace, without the time."""
        return {
            "correlation_id": str(self.correlation_id),
            "event_id": str(self.event_id) if self.event_id else None,
            "actor_id": self.actor_id,
            "traceparent": self.traceparent,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Cause":
        """The thread that a row kept; facts told on it get the time at which they are told."""
        return cls(
            correlation_id=UUID(kept["correlation_id"]),
            event_id=UUID(kept["event_id"]) if kept.get("event_id") else None,
            actor_id=kept.get("actor_id"),
            traceparent=kept.get("traceparent"),
        )
