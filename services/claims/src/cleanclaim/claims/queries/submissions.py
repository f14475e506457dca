"""What can be asked of submissions and of the answers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from cleanclaim.chassis.db import has_row
from cleanclaim.chassis.pages import page_token, position_of
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.claims.store.tables import ACKNOWLEDGEMENTS, CLAIMS, SUBMISSIONS
from cleanclaim.values.errors import Missing


class NoSuchSubmission(Missing):
    """The organization has no submission of that id."""


class NoSuchAcknowledgement(Missing):
    """The organization has no acknowledgement of that id."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when the oldest clean claim waits, and how many files were begun and not finished."""

    oldest: datetime | None
    prepared: int


async def waiting_for_a_file(work: Work) -> Waiting:
    oldest = await work.connection.scalar(
        select(func.min(CLAIMS.c.clean_since)).where(
            CLAIMS.c.organization_id == work.organization_id,
            CLAIMS.c.state == ClaimState.CLEAN,
            CLAIMS.c.submission_id.is_(None),
        )
    )
    prepared = await work.connection.scalar(
        select(func.count()).where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.status == "prepared",
        )
    )
    return Waiting(oldest, prepared or 0)


def has_a_file_to_cut(
    organization_id: ColumnElement[UUID], *, clean_until: datetime
) -> ColumnElement[bool]:
    """Whether an organization's clean claims have waited since then, or a file was begun."""
    claims = has_row(
        CLAIMS.c.organization_id == organization_id,
        CLAIMS.c.state == ClaimState.CLEAN,
        CLAIMS.c.submission_id.is_(None),
        CLAIMS.c.clean_since <= clean_until,
    )
    begun = has_row(
        SUBMISSIONS.c.organization_id == organization_id, SUBMISSIONS.c.status == "prepared"
    )
    return claims | begun


async def list_submissions(
    work: Work, *, limit: int, token: str | None
) -> tuple[Sequence[Mapping[Any, Any]], str | None]:
    """A page of submissions, newest first."""
    statement = select(SUBMISSIONS).where(SUBMISSIONS.c.organization_id == work.organization_id)
    place = tuple_(SUBMISSIONS.c.prepared_at, SUBMISSIONS.c.id)
    after = position_of(token, 2)
    if after is not None:
        statement = statement.where(place < (datetime.fromisoformat(after[0]), UUID(after[1])))
    statement = statement.order_by(SUBMISSIONS.c.prepared_at.desc(), SUBMISSIONS.c.id.desc()).limit(
        limit + 1
    )
    rows = list((await work.connection.execute(statement)).mappings())
    last = rows[limit - 1] if len(rows) > limit else None
    following = page_token([last["prepared_at"].isoformat(), str(last["id"])]) if last else None
    return rows[:limit], following


async def submissions_with(work: Work, ids: Sequence[UUID]) -> Sequence[Mapping[Any, Any]]:
    """These submissions, oldest first."""
    rows = await work.connection.execute(
        select(SUBMISSIONS)
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.id.in_(sorted(set(ids))),
        )
        .order_by(SUBMISSIONS.c.prepared_at, SUBMISSIONS.c.id)
    )
    return rows.mappings().all()


async def submission_of(
    work: Work, submission_id: UUID
) -> tuple[Mapping[Any, Any], Sequence[UUID]]:
    """A submission and its claims. Raises NoSuchSubmission."""
    found = await submissions_with(work, [submission_id])
    if not found:
        raise NoSuchSubmission("There is no submission of this id.", fix="Check the id.")
    rows = await work.connection.scalars(
        select(CLAIMS.c.id)
        .where(
            CLAIMS.c.organization_id == work.organization_id,
            CLAIMS.c.submission_id == submission_id,
        )
        .order_by(CLAIMS.c.number)
    )
    return found[0], list(rows)


async def acknowledgement_of(work: Work, acknowledgement_id: UUID) -> Mapping[Any, Any]:
    """One file of answers with its report. Raises NoSuchAcknowledgement."""
    rows = await work.connection.execute(
        select(ACKNOWLEDGEMENTS).where(
            ACKNOWLEDGEMENTS.c.organization_id == work.organization_id,
            ACKNOWLEDGEMENTS.c.id == acknowledgement_id,
        )
    )
    row = rows.mappings().first()
    if row is None:
        raise NoSuchAcknowledgement("There is no acknowledgement of this id.", fix="Check the id.")
    return row
