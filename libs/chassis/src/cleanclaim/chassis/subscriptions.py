"""What a service hears: one table of subscriptions, the form that `events_in` rooms fill."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from cleanclaim.chassis.work import Work
from cleanclaim.events.catalog import Entry, entry_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.wire import Heard

Fetched = Mapping[UUID, Any]
"""What the fetch step got: event id → answer."""

Apply = Callable[[Work, Sequence[Heard[Any]], Fetched], Awaitable[None]]
"""Applies facts of one type, of one organization, in order: (work, heard, fetched)."""

Fetch = Callable[[Any, Sequence[Heard[Any]]], Awaitable[Fetched]]
"""Reads what applying needs from its owner, before the transaction opens: (partners, heard)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One contract this service hears and what it does about it.

    A projector fills tables from the stream alone and may be replayed; a reactor tells facts,
    writes files or meets people's work, and refuses a replay. `fills` names the table of a
    projector, which nobody but projectors writes. `fetch` may raise Unavailable: the partition
    then waits.
    """

    model: type[Fact]
    apply: Apply
    kind: Literal["projector", "reactor"]
    fetch: Fetch | None = None
    fills: str | None = None

    @property
    def entry(self) -> Entry:
        return entry_of(self.model)


def group_of(service: str) -> str:
    """The consumer group in which a service's workers share the stream."""
    return f"cleanclaim-{service}"
