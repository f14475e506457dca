"""The judge of what was told finds what is not as agreed, place by place."""

import json
from uuid import UUID

import pytest

from cleanclaim.events.claims import ClaimHeld
from cleanclaim.events.examples import example_of, example_record

from ..agreed import disagreements_in


def a_row(**changes):
    """A told fact as a log holds it."""
    record, envelope = example_record(ClaimHeld), example_of(ClaimHeld).envelope
    return {
        "id": envelope.event_id,
        "organization_id": envelope.organization_id,
        "topic": record.topic,
        "aggregateid": envelope.aggregate_id,
        "aggregate_version": envelope.aggregate_version,
        "type": envelope.event_type,
        "payload": record.value.decode(),
        "headers": json.dumps({name: raw.decode() for name, raw in record.headers}),
    } | changes


def headers_without(name: str) -> str:
    headers = json.loads(a_row()["headers"])
    return json.dumps({key: text for key, text in headers.items() if key != name})


def body_with(**changes) -> str:
    return json.dumps(json.loads(a_row()["payload"]) | changes)


def test_what_is_as_agreed_passes():
    assert list(disagreements_in("claims", a_row())) == []


@pytest.mark.parametrize(
    ("service", "changes", "said"),
    [
        ("claims", {"payload": body_with(patient_name="A")}, "$: additionalProperties"),
        ("claims", {"payload": body_with(claim_type="dream")}, "$.claim_type: enum"),
        ("claims", {"type": "cleanclaim.claims.Rumour.v1"}, "is in no catalogue"),
        ("claims", {"topic": "cleanclaim.intake"}, "another topic"),
        ("denials", {}, "another teller"),
        ("claims", {"payload": body_with(claim_id=str(UUID(int=1)))}, "another key"),
        ("claims", {"aggregate_version": 9}, "header sequence differs"),
        ("claims", {"id": UUID(int=7)}, "header id differs"),
        ("claims", {"headers": headers_without("ce_type")}, "no CloudEvent: type"),
    ],
)
def test_what_is_not_as_agreed_is_found(service, changes, said):
    found = list(disagreements_in(service, a_row(**changes)))

    assert any(said in one for one in found), found
