"""What the verbs of denials keep, where events and doors do not show it."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.denials import commands, queries
from cleanclaim.denials.domain.denial import NoSuchDenial
from cleanclaim.denials.domain.policy import AppealLevel, PayerPolicy
from cleanclaim.denials.domain.status import StepRefused
from cleanclaim.events.denials import DenialOpened

from .builders import a_denial, a_payer, named

POLICY = PayerPolicy(
    effective_from_on=date(2020, 1, 1),
    effective_to_on=None,
    name="Prairie Mutual",
    claim_filing_indicator="CI",
    timely_filing_days=180,
    corrected_claim_days=None,
    takes_replacement=True,
    appeal_levels=(AppealLevel(level=1, days=60, basis="adjudicated_on"),),
)


async def the_denial(service: ServiceUnderTest) -> UUID:
    (told,) = await service.told(DenialOpened)
    assert isinstance(told, DenialOpened)
    return told.denial_id


async def appeal_by(service: ServiceUnderTest, denial_id: UUID) -> date | None:
    async with service.workroom.reading(ORGANIZATION) as work:
        return (await queries.one_case(work, denial_id)).assessment.appeal.due_on


async def test_an_older_word_about_a_payer_changes_nothing(service: ServiceUnderTest) -> None:
    await service.deliver(a_denial())
    denial_id = await the_denial(service)
    longer = replace(POLICY, appeal_levels=(AppealLevel(level=1, days=90, basis="adjudicated_on"),))
    for version, policy in ((2, longer), (1, POLICY)):
        async with service.workroom.work(ORGANIZATION) as work:
            await commands.record_payers(
                work,
                payers={named("X"): (version, (policy,))},
                trigger=commands.Trigger(cause=work.cause, at=work.now),
            )
    assert await appeal_by(service, denial_id) == date(2026, 12, 29)


async def test_of_two_people_who_start_a_case_at_once_one_gets_it(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_payer(), a_denial())
    denial_id = await the_denial(service)

    async def start(name: str) -> str | None:
        async with service.workroom.work(ORGANIZATION) as work:
            denial = await commands.start_denial(work, denial_id=denial_id, by=name)
            return denial.assigned_to

    answers = await asyncio.gather(*map(start, ("ines", "ravi")), return_exceptions=True)
    winners = [one for one in answers if isinstance(one, str)]
    assert len(winners) == 1
    assert [type(one) for one in answers if not isinstance(one, str)] == [StepRefused]


async def test_a_case_that_is_not_there_is_missing(service: ServiceUnderTest) -> None:
    with pytest.raises(NoSuchDenial):
        async with service.workroom.work(ORGANIZATION) as work:
            await commands.assign_denial(work, denial_id=named("nothing"), assignee="ines")


async def test_a_changed_policy_moves_deadlines_without_telling_the_case_again(
    service: ServiceUnderTest,
) -> None:
    await service.deliver(a_payer(), a_denial())
    denial_id = await the_denial(service)
    levels = [{"level": 1, "days": 60, "basis": "adjudicated_on"}]
    await service.deliver(a_payer(appeal_levels=levels))
    assert await appeal_by(service, denial_id) == date(2026, 11, 29)
    assert len(await service.told(DenialOpened)) == 1
