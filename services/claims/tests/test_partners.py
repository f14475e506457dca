"""Asking intake: each version once, a broken contract named by its fields, never by values."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from cleanclaim.claims.partners import AT_ONCE, EncounterUnreadable, Intake, read_encounter
from cleanclaim.values.errors import Unavailable

from .builders import an_encounter, an_id, without

OURS, OTHERS = UUID(int=1), UUID(int=2)
PAYER = an_id("payer")


class RecordedClient:
    """Answers as intake would over HTTP, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[UUID | None, str, str]] = []
        self.at_once = self.most_at_once = 0

    async def get(self, path: str, *, organization_id: UUID | None, scope: str) -> Any:
        self.asked.append((organization_id, path, scope))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return an_encounter(PAYER, version=int(path.rsplit("/", 1)[1]))


async def test_a_version_is_asked_for_once() -> None:
    client = RecordedClient()
    intake = Intake(client)  # type: ignore[arg-type]
    key = (an_id("visit"), 3)
    first = await intake.encounter_versions(OURS, [key, key])
    again = await intake.encounter_versions(OURS, [key])
    assert first[key] is again[key]
    path = f"/v1/encounters/{an_id('visit')}/versions/3"
    assert client.asked == [(OURS, path, "system/Encounter.r")]


async def test_what_one_organization_was_told_no_other_is_given() -> None:
    client = RecordedClient()
    intake = Intake(client)  # type: ignore[arg-type]
    key = (an_id("visit"), 1)
    await intake.encounter_versions(OURS, [key])
    await intake.encounter_versions(OTHERS, [key])
    assert [organization for organization, _, _ in client.asked] == [OURS, OTHERS]


async def test_only_a_few_questions_are_asked_at_once() -> None:
    client = RecordedClient()
    intake = Intake(client)  # type: ignore[arg-type]
    await intake.encounter_versions(OURS, [(an_id("visit"), n) for n in range(1, 50)])
    assert client.most_at_once == AT_ONCE


async def test_a_silent_intake_is_unavailable() -> None:
    class Silent(RecordedClient):
        async def get(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("intake cannot be asked for now")

    with pytest.raises(Unavailable):
        await Intake(Silent()).encounter_versions(OURS, [(an_id("visit"), 1)])  # type: ignore[arg-type]


GOOD = an_encounter(PAYER)
BROKEN = {
    "a field is missing": (without(GOOD, "patient"), "patient"),
    "a person is no object": ({**GOOD, "patient": "Nora Ahlgren"}, "patient"),
    "money is text": ({**GOOD, "total_charge_cents": "many"}, "total_charge_cents"),
    "a list is none": ({**GOOD, "lines": None}, "lines"),
    "it is a list": ([GOOD], "contract at"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_is_named_by_its_fields(case: str) -> None:
    answer, place = BROKEN[case]
    with pytest.raises(EncounterUnreadable, match=place) as refused:
        read_encounter(answer)
    assert "Ahlgren" not in refused.value.message
    assert "many" not in refused.value.message


def test_fields_that_intake_adds_are_left_alone() -> None:
    assert read_encounter({**GOOD, "news": 1}) == read_encounter(GOOD)


def test_nobody_shows_in_a_log() -> None:
    encounter = read_encounter(GOOD)
    assert "Ahlgren" not in repr(encounter.patient)
    assert "MBR000001" not in repr(encounter.coverages)
