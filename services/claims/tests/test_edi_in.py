"""Answers that come in: TA1, 999 and 277CA move the claims they rank for, once, and lose nothing."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cleanclaim.chassis.context import InboundFile
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION
from cleanclaim.claims.domain.acknowledgement import AcknowledgementUnreadable
from cleanclaim.claims.edi_in import take_file
from cleanclaim.claims.jobs import cut_batches
from cleanclaim.events.claims import ClaimAcknowledged, ClaimRejected, ClaimSubmitted

from .answers import a_277ca, a_999, a_ta1
from .builders import MARK, Office
from .test_events_in import _posted


class Sent:
    """Claims that went out, with their file."""

    def __init__(self, office: Office, content: bytes, claims: list[Any]) -> None:
        self.office, self.content, self.claims = office, content, claims

    async def states(self) -> list[str]:
        claims = [await self.office.claim(one["id"]) for one in self.claims]
        return [one["state"] for one in claims]


async def _sent(office: Office, mailbox: Path, count: int = 1, per_set: int = 5_000) -> Sent:
    context = office.service.context
    context.settings = context.settings.model_copy(update={"claims_per_set": per_set})
    claims = await office.has_ready(*(office.encounter(name=f"visit {n}") for n in range(count)))
    await office.submit_all()
    return Sent(office, _content(mailbox), sorted(claims, key=lambda one: str(one["claim_number"])))


def _content(mailbox: Path, name: str = "837P_000000001.x12") -> bytes:
    return (mailbox / str(ORGANIZATION) / "clearinghouse" / "outbound" / name).read_bytes()


async def test_an_accepting_999_acknowledges_all_claims(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox, 2)
    answer = await office.upload(a_999("A", sets={"0001": "A"}))
    assert answer["kinds"] == ["999"]
    assert (answer["report"]["matched"], answer["report"]["acknowledged"]) == (2, 2)
    assert await sent.states() == ["acknowledged", "acknowledged"]
    [submission] = (await office.get("/v1/submissions"))["items"]
    assert submission["status"] == "acknowledged"
    told = await office.service.told(ClaimAcknowledged)
    assert len(told) == 2
    first = told[0]
    assert isinstance(first, ClaimAcknowledged)
    assert (first.answer, first.answered_by) == ("999", "clearinghouse")
    assert first.answered_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


async def test_a_999_that_names_no_set_speaks_for_all(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_999("A"))
    assert await sent.states() == ["acknowledged"]


async def test_a_rejected_set_rejects_its_claims_and_no_others(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox, 2, per_set=1)
    await office.upload(a_999("P", sets={"0001": "R", "0002": "A"}))
    assert sorted(await sent.states()) == ["acknowledged", "rejected"]
    [rejected] = await office.service.told(ClaimRejected)
    assert isinstance(rejected, ClaimRejected)
    codes = [(one.error_code, one.segment, one.element_position) for one in rejected.findings]
    assert codes == [("5", None, None), ("8", "NM1", None), ("6", "NM1", 3)]
    [submission] = (await office.get("/v1/submissions"))["items"]
    assert submission["status"] == "partly_rejected"


async def test_a_set_accepted_with_errors_is_acknowledged(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_999("E", sets={"0001": "E"}))
    assert await sent.states() == ["acknowledged"]


async def test_a_rejected_interchange_rejects_all_its_claims(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox, 2)
    answer = await office.upload(a_ta1("R"))
    assert answer["kinds"] == ["TA1"]
    assert await sent.states() == ["rejected", "rejected"]
    told = await office.service.told(ClaimRejected)
    assert [(one.answer, one.findings[0].error_code) for one in told] == [("TA1", "022")] * 2  # type: ignore[attr-defined]


async def test_an_accepted_interchange_says_nothing_of_its_claims(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_ta1("A", code="000"))
    assert await sent.states() == ["submitted"]


CATEGORIES = {
    "A1:20": "received",
    "A0:20": "received",
    "A2:20": "accepted",
    "A3:21": "rejected",
    "A6:21": "rejected",
    "A7:562": "rejected",
    "A8:21": "rejected",
    "A4:35": "submitted",
}


@pytest.mark.parametrize(("status", "state"), CATEGORIES.items())
async def test_a_277ca_moves_a_claim_by_its_category(
    office: Office, mailbox: Path, status: str, state: str
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, status))
    assert await sent.states() == [state]


async def test_each_claim_of_a_277ca_gets_its_own_answer(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox, 2)
    numbers = [f"{one['claim_number']}V01{MARK}" for one in sent.claims]
    answer = await office.upload(a_277ca(sent.content, {numbers[0]: "A2:20", numbers[1]: "A7:562"}))
    assert await sent.states() == ["accepted", "rejected"]
    assert (answer["report"]["accepted"], answer["report"]["rejected"]) == (1, 1)
    first, second = [await office.claim(one["id"]) for one in sent.claims]
    assert first["payer_claim_control_number"] == "PCN123"
    [shown] = second["acknowledgements"]
    assert (shown["answer"], shown["answered_by"], shown["outcome"]) == (
        "277CA", "payer", "rejected",
    )  # fmt: skip
    assert shown["findings"] == [{"category_code": "A7", "status_code": "562"}]


async def test_a_rejection_names_the_line_by_our_id(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A7:454", line_number="C000000001L1"))
    [told] = await office.service.told(ClaimRejected)
    [submitted] = await office.service.told(ClaimSubmitted)
    assert isinstance(told, ClaimRejected)
    assert isinstance(submitted, ClaimSubmitted)
    assert [one.line_id for one in told.findings] == [None, submitted.lines[0].line_id]


async def test_a_rejection_is_given_to_a_person(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A7:562"))
    [item] = await _items(office)
    assert (item["kind"], item["reason"]) == ("claim_rejected", "277CA A7:562")
    assert item["value_cents"] == 125_00


async def test_a_late_999_changes_nothing_after_the_payers_word(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A2:20"))
    answer = await office.upload(a_999("A", sets={"0001": "A"}))
    assert answer["report"]["unchanged"] == 1
    assert await sent.states() == ["accepted"]
    assert len(await office.service.told(ClaimAcknowledged)) == 1


async def test_a_late_reject_of_the_payer_overrides_its_accept(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A2:20"))
    await office.upload(a_277ca(sent.content, "A3:21", on=date(2026, 3, 5), number=9))
    assert await sent.states() == ["rejected"]


async def test_no_answer_moves_an_adjudicated_claim(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    await office.service.deliver(_posted(sent.claims[0]["id"]))
    await office.upload(a_277ca(sent.content, "A3:21"))
    assert await sent.states() == ["adjudicated"]
    assert await office.service.told(ClaimRejected) == []


async def test_the_same_file_twice_changes_nothing(office: Office, mailbox: Path) -> None:
    await _sent(office, mailbox)
    content = a_999("A", sets={"0001": "A"})
    first = await office.upload(content)
    again = await office.upload(content)
    assert again == first
    assert len(await office.service.told(ClaimAcknowledged)) == 1


async def test_two_files_that_say_the_same_tell_it_once(office: Office, mailbox: Path) -> None:
    await _sent(office, mailbox)
    await office.upload(a_999("A", sets={"0001": "A"}))
    second = await office.upload(a_999("A", sets={"0001": "A"}, number=11))
    assert second["report"]["unchanged"] == 1
    assert len(await office.service.told(ClaimAcknowledged)) == 1


async def test_an_answer_to_nothing_of_ours_is_kept_and_given_to_a_person(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    answer = await office.upload(a_999("A", group=99))
    assert answer["report"]["unknown"] == 1
    assert answer["report"]["unknown_control_numbers"] == ["GS06 99"]
    [item] = await _items(office)
    assert (item["kind"], str(item["subject_id"])) == ("answer_unknown", answer["id"])
    assert await sent.states() == ["submitted"]


async def test_an_unknown_claim_in_a_277ca_is_counted_without_its_number(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    other = sent.content.replace(f"C000000001V01{MARK}".encode(), b"SOMEONEELSES1")
    answer = await office.upload(a_277ca(other, "A7:562"))
    assert answer["report"]["unknown"] == 1
    assert "SOMEONEELSES1" not in str(answer)
    assert await sent.states() == ["submitted"]


async def test_an_unknown_set_number_leaves_the_others_alone(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    answer = await office.upload(a_999("P", sets={"0001": "A", "0777": "R"}))
    assert answer["report"]["unknown_control_numbers"] == ["ST02 0777"]
    assert await sent.states() == ["acknowledged"]


async def test_an_answer_before_we_noted_the_sending_finishes_it(
    office: Office, mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.has_ready(office.encounter())

    def die(_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(office.service.runtime, "fail_point", die)
        await office.client.post("/v1/submissions")
    await office.upload(a_277ca(_content(mailbox), "A2:20"))
    [claim] = await office.claims()
    assert claim["state"] == "accepted"
    assert len(await office.service.told(ClaimSubmitted)) == 1
    await cut_batches(office.service.context, ORGANIZATION)
    assert len(await office.service.told(ClaimSubmitted)) == 1


async def test_a_resent_claim_goes_out_as_a_new_original(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    claim_id = sent.claims[0]["id"]
    await office.upload(a_277ca(sent.content, "A7:562"))
    outcome = await office.post(f"/v1/claims/{claim_id}:resend")
    assert (outcome["state"], outcome["version"]) == ("clean", 2)
    assert await _items(office) == []
    await office.submit_all()
    told = [
        one for one in await office.service.told(ClaimSubmitted) if isinstance(one, ClaimSubmitted)
    ]
    assert [(one.claim_version, one.frequency_code) for one in told] == [(1, "1"), (2, "1")]
    assert told[1].patient_control_number == f"C000000001V02{MARK}"
    assert told[0].lines[0].line_id == told[1].lines[0].line_id


async def test_a_late_answer_to_a_rejected_version_leaves_the_resent_one_alone(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A7:562"))
    await office.post(f"/v1/claims/{sent.claims[0]['id']}:resend")
    await office.submit_all()
    late = await office.upload(a_277ca(sent.content, "A3:21", on=date(2026, 3, 9), number=12))
    assert late["report"]["unchanged"] == 1
    assert await sent.states() == ["submitted"]


async def test_a_rejected_claim_whose_encounter_changes_is_built_anew(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    await office.upload(a_277ca(sent.content, "A7:562"))
    [claim] = await office.has_ready(office.encounter(name="visit 0", version=2))
    assert (claim["state"], claim["current_version"], claim["encounter_version"]) == ("clean", 2, 2)


async def test_a_file_from_the_mailbox_is_taken(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    file = InboundFile(
        organization_id=ORGANIZATION,
        connection="clearinghouse",
        name="answer.x12",
        content=a_999("A", sets={"0001": "A"}),
    )
    await take_file(office.service.context, file)
    await take_file(office.service.context, file)
    assert await sent.states() == ["acknowledged"]


async def test_another_organizations_answer_finds_nothing(office: Office, mailbox: Path) -> None:
    sent = await _sent(office, mailbox)
    file = InboundFile(
        organization_id=OTHER_ORGANIZATION,
        connection="clearinghouse",
        name="answer.x12",
        content=a_277ca(sent.content, "A3:21"),
    )
    await take_file(office.service.context, file)
    assert await sent.states() == ["submitted"]


UNREADABLE = {
    "no X12": b"hello",
    "nothing": b"",
    "half an ISA": b"ISA*00*",
    "a file of claims": b"",
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_is_no_answer_is_refused_by_name(
    office: Office, mailbox: Path, name: str
) -> None:
    sent = await _sent(office, mailbox)
    content = sent.content if name == "a file of claims" else UNREADABLE[name]
    answer = await office.client.post(
        "/v1/acknowledgements", content=content, headers={"Content-Type": "application/edi-x12"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "acknowledgement_unreadable")
    file = InboundFile(
        organization_id=ORGANIZATION, connection="clearinghouse", name="x", content=content
    )
    with pytest.raises(AcknowledgementUnreadable):
        await take_file(office.service.context, file)


async def test_a_damaged_answer_does_what_can_be_read_and_says_the_rest(
    office: Office, mailbox: Path
) -> None:
    sent = await _sent(office, mailbox)
    damaged = a_999("A", sets={"0001": "A"}).replace(b"~IEA*1*", b"~IEA*5*")
    answer = await office.upload(damaged)
    assert answer["report"]["findings"]
    assert await sent.states() == ["acknowledged"]


async def _items(office: Office) -> list[dict[str, Any]]:
    async with office.service.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.work_items
        rows = await work.connection.execute(table.select().where(table.c.status != "closed"))
        return [dict(row) for row in rows.mappings()]
