"""Older majors read as newer ones: a chain of pure functions, one for each step."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid5

from pydantic import ValidationError

from cleanclaim.events.catalog import Entry, entry_named, entry_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.wire import Heard, UndecodableError


def successor_id(event_id: UUID, event_type: str) -> UUID:
    """Return the id of the same happening told in the next major (uuid5 of the older one's).

    A teller of both majors uses it, and a reader that lifts the older one comes to the same id:
    so whichever of the two is heard first, the other is a duplicate.
    """
    return uuid5(event_id, event_type)


def preceding(entry: Entry) -> Entry | None:
    """Return the next older major of a contract, or None for the first."""
    return entry_named(f"{entry.stem}.v{entry.major - 1}")


def lineage(entry: Entry) -> tuple[Entry, ...]:
    """Return every major from which a chain of upcasts leads to this one, oldest first."""
    older = preceding(entry) if entry.upcast else None
    return (*lineage(older), entry) if older else (entry,)


def lifted(heard: Heard[Fact], model: type[Fact]) -> Heard[Fact]:
    """Return what was heard in an older major as this newer one, step by step.

    Raises:
        LookupError: no chain of upcasts leads there.
        UndecodableError: a step made what its model refuses; `reason` quotes no value.
    """
    chain = lineage(entry_of(model))
    told_as = entry_of(heard.fact)
    if told_as not in chain:
        raise LookupError(f"no chain of upcasts leads from {told_as.type} to {chain[-1].type}")
    for step in chain[chain.index(told_as) + 1 :]:
        heard = _one_step(heard, step)
    return heard


def _one_step(heard: Heard[Fact], to: Entry) -> Heard[Fact]:
    if to.upcast is None:
        raise LookupError(f"{to.type} has no upcast")
    try:
        fact = to.upcast(heard.fact)
    except ValidationError as error:
        rules = ", ".join(sorted({one["type"] for one in error.errors(include_input=False)}))
        raise UndecodableError(f"{to.type}: its upcast broke its model: {rules}") from None
    envelope = replace(
        heard.envelope,
        event_id=successor_id(heard.envelope.event_id, to.type),
        event_type=to.type,
        schema_version=to.version,
    )
    return Heard(envelope, fact)


def missing_steps(entries: Iterable[Entry]) -> list[str]:
    """Return what majors above the first lack, each with what to do; empty when all is well."""
    by_type = {entry.type: entry for entry in entries}
    found = []
    for entry in by_type.values():
        if entry.major == 1:
            continue
        older = by_type.get(f"{entry.stem}.v{entry.major - 1}")
        if older is None:
            found.append(
                f"{entry.type}: v{entry.major - 1} is gone from the catalogue: keep it, for what"
                " was told in it stays in the stream"
            )
        elif entry.upcast is None:
            found.append(
                f"{entry.type}: name the pure function that makes it of v{older.major} as `upcast`"
                " in catalog.py; where none can, it is another fact: give it another name"
            )
        elif (older.topic, older.key) != (entry.topic, entry.key):
            found.append(
                f"{entry.type}: topic or key differ from v{older.major}'s: order would be lost;"
                " keep them, or give the fact another name"
            )
    return found
