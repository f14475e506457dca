"""Everything that may be wrong on the stream has one named outcome; the page of them is held here."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.batch import MOST_VALUE_BYTES
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.parking import parked_events, skip_event
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.chassis.work import NO_ORGANIZATION

from . import toy as toys
from .test_hearing import _names, _Stream

PAYER = UUID("01980000-0000-7000-8000-00000000d001")
OTHER = UUID("01980000-0000-7000-8000-00000000d002")
PAGE = Path(__file__).parents[4] / "docs" / "guides" / "bad-input-on-the-stream.md"


def _body(record: Incoming, **changes: Any) -> bytes:
    return json.dumps(json.loads(record.value or b"{}") | changes).encode()


def _headers(record: Incoming, **changes: bytes | None) -> dict[str, bytes]:
    changed = record.headers | changes
    return {name: value for name, value in changed.items() if value is not None}


def _event_type(record: Incoming, name: str) -> dict[str, Any]:
    return {"headers": _headers(record, ce_type=name.encode())}


Spoil = Callable[[Incoming], dict[str, Any]]
YEARS_OFF = "2091-03-02T14:00:00Z"

PARKED: dict[str, tuple[Spoil, str]] = {
    "bytes that are not JSON": (lambda _: {"value": b"\xff\xfe{"}, "json_invalid"),
    "JSON that breaks the schema": (
        lambda one: {"value": _body(one, versions="secret-4711")}, "versions: tuple_type",
    ),
    "a value above 1 MiB": (
        lambda one: {"value": _body(one, padding="x" * 10_000_000)},
        f"the value is larger than {MOST_VALUE_BYTES:,} bytes",
    ),
    "no type": (lambda one: {"headers": _headers(one, ce_type=None)}, "header ce_type is missing"),
    "a missing header": (
        lambda one: {"headers": _headers(one, ce_subject=None)}, "header ce_subject is missing",
    ),
    "no headers at all": (lambda _: {"headers": {}}, "header ce_type is missing"),
    "a malformed header": (
        lambda one: {"headers": _headers(one, ce_sequence=b"many")}, "header is malformed",
    ),
    "a header with a NUL": (
        lambda one: {"headers": _headers(one, ce_id=b"4711\x00")}, "header is malformed",
    ),
    "a key that is not the subject": (lambda _: {"key": b"another"}, "key differs"),
    "no key": (lambda _: {"key": b""}, "key differs"),
    "a body of another organization than its headers": (
        lambda one: {"value": _body(one, organization_id=str(OTHER_ORGANIZATION))},
        "the body's organization_id differs",
    ),
}  # fmt: skip
SKIPPED: dict[str, tuple[Spoil, str]] = {
    "a null value (tombstone)": (lambda _: {"value": None}, "tombstone"),
    "an unknown type": (lambda one: _event_type(one, "cleanclaim.claims.New.v1"), "unknown_type"),
    "an unknown major of a known type": (
        lambda one: _event_type(one, "cleanclaim.claims.PayerConfigured.v9"), "unknown_major",
    ),
}  # fmt: skip
APPLIED: dict[str, Spoil] = {
    "a future minor with unknown fields": lambda one: {
        "value": _body(one, schema_version="1.99", invented_later={"deep": [1]}),
        "headers": _headers(one, ce_dataschema=b"urn:cleanclaim:schema:x:1.99"),
    },
    "a clock years off": lambda one: {
        "value": _body(one, occurred_at=YEARS_OFF),
        "headers": _headers(one, ce_time=YEARS_OFF.encode()),
    },
    "a header without a value": lambda one: {"headers": _headers(one, ce_extra=b"")},
}


async def _hear_spoilt(toy: ServiceUnderTest, spoil: Spoil) -> _Stream:
    """A good event, the same one spoilt in between, and another key's good one, as one batch."""
    stream = _Stream(toy)
    record = stream.record(toys.a_payer(PAYER, "Spoilt"))
    spoilt = Incoming(
        **({name: getattr(record, name) for name in record.__slots__} | spoil(record))
    )
    await stream.hear(spoilt, stream.record(toys.a_payer(OTHER, "Fine")))
    return stream


@pytest.mark.parametrize("case", PARKED)
async def test_what_is_broken_is_parked_with_place_and_rule_and_no_value(
    toy: ServiceUnderTest, case: str
) -> None:
    spoil, reason = PARKED[case]
    await _hear_spoilt(toy, spoil)
    parked = [
        event
        for organization_id in (ORGANIZATION, NO_ORGANIZATION)
        for event in await parked_events(toy.workroom, organization_id)
    ]
    assert len(parked) == 1
    assert reason in parked[0].reason
    assert "4711" not in parked[0].reason
    assert await _names(toy) == {OTHER: "Fine"}


@pytest.mark.parametrize("case", SKIPPED)
async def test_what_is_not_for_this_release_is_passed_over_and_counted(
    toy: ServiceUnderTest, case: str
) -> None:
    spoil, outcome = SKIPPED[case]
    counter = telemetry.metrics.events_skipped.labels("toy", "cleanclaim.directory", outcome)
    before = counter._value.get()
    await _hear_spoilt(toy, spoil)
    assert counter._value.get() == before + 1
    for organization_id in (ORGANIZATION, NO_ORGANIZATION):
        assert await parked_events(toy.workroom, organization_id) == []
    assert await _names(toy) == {OTHER: "Fine"}


async def test_a_broken_record_that_this_service_does_not_hear_is_none_of_its_business(
    toy: ServiceUnderTest,
) -> None:
    unheard = {"ce_type": b"cleanclaim.claims.ProviderConfigured.v1"}
    await _hear_spoilt(toy, lambda one: {"value": b"{", "headers": one.headers | unheard})
    for organization_id in (ORGANIZATION, NO_ORGANIZATION):
        assert await parked_events(toy.workroom, organization_id) == []
    assert await _names(toy) == {OTHER: "Fine"}


@pytest.mark.parametrize("case", APPLIED)
async def test_what_is_only_strange_is_applied(toy: ServiceUnderTest, case: str) -> None:
    await _hear_spoilt(toy, APPLIED[case])
    assert await _names(toy) == {PAYER: "Spoilt", OTHER: "Fine"}


async def test_order_is_by_place_in_the_stream_however_wrong_the_clocks_are(
    toy: ServiceUnderTest,
) -> None:
    stream = _Stream(toy)
    toy.runtime.instant = datetime(2091, 1, 1, tzinfo=UTC)
    first = stream.record(toys.a_payer(PAYER, "First"))
    toy.runtime.instant = datetime(1991, 1, 1, tzinfo=UTC)
    second = stream.record(toys.a_payer(PAYER, "Second"))
    toy.runtime.instant = datetime(2026, 3, 2, 14, tzinfo=UTC)
    await stream.hear(first, second)
    assert await _names(toy) == {PAYER: "Second"}


async def test_an_event_of_another_organization_touches_only_that_ones_rows(
    toy: ServiceUnderTest,
) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Ours")),
        stream.record(toys.a_payer(PAYER, "Theirs"), OTHER_ORGANIZATION),
    )
    assert await _names(toy) == {PAYER: "Ours"}
    assert await _names(toy, OTHER_ORGANIZATION) == {PAYER: "Theirs"}


async def test_a_value_that_the_driver_cannot_encode_parks_its_event_and_never_blocks(
    toy: ServiceUnderTest,
) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Beyond")), stream.record(toys.a_payer(OTHER, "Fine"))
    )
    (parked,) = await parked_events(toy.workroom, ORGANIZATION)
    assert parked.reason.startswith("failed: ")
    assert await _names(toy) == {OTHER: "Fine"}


async def test_an_unreadable_event_that_people_skipped_holds_nothing_back_when_it_comes_again(
    toy: ServiceUnderTest,
) -> None:
    stream = _Stream(toy)
    broken = stream.record(toys.a_payer(PAYER), value=b"{}")
    await stream.hear(broken)
    (parked,) = await parked_events(toy.workroom, ORGANIZATION)
    await skip_event(toy.workroom, ORGANIZATION, parked.id, by=toys.OPERATOR, because="a test")
    await stream.hear(broken, stream.record(toys.a_payer(PAYER, "Next")))
    assert await parked_events(toy.workroom, ORGANIZATION) == []
    assert await _names(toy) == {PAYER: "Next"}


def test_the_page_names_every_case_with_its_outcome() -> None:
    outcomes = dict.fromkeys(PARKED, "parked") | dict.fromkeys(SKIPPED, "passed over")
    outcomes |= dict.fromkeys(APPLIED, "applied")
    outcomes |= {
        "an event of another organization": "applied",
        "a value that the database cannot hold": "parked",
        "a broken record of a type that is not heard here": "passed over",
    }
    told = dict(re.findall(r"^\| ([^|]+?) \| \*\*([^*]+)\*\*", PAGE.read_text(), re.MULTILINE))
    assert told == outcomes
