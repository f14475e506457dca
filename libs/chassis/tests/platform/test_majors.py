"""A hearer of a fact's newest major: older ones reach it lifted, and one happening once."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import pytest

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.chassis.work import Work
from cleanclaim.events import catalog
from cleanclaim.events.catalog import entry_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.majors import successor_id
from cleanclaim.events.vocabulary import limited
from cleanclaim.events.wire import Heard, decode

from .toy import PARTS, a_fact

PATIENT = UUID("01980000-0000-7000-8000-00000000f001")
V1 = entry_of(PatientRegistered)


class PatientRegisteredV2(Fact):
    """The version is called a revision."""

    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    revision: Annotated[int, limited("Revision of the patient's record.", ge=1)]


def _upcast(old: PatientRegistered) -> PatientRegisteredV2:
    return PatientRegisteredV2(
        patient_id=old.patient_id,
        patient_account_id=old.patient_account_id,
        revision=old.patient_version,
    )


V2 = replace(V1, type=f"{V1.stem}.v2", model=PatientRegisteredV2, version="2.0", upcast=_upcast)


@pytest.fixture
def heard() -> list[Heard[Any]]:
    return []


@pytest.fixture
async def listener(
    toy: ServiceUnderTest, heard: list[Heard[Any]], monkeypatch: pytest.MonkeyPatch
) -> ServiceUnderTest:
    """The toy as a hearer of the second major, which the catalogue knows beside the first."""

    async def hear(work: Work, facts: Sequence[Heard[Any]], fetched: Any) -> None:
        heard.extend(facts)

    monkeypatch.setattr(catalog, "CATALOG", (*catalog.CATALOG, V2))
    monkeypatch.setitem(catalog._BY_TYPE, V2.type, V2)
    monkeypatch.setitem(catalog._BY_MODEL, V2.model, V2)
    hears = Subscription(model=PatientRegisteredV2, apply=hear, kind="projector")
    return ServiceUnderTest(replace(PARTS, subscriptions=(hears,)), toy.context, toy.admin_url)


async def test_a_fact_of_the_older_major_is_heard_as_the_newer(listener, heard) -> None:
    (envelope,) = await listener.deliver(a_fact(PATIENT))

    (one,) = heard
    assert one.fact == _upcast(a_fact(PATIENT))
    assert one.envelope.event_id == successor_id(envelope.event_id, V2.type)
    assert one.envelope.event_type == V2.type


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older first", "newer first"])
async def test_a_happening_told_in_both_majors_is_heard_once(listener, heard, order) -> None:
    async with listener.workroom.work(ORGANIZATION) as work:
        work.tell_majors(a_fact(PATIENT), _upcast(a_fact(PATIENT)))
    async with listener.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(
            work.schema_tables.event_log.select().order_by("aggregate_version")
        )
        told = [
            decode(
                key=str(row.aggregateid).encode(),
                headers={name: text.encode() for name, text in row.headers.items()},
                value=json.dumps(row.payload).encode(),
            )
            for row in rows
        ]
    assert [one.envelope.event_type for one in told] == [V1.type, V2.type]
    assert [one.envelope.aggregate_version for one in told] == [1, 2]

    for number in order:
        await listener.redeliver(told[number].envelope, told[number].fact)

    assert len(heard) == 1
    assert heard[0].fact == told[1].fact
    assert heard[0].envelope.event_id == told[1].envelope.event_id


async def test_a_hearer_of_the_older_major_passes_the_newer_over(listener, heard) -> None:
    apply = listener.parts.subscriptions[0].apply
    old = Subscription(model=PatientRegistered, apply=apply, kind="projector")
    listener.parts = replace(listener.parts, subscriptions=(old,))

    await listener.deliver(a_fact(PATIENT), _upcast(a_fact(PATIENT)))

    assert [type(one.fact) for one in heard] == [PatientRegistered]


async def test_one_service_may_not_hear_two_majors_of_a_fact(listener) -> None:
    (new,) = listener.parts.subscriptions
    with pytest.raises(ValueError, match="hear one major of a fact"):
        BatchApplier(
            workroom=listener.workroom,
            subscriptions=(new, replace(new, model=PatientRegistered)),
            partners=None,
        )
