"""Questions about encounters: where they stand, what was found, and what a version says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_

from cleanclaim.chassis.pages import PageTokenInvalid, page_token, position_of
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake import store
from cleanclaim.intake.domain.encounter import Encounter, NoSuchEncounter
from cleanclaim.intake.domain.finding import DataEntryFinding
from cleanclaim.intake.store import ENCOUNTERS
from cleanclaim.values.errors import Invalid


class SourceNeeded(Invalid):
    """An external id says nothing without the source that gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of encounters is narrowed by; None narrows nothing."""

    state: str | None = None
    external_id: str | None = None
    source: str | None = None
    patient_id: UUID | None = None
    service_from_on: date | None = None
    service_to_on: date | None = None
    updated_since: datetime | None = None


async def encounter_standing(work: Work, encounter_id: UUID) -> Encounter:
    """Where an encounter stands. Raises NoSuchEncounter."""
    kept = await store.kept_encounter(work, encounter_id)
    if kept is None:
        raise NoSuchEncounter("There is no encounter of this id.")
    return kept.encounter


async def version_document(
    work: Work, vault: Vault, encounter_id: UUID, version: int
) -> dict[str, Any]:
    """What a version says, as it was kept; it never changes. Raises NoSuchEncounter."""
    document = await store.version_document(work, vault, encounter_id, version)
    if document is None:
        raise NoSuchEncounter("There is no encounter of this id, or no such version of it.")
    return document


async def findings_of_version(
    work: Work, encounter_id: UUID, version: int
) -> tuple[DataEntryFinding, ...]:
    """What the last examination of a version found."""
    return await store.findings_of(work, encounter_id, version)


async def to_recheck(work: Work, *, limit: int) -> list[UUID]:
    """Held encounters whose cause may be gone."""
    return await store.flagged(work, limit=limit)


def has_to_recheck(organization_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether an organization has any such encounter, to be asked of all of them at once."""
    return store.has_flagged(organization_id)


async def encounter_page(
    work: Work, vault: Vault, filters: Filters, *, limit: int, token: str | None
) -> tuple[list[Encounter], str | None]:
    """A page by the time of the last change, oldest first, and the token of the next one.

    Raises:
        SourceNeeded: an external id is asked for without its source.
        PageTokenInvalid: the token is not ours.
    """
    statement = await _narrowed(work, vault, filters)
    after = _position(token)
    place = tuple_(ENCOUNTERS.c.updated_at, ENCOUNTERS.c.id)
    if after is not None:
        statement = statement.where(place > after)
    statement = statement.order_by(ENCOUNTERS.c.updated_at, ENCOUNTERS.c.id).limit(limit + 1)
    rows = (await work.connection.execute(statement)).mappings().all()
    found = [store.encounter_from(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    last = found[-1]
    return found, page_token([last.updated_at.isoformat(), str(last.encounter_id)])


async def _narrowed(work: Work, vault: Vault, filters: Filters) -> Select[Any]:
    table = ENCOUNTERS.c
    statement = select(ENCOUNTERS).where(table.organization_id == work.organization_id)
    narrowing: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (filters.state, lambda wanted: table.state == wanted),
        (filters.source, lambda wanted: table.source == wanted),
        (filters.patient_id, lambda wanted: table.patient_id == wanted),
        (filters.service_from_on, lambda wanted: table.service_to_on >= wanted),
        (filters.service_to_on, lambda wanted: table.service_from_on <= wanted),
        (filters.updated_since, lambda wanted: table.updated_at >= wanted),
    )
    for given, condition in narrowing:
        if given is not None:
            statement = statement.where(condition(given))
    if filters.external_id is not None:
        if filters.source is None:
            raise SourceNeeded(
                "external_id is asked for without its source.",
                pointer="/source",
                fix="Send the source that gave the external id.",
            )
        index = await store.external_index(
            work, vault, noun="encounter", source=filters.source, external_id=filters.external_id
        )
        statement = statement.where(table.external_index == index)
    return statement


def _position(token: str | None) -> tuple[datetime, UUID] | None:
    position = position_of(token, 2)
    if position is None:
        return None
    try:
        return datetime.fromisoformat(position[0]), UUID(position[1])
    except (TypeError, ValueError, AttributeError):
        raise PageTokenInvalid(
            "page_token is not one that this API made",
            pointer="/page_token",
            fix="send next_page_token of the page before, or leave it out",
        ) from None
