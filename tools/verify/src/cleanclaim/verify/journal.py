"""The journal of whoever drives the system: each request, and what its sender knows of it.

One JSON object a line: `request` (an id of the sender's; its last line counts), `kind`
(`encounter`, `file` or `record`), `outcome` (`ok`, `fail` or `unknown`), `organization_id`, and
`reference`: the encounter's id, the file's SHA-256, or the event id of a planted record.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID

from cleanclaim.verify.verdicts import CannotLook

Outcome = Literal["ok", "fail", "unknown"]
Kind = Literal["encounter", "file", "record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request; `unknown` where the sender was cut off before the answer."""

    request: str
    kind: Kind
    outcome: Outcome
    organization_id: str
    reference: str | None = None


class Journal:
    """The requests of a run by their ids, the last word of each."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {one.request: one for one in entries}

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, kind: Kind, organization: UUID | None = None) -> Iterator[Entry]:
        """The requests of a kind, of one organization where one is named."""
        for one in self._entries.values():
            if one.kind == kind and organization in (None, UUID(one.organization_id)):
                yield one

    @property
    def planted(self) -> list[UUID]:
        """Event ids of records that somebody else than a service put into a topic."""
        return [UUID(one.reference) for one in self.of("record") if one.reference]


class JournalWriter:
    """Appends to a journal as requests end, so that a killed driver leaves what it knew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, entry: Entry) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")


def read_journal(path: Path) -> Journal:
    """The journal in a file.

    Raises:
        CannotLook: the file is not there, or a line is no entry; its number is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CannotLook(f"the journal {path} cannot be read: {error.strerror}") from None
    return Journal(_entry(path, number, line) for number, line in enumerate(lines, 1))


def _entry(path: Path, number: int, line: str) -> Entry:
    try:
        entry = Entry(**json.loads(line))
        UUID(entry.organization_id)
    except (TypeError, ValueError):
        raise CannotLook(f"{path}:{number}: no journal entry") from None
    if entry.kind not in get_args(Kind) or entry.outcome not in get_args(Outcome):
        raise CannotLook(f"{path}:{number}: unknown kind or outcome")
    return entry
