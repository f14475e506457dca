"""What one poll brought; it is judged piece by piece, so that others of the process go on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.inbox import incoming_of
from cleanclaim.chassis.runtime import Runtime

PIECE = 50
"""Records that are judged in one go: about a millisecond, less than a statement takes."""

FIRST_PORTION = 500
FEWEST, MOST = 50, 2_000
QUICK_SECONDS, SLOW_SECONDS = 1.0, 5.0


class Portion:
    """How many records a poll asks for: as many as the handlers settle in a few seconds.

    Large batches spare statements; slow ones would hold rows for long, be done again in whole
    after a failure, and look to the watchdog like a consumer that hangs.
    """

    def __init__(self) -> None:
        self.records = FIRST_PORTION

    def note(self, *, records: int, seconds: float) -> None:
        """Learn from a batch that was applied."""
        if seconds > SLOW_SECONDS:
            self.records = max(FEWEST, self.records // 2)
        elif seconds < QUICK_SECONDS and records >= self.records:
            self.records = min(MOST, self.records * 2)


class Polled:
    """Records of some partitions, read once: `begins` and `ends` are offsets (end exclusive)."""

    def __init__(self, records: Mapping[TopicPartition, Sequence[Any]]) -> None:
        self.records = dict(records)
        self.begins = {one: several[0].offset for one, several in records.items()}
        self.ends = {one: several[-1].offset + 1 for one, several in records.items()}
        self.reads: dict[TopicPartition, list[Read]] = {}

    def __len__(self) -> int:
        return sum(map(len, self.records.values()))

    def __bool__(self) -> bool:
        return bool(self.records)

    def drop(self, partition: TopicPartition) -> None:
        """Forget a partition's records: they will be polled again, or by somebody else."""
        for kept in (self.records, self.begins, self.ends, self.reads):
            kept.pop(partition, None)

    def keep(self, assigned: Iterable[TopicPartition]) -> None:
        """Drop what lies in partitions that went to another worker since they were polled."""
        for partition in set(self.records).difference(assigned):
            self.drop(partition)

    async def read(self, applier: BatchApplier, runtime: Runtime) -> None:
        """Judge each record against its contract, once; a second call does nothing."""
        for partition, several in list(self.records.items()):
            if partition in self.reads:
                continue
            reads: list[Read] = []
            for first in range(0, len(several), PIECE):
                piece = (
                    applier.read(incoming_of(record)) for record in several[first : first + PIECE]
                )
                reads += [read for read in piece if read is not None]
                await runtime.breathe()
            if partition in self.records:
                self.reads[partition] = reads
