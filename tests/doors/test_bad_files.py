"""Damaged, foreign and puzzling files at every door: kept, answered with place and rule, no harm."""

import asyncio
import re

import pytest

from cleanclaim.payersim.bank import Credit, bai2

from ..journeys.stories import PAID_ON, book
from .world import stray, the_835_of

X12 = "application/edi-x12"


def _segments(content: bytes, change) -> bytes:
    """The file with `change` applied to the elements of every segment."""
    return (
        b"~".join(
            b"*".join(change(one.strip().split(b"*"))) for one in content.split(b"~") if one.strip()
        )
        + b"~"
    )


def _element(segment: bytes, position: int, value: bytes):
    def change(elements: list[bytes]) -> list[bytes]:
        if elements[0] == segment:
            elements[position] = value
        return elements

    return lambda content: _segments(content, change)


def _trace(name: str, content: bytes) -> bytes:
    """The file under a trace number of its own, so that it is new to the system."""
    return _element(b"TRN", 2, name.upper().replace(" ", "").encode()[:30])(content)


def _cut(content: bytes) -> bytes:
    return content[: content.index(b"~SVC*") + 9]


def _binary_tail(content: bytes) -> bytes:
    place = content.index(b"~CLP*") + 1
    return content[:place] + bytes(range(256)) * 40


def _no_letters(content: bytes) -> bytes:
    return content.replace(b"~", b"\x1c").replace(b"*", b"\x1d").replace(b":", b"\x1f")


def _odd_but_legal(content: bytes) -> bytes:
    return content.replace(b"~", b"!\n").replace(b"*", b"|").replace(b":", b";")


def _lower_case_names(content: bytes) -> bytes:
    return content.replace(b"~\n", b"~").replace(b"~", b"~\r\n")


HELD = {
    "cut in a line": (_cut, r"(set|group|interchange)-?.*missing|se-missing|segment-cut"),
    "binary inside": (_binary_tail, r".+"),
    "SE01 counts one too many": (_element(b"SE", 1, b"999"), r"se-count|segment-count|se01"),
    "SE02 is another number": (_element(b"SE", 2, b"9999"), r"control-number|se02|se-control"),
    "GE01 counts one too many": (_element(b"GE", 1, b"2"), r"ge-count|ge01|set-count"),
    "GE02 is another number": (_element(b"GE", 2, b"77"), r"control-number|ge02|ge-control"),
    "IEA01 counts one too many": (_element(b"IEA", 1, b"3"), r"iea-count|iea01|group-count"),
    "IEA02 is another number": (_element(b"IEA", 2, b"000000777"), r"control-number|iea02"),
}


@pytest.fixture(scope="module")
async def unknown(office) -> bytes:
    """A faultless remittance for a claim that nobody here knows."""
    return stray(the_835_of(office.story))


@pytest.mark.parametrize("name", HELD)
async def test_a_damaged_remittance_is_held_whole_and_kept(office, unknown, name):
    damage, rule = HELD[name]
    before = await book(office.story)
    content = damage(_trace(name, unknown))
    answer = await _upload(office, "remittance", "/v1/remittances", content)
    assert answer.status_code == 201, answer.text
    report = answer.json()
    (taken,) = report["remittances"]
    assert (taken["outcome"], taken["status"]) == ("held", "held")
    found = report["faults"] + taken["faults"]
    assert all(one["rule"] and one["place"] and one["message"] for one in found)
    assert any(re.search(rule, one["rule"]) for one in found), found
    _says_nothing_of_people(office, answer.text)
    kept = await office.story.clinic.doors.clients["remittance"].get(taken["href"] + "/x12")
    assert kept.content == content
    await office.story.settled()
    assert await book(office.story) == before


LEGAL = {
    "odd but legal delimiters": _odd_but_legal,
    "delimiters that cannot be printed": _no_letters,
    "lines that end as on a PC": _lower_case_names,
}


@pytest.mark.parametrize("name", LEGAL)
async def test_a_remittance_in_odd_but_legal_clothes_is_posted(office, unknown, name):
    content = LEGAL[name](_trace(name, unknown))
    before = (await book(office.story)).get("unapplied_insurance_cash", 0)
    answer = await _upload(office, "remittance", "/v1/remittances", content)
    (taken,) = answer.json()["remittances"]
    assert (taken["outcome"], taken["faults"]) == ("posted", [])
    await office.story.settled()
    # its claim is unknown, so its money waits as unapplied cash and nothing is lost
    paid = (await book(office.story))["unapplied_insurance_cash"] - before
    listed = await office.story.clinic.doors.get("remittance", taken["href"] + "/claim-payments")
    assert [one["status"] for one in listed["items"]] == ["unmatched"]
    assert paid == -sum(one["paid_cents"] for one in listed["items"])


async def test_a_remittance_of_an_unknown_payer_is_held_by_that_name(office, unknown):
    def stranger(elements: list[bytes]) -> list[bytes]:
        if elements[:2] == [b"N1", b"PR"]:
            elements[2] = b"NOBODY MUTUAL"
        if elements[:2] == [b"REF", b"2U"]:
            elements[2] = b"NOB99"
        if elements[0] == b"TRN":
            elements[3] = b"1888888888"
        if elements[0] == b"BPR":
            elements[10] = b"1888888888"
        return elements

    before = await book(office.story)
    content = _segments(_trace("unknown payer", unknown), stranger)
    answer = await _upload(office, "remittance", "/v1/remittances", content)
    (taken,) = answer.json()["remittances"]
    assert (taken["outcome"], taken["reasons"]) == ("held", ["unknown_payer"])
    await office.story.settled()
    assert await book(office.story) == before


REFUSED = {
    "nothing": b"",
    "blanks": b"   \r\n ",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "zeros": bytes(4096),
    "a page": b"<html><body>Gateway time-out</body></html>",
    "half a header": b"ISA*00*          *00*    ",
    "an archive": b"PK\x03\x04" + bytes(200),
    "another alphabet": "ИСА*00*".encode("utf-16"),
}
DOORS = (
    ("remittance", "/v1/remittances", X12),
    ("claims", "/v1/acknowledgements", X12),
    ("reconcile", "/v1/bank-statements", "text/plain"),
)


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(("service", "path", "media_type"), DOORS)
async def test_what_is_no_such_file_is_refused_with_its_rule(
    office, service, path, media_type, name
):
    answer = await _upload(office, service, path, REFUSED[name], media_type)
    assert answer.status_code == 422, answer.text
    said = answer.json()
    assert said["errors"]
    assert all(one["code"] and one["message"] for one in said["errors"])
    assert any(one.get("fix") for one in said["errors"]), said
    again = await _upload(office, service, path, REFUSED[name], media_type)
    assert again.status_code == 422


@pytest.mark.parametrize(("service", "path", "media_type"), DOORS)
async def test_a_file_for_another_door_is_refused_with_the_way_to_it(
    office, service, path, media_type, unknown
):
    credit = Credit(
        amount_cents=1, trace_number="X", originating_company_id="1990000011", payer_name="X"
    )
    bank = bai2([credit], on=PAID_ON, file_number=99)
    foreign = unknown if service != "remittance" else bank
    answer = await _upload(office, service, path, foreign, media_type)
    assert answer.status_code == 422, answer.text
    _says_nothing_of_people(office, answer.text)


async def test_a_bank_file_whose_sums_do_not_agree_books_nothing(office):
    credit = Credit(
        amount_cents=500_00,
        trace_number="EFT-WRONG-1",
        originating_company_id="1990000011",
        payer_name="PRAIRIE MUTUAL HEALTH",
    )
    doors = office.story.clinic.doors
    before = [one["id"] for one in await doors.every("reconcile", "/v1/deposits")]
    wrong = bai2([credit], on=PAID_ON, file_number=98).replace(b"50000", b"50001", 1)
    answer = await _upload(office, "reconcile", "/v1/bank-statements", wrong, "text/plain")
    assert answer.status_code == 422
    assert all(one["code"] and one["message"] for one in answer.json()["errors"])
    kept = await doors.clients["reconcile"].get(answer.headers["Location"])
    assert (kept.status_code, kept.json()["status"]) == (200, "refused")
    assert [one["id"] for one in await doors.every("reconcile", "/v1/deposits")] == before


async def test_an_answer_to_a_claim_that_nobody_sent_changes_nothing_and_says_so(office):
    (path,) = [one for one in office.story.clinic.mailbox.rglob("*277CA_*") if one.is_file()]

    def stranger(elements: list[bytes]) -> list[bytes]:
        if elements[:2] == [b"TRN", b"2"]:
            elements[2] = b"NOSUCHCLAIM"
        return elements

    doors = office.story.clinic.doors
    before = {one["id"]: one["state"] for one in await doors.every("claims", "/v1/claims")}
    content = _segments(path.read_bytes(), stranger)
    answer = await _upload(office, "claims", "/v1/acknowledgements", content)
    assert answer.status_code == 201, answer.text
    report = answer.json()["report"]
    assert report["unknown"] >= 1
    assert report["matched"] == 0
    after = {one["id"]: one["state"] for one in await doors.every("claims", "/v1/claims")}
    assert after == before
    _says_nothing_of_people(office, answer.text)


async def test_a_mailbox_puts_bad_files_aside_whole_with_their_reason(office, unknown):
    """By file nobody stands at the door, so the reason lies beside the file, and no word of PHI."""
    head = unknown[: unknown.index(b"~ST*") + 1]
    bad = {
        "835_nothing_inside.x12": head,
        "835_binary_after_head.x12": head + bytes(range(256)) * 20,
        "277CA_nothing_inside.x12": head.replace(b"~GS*HP*", b"~GS*HN*"),
    }
    inbound = office.story.clinic.mailbox / "inbound"
    for name, content in bad.items():
        (inbound / f".{name}.tmp").write_bytes(content)
        (inbound / f".{name}.tmp").rename(inbound / name)
    await office.story.taken()
    failed = [one for one in (office.story.clinic.mailbox / "failed").rglob("*") if one.is_file()]
    contents = {one.read_bytes(): one for one in failed}
    assert set(bad.values()) <= set(contents)
    reasons = [one.read_text() for one in failed if one.read_bytes() not in bad.values()]
    assert len(reasons) >= len(bad)
    assert all(":" in reason for reason in reasons)
    for one in reasons:
        _says_nothing_of_people(office, one)


async def test_many_bad_files_at_once_leave_the_door_open(office, unknown):
    content = _cut(_trace("many at once", unknown))
    answers = await asyncio.gather(
        *(_upload(office, "remittance", "/v1/remittances", content) for _ in range(10))
    )
    outcomes = [one.json()["remittances"][0]["outcome"] for one in answers]
    assert sorted(outcomes) == ["held", *["known_already"] * 9]


async def _upload(office, service: str, path: str, content: bytes, media_type: str = X12):
    client = office.story.clinic.doors.clients[service]
    return await client.post(path, content=content, headers={"Content-Type": media_type})


def _says_nothing_of_people(office, text: str) -> None:
    said = text.upper()
    for sent in office.people:
        words = (sent.patient.last_name, sent.patient.first_name, sent.coverage["member_id"])
        for word in words:
            assert word.upper() not in said
        assert sent.patient.birth_on.isoformat() not in text
