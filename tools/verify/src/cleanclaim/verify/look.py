"""One look at the whole system: stream positions first, then snapshots, then the records."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from uuid import UUID

from cleanclaim.verify.journal import Journal
from cleanclaim.verify.places import Places
from cleanclaim.verify.snapshots import Snapshot, snapshots_of
from cleanclaim.verify.stream_index import StreamIndex
from cleanclaim.verify.stream_reading import Progress, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked: one organization or all, and whether anything may still be on its way."""

    organization: UUID | None = None
    settled: bool = False
    journal: Journal = field(default_factory=Journal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the checks read.

    A record that a service had passed before its snapshot was taken must show in that snapshot; an
    event that the snapshot holds as published must lie in the topics, which were read afterwards.
    """

    wish: Wish
    snapshots: Mapping[str, Snapshot]
    index: StreamIndex
    progress: Progress

    @property
    def organization(self) -> UUID | None:
        return self.wish.organization


@asynccontextmanager
async def looking(places: Places, wish: Wish, *, stream: bool) -> AsyncIterator[Look]:
    """Everything open for the checks. Without `stream` the broker is not asked.

    Raises:
        CannotLook: a database or the broker cannot be read.
    """
    nothing = Progress(ends={}, committed={})
    with closing(StreamIndex()) as index:
        if not stream:
            async with snapshots_of(places.databases) as snapshots:
                yield Look(wish=wish, snapshots=snapshots, index=index, progress=nothing)
            return
        async with reading(places.kafka) as reader:
            progress = await reader.progress()
            async with snapshots_of(places.databases) as snapshots:
                await reader.fill(index, organization=wish.organization, early=progress.ends)
                yield Look(wish=wish, snapshots=snapshots, index=index, progress=progress)
