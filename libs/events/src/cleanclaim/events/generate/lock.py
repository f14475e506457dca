"""The lock: which version of each contract is a draft, which is released and may never change."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from cleanclaim.events.catalog import Entry
from cleanclaim.events.generate.compatibility import breaks
from cleanclaim.events.generate.schemas import Schema, body_schema, text_of

_HEADING = "# contract version state sha256-of-schema; written by the generator, see README.md\n"


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned version of one contract."""

    type: str
    version: str
    state: Literal["draft", "released"]
    fingerprint: str


def fingerprint(schema: Schema) -> str:
    return hashlib.sha256(text_of(schema).encode()).hexdigest()


def parsed(text: str) -> tuple[Locked, ...]:
    """Read a lock.

    Raises:
        ValueError: a line that is not four words, or a state other than draft and released.
    """
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(_row(words) for words in rows)


def _row(words: list[str]) -> Locked:
    if len(words) != 4 or words[2] not in {"draft", "released"}:
        raise ValueError("contracts.lock: a line is `contract version draft|released sha256`")
    state: Literal["draft", "released"] = "released" if words[2] == "released" else "draft"
    return Locked(words[0], words[1], state, words[3])


def written(rows: tuple[Locked, ...]) -> str:
    lines = sorted(f"{one.type} {one.version} {one.state} {one.fingerprint}" for one in rows)
    return _HEADING + "".join(f"{line}\n" for line in lines)


def renewed(entries: tuple[Entry, ...], old: tuple[Locked, ...]) -> tuple[Locked, ...]:
    """Return the lock for the models as they stand: released rows kept, drafts taken anew."""
    kept = tuple(one for one in old if one.state == "released")
    pinned = {(one.type, one.version) for one in kept}
    drafts = tuple(
        Locked(entry.type, entry.version, "draft", fingerprint(body_schema(entry)))
        for entry in entries
        if (entry.type, entry.version) not in pinned
    )
    return kept + drafts


def released(rows: tuple[Locked, ...]) -> tuple[Locked, ...]:
    """Return the lock with every draft released."""
    return tuple(Locked(one.type, one.version, "released", one.fingerprint) for one in rows)


def broken_promises(
    entries: tuple[Entry, ...],
    old: tuple[Locked, ...],
    schemas: dict[tuple[str, str], Schema],
) -> list[str]:
    """Return what the models break of what was released, each with what to do.

    `schemas` holds the released schemas by (type, version).
    """
    promised = [one for one in old if one.state == "released"]
    told = {entry.type: entry for entry in entries}
    found = [
        f"{one.type} {one.version} is released and gone from the catalogue:"
        " keep telling it until its end date"
        for one in promised
        if one.type not in told
    ]
    for one in promised:
        if one.type in told:
            found += _against(told[one.type], one, schemas[one.type, one.version])
    return found


def _against(entry: Entry, promise: Locked, schema: Schema) -> list[str]:
    name = f"{promise.type} {promise.version}"
    if fingerprint(schema) != promise.fingerprint:
        return [f"{name}: its released schema file was edited; restore it"]
    current = body_schema(entry)
    if fingerprint(current) == promise.fingerprint:
        return []
    why = breaks(schema, current)
    if why:
        return [
            (
                f"{name} is released, and whoever reads it cannot read what its model says now;"
                " undo this, or add a new major beside it (docs/guides/add-an-event.md):"
            ),
            *(f"  {one}" for one in why),
        ]
    if entry.version == promise.version:
        minor = int(promise.version.partition(".")[2]) + 1
        return [
            (
                f"{name} is released and its model changed, in optional fields or words alone:"
                f" say minor={minor} in its row of catalog.py"
            )
        ]
    return []
