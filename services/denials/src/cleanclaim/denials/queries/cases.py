"""Cases by urgency, one case whole, and its history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from cleanclaim.chassis.pages import PageTokenInvalid, page_token, position_of
from cleanclaim.chassis.work import Work
from cleanclaim.denials import store
from cleanclaim.denials.domain.denial import Denial, NoSuchDenial
from cleanclaim.denials.domain.status import ACTIVE
from cleanclaim.denials.store.tables import (
    DENIAL_STEPS,
    DENIALS,
    PAYERS,
    PROVIDERS,
    SUBMISSIONS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of cases is narrowed to; None lets everything pass."""

    active: bool | None = None
    status: str | None = None
    category: str | None = None
    reason_code: str | None = None
    payer_id: UUID | None = None
    claim_id: UUID | None = None
    owner_queue: str | None = None
    owner_stage: str | None = None
    assigned_to: str | None = None
    deadline_before_on: date | None = None
    updated_since: datetime | None = None


_GREATEST_PRIORITY = 2**31 - 1
_EQUAL = (
    "status", "category", "reason_code", "payer_id", "claim_id", "owner_queue", "owner_stage",
    "assigned_to",
)  # fmt: skip


async def page_of_cases(
    work: Work, *, wanted: CaseFilter, limit: int, token: str | None
) -> tuple[list[Mapping[str, Any]], str | None]:
    """A page of cases without their parts, the most urgent first.

    Raises:
        PageTokenInvalid: the token was not made by this API.
    """
    statement = (
        select(DENIALS)
        .where(DENIALS.c.organization_id == work.organization_id, *_conditions(wanted))
        .order_by(DENIALS.c.priority.desc(), DENIALS.c.id.desc())
        .limit(limit + 1)
    )
    after = _position(token)
    if after is not None:
        statement = statement.where(tuple_(DENIALS.c.priority, DENIALS.c.id) < after)
    rows: list[Mapping[str, Any]] = [
        dict(row) for row in (await work.connection.execute(statement)).mappings()
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    following = page_token([last["priority"], str(last["id"])]) if last else None
    return rows[:limit], following


def _position(token: str | None) -> tuple[int, UUID] | None:
    position = position_of(token, 2)
    if position is None:
        return None
    urgency, last_id = position
    try:
        after = int(urgency), UUID(last_id)
    except (TypeError, ValueError, AttributeError):
        after = _GREATEST_PRIORITY + 1, UUID(int=0)
    if abs(after[0]) > _GREATEST_PRIORITY:
        raise PageTokenInvalid(
            "page_token is not one that this list made",
            pointer="/page_token",
            fix="send next_page_token of the page before, or leave it out",
        )
    return after


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [
        DENIALS.c[name] == getattr(wanted, name)
        for name in _EQUAL
        if getattr(wanted, name) is not None
    ]
    if wanted.active is not None:
        active = DENIALS.c.status.in_([status.value for status in ACTIVE])
        conditions.append(active if wanted.active else ~active)
    if wanted.deadline_before_on is not None:
        conditions.append(DENIALS.c.work_by_on < wanted.deadline_before_on)
    if wanted.updated_since is not None:
        conditions.append(DENIALS.c.changed_at >= wanted.updated_since)
    return conditions


async def one_case(work: Work, denial_id: UUID) -> Denial:
    """One case with its parts.

    Raises:
        NoSuchDenial: the organization has no such case.
    """
    kept = await kept_case(work, denial_id)
    cases = await store.cases_of_claims(work, [kept["claim_id"]])
    return next(one for one in cases if one.denial_id == denial_id)


async def kept_case(work: Work, denial_id: UUID) -> Mapping[str, Any]:
    """One case as the list shows it.

    Raises:
        NoSuchDenial: the organization has no such case.
    """
    rows = await work.connection.execute(
        select(DENIALS).where(
            DENIALS.c.organization_id == work.organization_id, DENIALS.c.id == denial_id
        )
    )
    found = rows.mappings().first()
    if found is None:
        raise NoSuchDenial(f"there is no denial {denial_id}")
    return dict(found)


async def case_steps(work: Work, denial_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The steps of a case, the first first."""
    rows = await work.connection.execute(
        select(DENIAL_STEPS)
        .where(
            DENIAL_STEPS.c.organization_id == work.organization_id,
            DENIAL_STEPS.c.denial_id == denial_id,
        )
        .order_by(DENIAL_STEPS.c.position)
    )
    return [dict(row) for row in rows.mappings()]


async def claims_with_active_cases(work: Work, *, after: UUID | None, limit: int) -> list[UUID]:
    """Claims that have a case on which somebody must act, by id, after the one given."""
    statement = (
        select(DENIALS.c.claim_id)
        .distinct()
        .where(
            DENIALS.c.organization_id == work.organization_id,
            DENIALS.c.status.in_([status.value for status in ACTIVE]),
        )
        .order_by(DENIALS.c.claim_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(DENIALS.c.claim_id > after)
    return list((await work.connection.execute(statement)).scalars())


async def party_names(
    work: Work, *, payer_ids: Collection[UUID], claim_ids: Collection[UUID] = ()
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names of payers by id, and of billing providers by claim; what is not heard is left out."""
    payers = await work.connection.execute(
        select(PAYERS.c.id, PAYERS.c.name).where(
            PAYERS.c.organization_id == work.organization_id, PAYERS.c.id.in_(list(payer_ids))
        )
    )
    providers = await work.connection.execute(
        select(SUBMISSIONS.c.claim_id, PROVIDERS.c.name)
        .join(
            PROVIDERS,
            (PROVIDERS.c.organization_id == SUBMISSIONS.c.organization_id)
            & (PROVIDERS.c.id == SUBMISSIONS.c.billing_provider_id),
        )
        .where(
            SUBMISSIONS.c.organization_id == work.organization_id,
            SUBMISSIONS.c.claim_id.in_(list(claim_ids)),
        )
        .order_by(SUBMISSIONS.c.claim_version)
    )
    return ({row.id: row.name for row in payers}, {row.claim_id: row.name for row in providers})
