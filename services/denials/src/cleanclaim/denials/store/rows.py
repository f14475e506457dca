"""How a case becomes rows and rows a case again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from cleanclaim.chassis.runtime import derived_id
from cleanclaim.denials.domain.denial import Assessment, Denial
from cleanclaim.denials.domain.refusal import Adjustment, Origin, RefusedPart
from cleanclaim.denials.domain.routing import CauseFound
from cleanclaim.denials.domain.status import Status

_CAUSE = TypeAdapter(CauseFound)
_ASSESSMENT = TypeAdapter(Assessment)
_ADJUSTMENTS = TypeAdapter(tuple[Adjustment, ...])
_ORIGIN = (
    "claim_id", "claim_version", "claim_type", "claim_payment_id", "remittance_id",
    "patient_account_id", "payer_id", "payer_responsibility", "payment_sequence",
    "claim_status_code", "payer_claim_control_number", "adjudicated_on", "service_from_on",
    "service_to_on", "received_at",
)  # fmt: skip
_CAUSE_COLUMNS = ("category", "owner_queue", "owner_stage", "group_code", "reason_code")
_OWN = (
    "scope", "denied_cents", "recovered_cents", "unattributed", "because", "level", "assigned_to",
    "opened_at", "opened_on", "resolved_on", "resolved_by_payment_id", "version",
)  # fmt: skip
_PART = (
    "line_id", "whole_claim", "line_control_number", "procedure_code", "units",
    "service_from_on", "service_to_on", "charge_cents", "paid_cents", "denied_cents",
)  # fmt: skip


def denial_row(denial: Denial, *, organization_id: UUID, at: datetime) -> dict[str, Any]:
    assessment = denial.assessment
    row: dict[str, Any] = {"organization_id": organization_id, "id": denial.denial_id}
    row |= {name: getattr(denial.origin, name) for name in _ORIGIN}
    row |= {name: getattr(denial.cause, name) for name in _CAUSE_COLUMNS}
    row |= {name: getattr(denial, name) for name in _OWN}
    return row | {
        "status": denial.status.value,
        "cause": _CAUSE.dump_python(denial.cause, mode="json"),
        "assessment": _ASSESSMENT.dump_python(assessment, mode="json"),
        "action": assessment.plan.action,
        "appeal_by_on": assessment.appeal.due_on,
        "correct_by_on": assessment.correction.due_on,
        "work_by_on": assessment.work_by_on,
        "expected_recovery_cents": assessment.expected.expected_cents,
        "priority": assessment.priority,
        "changed_at": at,
    }


def line_rows(denial: Denial, *, organization_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "organization_id": organization_id,
            "id": derived_id(denial.denial_id, f"line:{position}"),
            "denial_id": denial.denial_id,
            "position": position,
            **{name: getattr(part, name) for name in _PART},
            "modifiers": list(part.modifiers),
            "remark_codes": list(part.remark_codes),
            "adjustments": _ADJUSTMENTS.dump_python(part.adjustments, mode="json"),
        }
        for position, part in enumerate(denial.parts, start=1)
    ]


def denial_of(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Denial:
    own = {name: row[name] for name in _OWN if name != "denied_cents"}
    return Denial(
        denial_id=row["id"],
        origin=Origin(**{name: row[name] for name in _ORIGIN}),
        cause=_CAUSE.validate_python(row["cause"]),
        parts=tuple(_part(line) for line in lines),
        status=Status(row["status"]),
        assessment=_ASSESSMENT.validate_python(row["assessment"]),
        **own,
    )


def _part(line: Mapping[str, Any]) -> RefusedPart:
    return RefusedPart(
        **{name: line[name] for name in _PART},
        modifiers=tuple(line["modifiers"]),
        remark_codes=tuple(line["remark_codes"]),
        adjustments=_ADJUSTMENTS.validate_python(line["adjustments"]),
    )
