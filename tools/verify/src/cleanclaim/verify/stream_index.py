"""The topics' records as an index on disk: who, which key, which number, where; never a body."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

_SCHEMA = """
CREATE TABLE records (
  topic TEXT NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
  id BLOB, type TEXT, key TEXT NOT NULL, sequence INTEGER, early INTEGER NOT NULL,
  PRIMARY KEY (topic, partition, position)) WITHOUT ROWID;
CREATE INDEX records_id ON records (id);
CREATE INDEX records_key ON records (topic, key, position);
CREATE TABLE cut (topic TEXT NOT NULL PRIMARY KEY);
CREATE TEMP TABLE asked (id BLOB PRIMARY KEY);
"""
_FIRST = """
WITH first AS (
  SELECT topic, key, partition, sequence, min(position) AS position FROM records
  WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM asked) GROUP BY topic, id
), ordered AS (
  SELECT topic, key, partition, position, sequence, lag(sequence) OVER of_key AS before,
         lag(partition) OVER of_key AS beside
  FROM first WINDOW of_key AS (PARTITION BY topic, key ORDER BY position)
)
SELECT topic, key, sequence, coalesce(before, 0) FROM ordered
WHERE beside <> partition
   OR CASE WHEN topic IN (SELECT topic FROM cut) THEN before IS NOT NULL AND sequence <= before
           ELSE sequence <> coalesce(before, 0) + 1 END
ORDER BY topic, key, position LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a topic: its place, and what its headers say of it.

    `event_id` is None where the headers name none that can be read; `early` where the record lay
    there before the databases were looked at.
    """

    topic: str
    partition: int
    position: int
    key: str
    event_id: UUID | None
    event_type: str | None
    sequence: int | None
    early: bool


class StreamIndex:
    """All records of all topics that were read; memory stays small, the disk holds the rest."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cleanclaim-verify-")
        self._file = sqlite3.connect(Path(self._folder.name) / "stream.sqlite")
        self._file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)

    def close(self) -> None:
        """Remove the index from the disk."""
        self._file.close()
        self._folder.cleanup()

    def add(self, records: Iterable[Record]) -> None:
        self._file.executemany(
            "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(one.topic, one.partition, one.position),
                    one.event_id.bytes if one.event_id else None,
                    *(one.event_type, one.key, one.sequence, int(one.early)),
                )
                for one in records
            ],
        )

    def cut(self, topic: str) -> None:
        """Note that a topic does not begin with its first record: compacted, or expired."""
        self._file.execute("INSERT OR IGNORE INTO cut VALUES (?)", (topic,))

    def is_cut(self, topic: str) -> bool:
        return bool(self._file.execute("SELECT 1 FROM cut WHERE topic = ?", (topic,)).fetchone())

    def count(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM records").fetchone()[0])

    def early_events(self, topic: str, size: int) -> Iterator[list[tuple[UUID, str, int | None]]]:
        """Events that lay in a topic before the databases were looked at: id, key, sequence."""
        cursor = self._file.execute(
            "SELECT DISTINCT id, key, sequence FROM records"
            " WHERE topic = ? AND id IS NOT NULL AND early",
            (topic,),
        )
        while rows := cursor.fetchmany(size):
            yield [(UUID(bytes=row[0]), row[1], row[2]) for row in rows]

    def absent(self, ids: Sequence[UUID]) -> list[UUID]:
        """Those of these events that no topic holds."""
        self._ask(ids)
        rows = self._file.execute("SELECT id FROM asked EXCEPT SELECT id FROM records")
        return [UUID(bytes=row[0]) for row in rows]

    def places(self, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, int, int]]]:
        """Where each of these events lies: topic, partition, position; several times, if so."""
        self._ask(ids)
        found: dict[UUID, list[tuple[str, int, int]]] = {}
        for row in self._file.execute(
            "SELECT r.id, r.topic, r.partition, r.position FROM asked"
            " JOIN records r ON r.id = asked.id ORDER BY r.position"
        ):
            found.setdefault(UUID(bytes=row[0]), []).append((row[1], row[2], row[3]))
        return found

    def event_at(self, topic: str, partition: int, position: int) -> UUID | None:
        """The event that lies there, where one does."""
        row = self._file.execute(
            "SELECT id FROM records WHERE topic = ? AND partition = ? AND position = ?",
            (topic, partition, position),
        ).fetchone()
        return UUID(bytes=row[0]) if row and row[0] else None

    def later_of_key(self, topic: str, key: str, position: int) -> list[tuple[UUID, str, int, int]]:
        """Events of a key that lie behind a position for the first time: id, type, place."""
        rows = self._file.execute(
            "SELECT id, type, partition, min(position) AS first FROM records"
            " WHERE topic = ? AND key = ? AND id IS NOT NULL GROUP BY id HAVING first > ?",
            (topic, key, position),
        )
        return [(UUID(bytes=row[0]), row[1], row[2], row[3]) for row in rows]

    def disorder(self, leaving_out: Sequence[UUID]) -> tuple[str, str, int, int] | None:
        """The first key whose events do not lie in their order: topic, key, number, number before.

        A topic that does not begin with its first record may lack numbers, never turn them round.
        """
        self._ask(leaving_out)
        row: tuple[str, str, int, int] | None = self._file.execute(_FIRST).fetchone()
        return row

    def _ask(self, ids: Sequence[UUID]) -> None:
        self._file.execute("DELETE FROM asked")
        self._file.executemany(
            "INSERT OR IGNORE INTO asked VALUES (?)", [(one.bytes,) for one in ids]
        )
