"""What people do with a case: take it into work, give it to somebody."""

from dataclasses import replace
from uuid import UUID

from cleanclaim.chassis.work import Work
from cleanclaim.denials import store
from cleanclaim.denials.domain.denial import Denial, Step
from cleanclaim.denials.domain.status import ACTIVE, Status, StepRefused, step


async def start_denial(work: Work, *, denial_id: UUID, by: str) -> Denial:
    """Take an open case into work; who starts it has it, unless it was given to somebody.

    Raises:
        NoSuchDenial: the organization has no such case.
        StepRefused: the case is not open.
    """
    denial = await store.lock_case(work, denial_id)
    status = step(current=denial.status, to=Status.IN_WORK)
    started = replace(
        denial,
        status=status,
        assigned_to=denial.assigned_to or by,
        version=denial.version + 1,
    )
    await store.write_cases(work, [started])
    await store.write_steps(work, [_step(work, denial, status, because="started")])
    await store.change_item_owner(work, denial_id, owner=started.assigned_to or by, in_work=True)
    return started


async def assign_denial(work: Work, *, denial_id: UUID, assignee: str) -> Denial:
    """Give an active case to a person or team, named by the identity provider's subject.

    Raises:
        NoSuchDenial: the organization has no such case.
        StepRefused: the case has ended.
    """
    denial = await store.lock_case(work, denial_id)
    if denial.status not in ACTIVE:
        raise StepRefused(
            f"a case that is {denial.status} is not given to anybody",
            fix="assign cases that are open",
        )
    assigned = replace(denial, assigned_to=assignee, version=denial.version + 1)
    await store.write_cases(work, [assigned])
    await store.write_steps(work, [_step(work, denial, denial.status, because="assigned")])
    await store.change_item_owner(work, denial_id, owner=assignee, in_work=False)
    return assigned


def _step(work: Work, denial: Denial, status: Status, *, because: str) -> Step:
    return Step(
        denial_id=denial.denial_id,
        version=denial.version + 1,
        position=1,
        from_status=denial.status,
        to_status=status,
        because=because,
        at=work.now,
    )
