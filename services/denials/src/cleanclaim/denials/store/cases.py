"""Cases with their refused parts and steps: written whole, read back whole."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.work import Work
from cleanclaim.denials.domain.denial import Denial, NoSuchDenial, Step
from cleanclaim.denials.domain.status import ACTIVE
from cleanclaim.denials.store.rows import denial_of, denial_row, line_rows
from cleanclaim.denials.store.story import lock_claims
from cleanclaim.denials.store.tables import DENIAL_LINES, DENIAL_STEPS, DENIALS

_CHANGING = (
    "assessment", "action", "appeal_by_on", "correct_by_on", "work_by_on",
    "expected_recovery_cents", "recovered_cents", "unattributed", "priority", "status", "because",
    "level", "assigned_to", "changed_at", "resolved_on",
    "resolved_by_payment_id", "version",
)  # fmt: skip
_UPDATE = ", ".join(f"{name} = excluded.{name}" for name in _CHANGING)


async def write_cases(work: Work, denials: Sequence[Denial]) -> None:
    """Write cases as they are now; new ones with their parts, which never change."""
    rows = [denial_row(one, organization_id=work.organization_id, at=work.now) for one in denials]
    await insert_rows(
        work.connection,
        DENIALS,
        rows,
        on_conflict=f"(organization_id, id) DO UPDATE SET {_UPDATE}",
    )
    new = [one for one in denials if one.version == 1]
    lines = [row for one in new for row in line_rows(one, organization_id=work.organization_id)]
    await insert_rows(
        work.connection, DENIAL_LINES, lines, on_conflict="(organization_id, id) DO NOTHING"
    )


async def write_steps(work: Work, steps: Sequence[Step]) -> None:
    """Add steps to the histories of cases."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": derived_id(step.denial_id, f"step:{step.version}:{step.position}"),
            "denial_id": step.denial_id,
            "position": step.version * 10 + step.position,
            "from_status": step.from_status,
            "to_status": step.to_status,
            "because": step.because,
            "by": work.actor_id,
            "at": step.at,
        }
        for step in steps
    ]
    await insert_rows(
        work.connection, DENIAL_STEPS, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def cases_of_claims(work: Work, claim_ids: Collection[UUID]) -> list[Denial]:
    """All cases of claims, the earliest decision first."""
    return await _cases(work, DENIALS.c.claim_id.in_(list(claim_ids)))


async def cases_of_payers(work: Work, payer_ids: Collection[UUID]) -> list[UUID]:
    """The claims that have an active case at one of these payers."""
    rows = await work.connection.execute(
        select(DENIALS.c.claim_id)
        .distinct()
        .where(
            DENIALS.c.organization_id == work.organization_id,
            DENIALS.c.payer_id.in_(list(payer_ids)),
            DENIALS.c.status.in_([status.value for status in ACTIVE]),
        )
    )
    return list(rows.scalars())


async def lock_case(work: Work, denial_id: UUID) -> Denial:
    """One case, while no other transaction works on its claim.

    Raises:
        NoSuchDenial: the organization has no such case.
    """
    claim_id = await work.connection.scalar(
        select(DENIALS.c.claim_id).where(
            DENIALS.c.organization_id == work.organization_id, DENIALS.c.id == denial_id
        )
    )
    if claim_id is None:
        raise NoSuchDenial(f"there is no denial {denial_id}")
    await lock_claims(work, [claim_id])
    (found,) = await _cases(work, DENIALS.c.id == denial_id)
    return found


async def _cases(work: Work, wanted: ColumnElement[bool]) -> list[Denial]:
    rows = await work.connection.execute(
        select(DENIALS)
        .where(DENIALS.c.organization_id == work.organization_id, wanted)
        .order_by(DENIALS.c.claim_id, DENIALS.c.payment_sequence, DENIALS.c.id)
    )
    cases = list(rows.mappings())
    lines = await work.connection.execute(
        select(DENIAL_LINES)
        .where(
            DENIAL_LINES.c.organization_id == work.organization_id,
            DENIAL_LINES.c.denial_id.in_([row["id"] for row in cases]),
        )
        .order_by(DENIAL_LINES.c.denial_id, DENIAL_LINES.c.position)
    )
    by_case: dict[UUID, list[Any]] = {}
    for line in lines.mappings():
        by_case.setdefault(line["denial_id"], []).append(line)
    return [denial_of(dict(row), by_case.get(row["id"], [])) for row in cases]
