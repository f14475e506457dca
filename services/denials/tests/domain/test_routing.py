"""Rules 5, 10, 13 and 14: category, owner and the rule that chose them."""

from dataclasses import replace

import pytest

from cleanclaim.codes.vocabulary import WorkQueue
from cleanclaim.denials.domain.routing import effect_of, find_cause, forwarded, stage_of

from .builders import a_part, an_adjustment

CASES = {
    "a reason speaks for itself": (
        ("CO-197", "denied"), (), ("authorization", "authorization", "intake", "routing.reason"),
    ),
    "a remark gives the owner and not the category of a telling reason": (
        ("CO-197", "denied"), ("N290",),
        ("authorization", "billing", "claims", "routing.reason"),
    ),
    "a remark refines a general reason": (
        ("CO-16", "denied"), ("M62",),
        ("authorization", "authorization", "intake", "routing.refined_by_remark"),
    ),
    "the remark that names a field goes before one of the whole claim": (
        ("CO-16", "denied"), ("MA130", "N290"),
        ("provider_enrollment", "billing", "claims", "routing.refined_by_remark"),
    ),
    "a general reason without a remark stays general": (
        ("CO-16", "denied"), (), ("billing_data", "billing", "claims", "routing.reason"),
    ),
    "a remark that the table does not hold decides nothing": (
        ("CO-16", "denied"), ("N9999",), ("billing_data", "billing", "claims", "routing.reason"),
    ),
    "a contractual code that took the whole charge is the payer's error": (
        ("CO-45", "denied"), (),
        ("payer_processing", "denials", "denials", "routing.contractual_in_disguise"),
    ),
    "a payer without contract": (
        ("PI-45", "payer_initiated"), (),
        ("contractual", "contracting", "reconcile", "routing.payer_initiated"),
    ),
    "property and casualty has its own queue": (
        ("CO-P4", "denied"), (),
        ("payer_processing", "workers_compensation", "denials", "routing.property_and_casualty"),
    ),
    "an unknown code goes to a person": (
        ("CO-9Z9", "denied"), (),
        ("payer_processing", "denials", "denials", "routing.unlisted_reason"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("told", "remarks", "expected"), CASES.values(), ids=CASES)
def test_the_cause_of_a_refused_part(
    told: tuple[str, str], remarks: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    pair, disposition = told
    part = a_part(an_adjustment(pair, 200_00, disposition), remark_codes=remarks)
    cause = find_cause(part=part)
    found = (cause.category, cause.owner_queue, cause.owner_stage, cause.rule_id)
    assert found == expected
    assert cause.unlisted is (pair == "CO-9Z9")


def test_the_inputs_that_decided_are_kept() -> None:
    part = a_part(
        an_adjustment("CO-16", 150_00), an_adjustment("CO-29", 50_00), remark_codes=("M62",)
    )
    inputs = find_cause(part=part).inputs
    assert inputs["reason_code"] == "16"
    assert inputs["remark_codes"] == ["M62"]
    assert inputs["other_reasons"] == ["CO-29"]
    assert inputs["amount_cents"] == 150_00


@pytest.mark.parametrize(
    ("pair", "modifiers", "on_file"),
    [
        ("CO-50", ("GA",), True),
        ("CO-50", ("GZ",), False),
        ("CO-50", (), False),
        ("CO-197", ("GA",), False),
    ],
)
def test_a_signed_notice_counts_for_medical_necessity_alone(
    pair: str, modifiers: tuple[str, ...], *, on_file: bool
) -> None:
    part = a_part(an_adjustment(pair), modifiers=modifiers)
    assert find_cause(part=part).notice_on_file is on_file


def test_parts_of_one_cause_share_a_key_and_a_notice_parts_them() -> None:
    necessity = a_part(an_adjustment("CO-50"))
    same = replace(necessity, procedure_code="99213")
    noticed = replace(necessity, modifiers=("GA",))
    assert find_cause(part=necessity).key == find_cause(part=same).key
    assert find_cause(part=necessity).key != find_cause(part=noticed).key


@pytest.mark.parametrize(
    ("remarks", "effect"),
    [
        (("MA130",), "unprocessable"),
        (("N142",), "unprocessable"),
        (("N380",), "replacement_wanted"),
        (("N152",), "replacement_wanted"),
        (("N380", "MA130"), "unprocessable"),
        (("N781",), "no_patient_share"),
        (("MA18",), None),
        ((), None),
    ],
)
def test_what_remarks_say_of_the_claim_as_a_whole(
    remarks: tuple[str, ...], effect: str | None
) -> None:
    assert effect_of(remark_codes=remarks) == effect


@pytest.mark.parametrize(
    ("status", "remarks", "sent_on"),
    [("19", (), True), ("20", (), True), ("21", (), True), ("1", ("MA18",), True),
     ("1", ("MA07",), True), ("1", (), False), ("4", ("M62",), False)],
)  # fmt: skip
def test_whether_the_payer_sent_the_claim_on(
    status: str, remarks: tuple[str, ...], *, sent_on: bool
) -> None:
    assert forwarded(claim_status_code=status, remark_codes=remarks) is sent_on


def test_every_queue_has_a_stage() -> None:
    stages = {stage_of(queue=queue) for queue in WorkQueue}
    assert stages == {"intake", "claims", "remittance", "reconcile", "accounts", "denials"}
