"""What can be asked of claims and their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from cleanclaim.chassis.pages import page_token, position_of
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain.claim import ClaimVersion, NoSuchClaim
from cleanclaim.claims.domain.edits import Finding
from cleanclaim.claims.store import claims
from cleanclaim.claims.store.tables import CLAIM_ANSWERS, CLAIM_VERSIONS, CLAIMS, SUBMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilters:
    """Which claims are asked for; None does not filter."""

    state: str | None = None
    payer_id: UUID | None = None
    encounter_id: UUID | None = None
    service_before_on: date | None = None
    min_charge_cents: int | None = None
    max_charge_cents: int | None = None
    updated_since: datetime | None = None


async def list_claims(
    work: Work, filters: ClaimFilters, *, limit: int, token: str | None
) -> tuple[Sequence[Mapping[Any, Any]], str | None]:
    """A page of claims: newest number first, or by time of change where it is a feed."""
    statement = _filtered(select(CLAIMS), filters, work.organization_id)
    if filters.updated_since is not None:
        return await _feed(work, statement, limit, token)
    after = position_of(token, 1)
    if after is not None:
        statement = statement.where(CLAIMS.c.number < int(after[0]))
    statement = statement.order_by(CLAIMS.c.number.desc()).limit(limit + 1)
    rows = list((await work.connection.execute(statement)).mappings())
    following = page_token([rows[limit - 1]["number"]]) if len(rows) > limit else None
    return rows[:limit], following


async def _feed(
    work: Work, statement: Select[Any], limit: int, token: str | None
) -> tuple[Sequence[Mapping[Any, Any]], str | None]:
    place = tuple_(CLAIMS.c.changed_at, CLAIMS.c.number)
    after = position_of(token, 2)
    if after is not None:
        statement = statement.where(place > (datetime.fromisoformat(after[0]), int(after[1])))
    statement = statement.order_by(CLAIMS.c.changed_at, CLAIMS.c.number).limit(limit + 1)
    rows = list((await work.connection.execute(statement)).mappings())
    last = rows[limit - 1] if len(rows) > limit else None
    following = page_token([last["changed_at"].isoformat(), last["number"]]) if last else None
    return rows[:limit], following


def _filtered(statement: Select[Any], filters: ClaimFilters, organization_id: UUID) -> Select[Any]:
    columns = CLAIMS.c
    conditions = (
        (filters.state, columns.state.__eq__),
        (filters.payer_id, columns.payer_id.__eq__),
        (filters.encounter_id, columns.encounter_id.__eq__),
        (filters.service_before_on, columns.service_from_on.__lt__),
        (filters.min_charge_cents, columns.total_charge_cents.__ge__),
        (filters.max_charge_cents, columns.total_charge_cents.__le__),
        (filters.updated_since, columns.changed_at.__ge__),
    )
    statement = statement.where(columns.organization_id == organization_id)
    for wanted, compare in conditions:
        if wanted is not None:
            statement = statement.where(compare(wanted))
    return statement


async def claim_of(work: Work, claim_id: UUID) -> Mapping[Any, Any]:
    """One claim's row. Raises NoSuchClaim."""
    rows = await work.connection.execute(
        select(CLAIMS).where(
            CLAIMS.c.organization_id == work.organization_id, CLAIMS.c.id == claim_id
        )
    )
    row = rows.mappings().first()
    if row is None:
        raise NoSuchClaim("There is no claim of this id.", fix="Check the id.")
    return row


async def claim_versions(work: Work, claim_id: UUID) -> Sequence[Mapping[Any, Any]]:
    """A claim's versions, oldest first."""
    rows = await work.connection.execute(
        select(CLAIM_VERSIONS)
        .where(
            CLAIM_VERSIONS.c.organization_id == work.organization_id,
            CLAIM_VERSIONS.c.claim_id == claim_id,
        )
        .order_by(CLAIM_VERSIONS.c.version)
    )
    return rows.mappings().all()


async def answers_to(work: Work, claim_id: UUID) -> Sequence[Mapping[Any, Any]]:
    """The answers to a claim, in the order in which they were given."""
    rows = await work.connection.execute(
        select(CLAIM_ANSWERS)
        .where(
            CLAIM_ANSWERS.c.organization_id == work.organization_id,
            CLAIM_ANSWERS.c.claim_id == claim_id,
        )
        .order_by(CLAIM_ANSWERS.c.answered_at, CLAIM_ANSWERS.c.rank, CLAIM_ANSWERS.c.id)
    )
    return rows.mappings().all()


async def encounter_to_bill(work: Work, claim_id: UUID, *, newest: bool) -> tuple[UUID, int]:
    """The encounter version that a claim bills, or the newest that was heard of."""
    row = await claim_of(work, claim_id)
    version = row["newest_encounter_version"] if newest else row["encounter_version"]
    return row["encounter_id"], version


async def submission_of_version(
    work: Work, claim_id: UUID, version: int
) -> tuple[Mapping[Any, Any], Mapping[Any, Any] | None]:
    """A claim version and the submission that carried it, None where none did.

    Raises:
        NoSuchClaim: there is no such claim or version.
    """
    row = (await claims.versions_of(work, [(claim_id, version)])).get((claim_id, version))
    if row is None:
        raise NoSuchClaim("There is no such version of a claim.", fix="Check id and version.")
    rows = await work.connection.execute(
        select(SUBMISSIONS).where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.id == row["submission_id"],
        )
    )
    return row, rows.mappings().first()


def content_of(row: Mapping[Any, Any]) -> ClaimVersion:
    return claims.read_version(row)


def findings_in(row: Mapping[Any, Any]) -> tuple[Finding, ...]:
    return claims.read_findings(row)
