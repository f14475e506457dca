"""The thread that a fact hangs on: the encounter's story, and whoever acts on it now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work


def story_of(work: Work, kept: Mapping[Any, Any], *, at: datetime | None = None) -> Cause:
    """The thread that a claim version keeps, with the person of this work as the actor.

    `at` is the time of the heard event that is being applied; a fact that follows from an event
    gets its time and an id derived from it. Later facts of the story get ids of their own.
    """
    cause = replace(Cause.from_json(dict(kept)), occurred_at=at)
    return replace(cause, actor_id=work.principal.subject) if work.principal else cause
