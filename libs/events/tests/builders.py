"""Facts and envelopes with sentence-like defaults, for the tests of the contracts."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.events.catalog import entry_of, key_of
from cleanclaim.events.denials import DenialLine, DenialOpened, DenialReason
from cleanclaim.events.envelope import Envelope, Fact

_NAMES = UUID("7b0a4a52-91d7-4f0c-8f0e-3a1f6c1d2e90")


def an_id(name: str) -> UUID:
    return uuid5(_NAMES, name)


def a_denial_opened(**fields: Any) -> DenialOpened:
    defaults: dict[str, Any] = {
        "denial_id": an_id("denial"),
        "claim_id": an_id("claim"),
        "claim_version": 1,
        "claim_payment_id": an_id("claim payment"),
        "remittance_id": an_id("remittance"),
        "patient_account_id": an_id("account"),
        "payer_id": an_id("payer"),
        "payer_responsibility": "P",
        "scope": "line",
        "category": "authorization",
        "rule_id": "routing.authorization",
        "rule_version": "1",
        "owner_stage": "intake",
        "reasons": (DenialReason(group_code="CO", reason_code="197"),),
        "lines": (DenialLine(line_id=an_id("line"), denied_cents=200_00),),
        "denied_cents": 200_00,
        "adjudicated_on": date(2026, 9, 30),
    }
    return DenialOpened(**defaults | fields)


def an_envelope_for(fact: Fact, **fields: Any) -> Envelope:
    defaults: dict[str, Any] = {
        "event_id": an_id("event"),
        "event_type": entry_of(fact).type,
        "source": "/cleanclaim/denials",
        "organization_id": an_id("organization"),
        "aggregate_id": key_of(fact),
        "aggregate_version": 1,
        "occurred_at": datetime(2026, 10, 2, 11, 31, 0, 250000, tzinfo=UTC),
        "correlation_id": an_id("correlation"),
        "causation_id": an_id("cause"),
        "actor_id": "client-7",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    return Envelope(**defaults | fields)
