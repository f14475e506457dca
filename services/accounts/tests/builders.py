"""Facts as other services tell them, with defaults that read like a sentence; people are invented."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.accounts import queries
from cleanclaim.accounts.domain.chart import CHART, Account
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.claims import ClaimSubmitted, OrganizationConfigured, PayerConfigured
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_body
from cleanclaim.events.intake import EncounterReady, PatientRegistered
from cleanclaim.events.reconcile import DepositMatched, DepositRecorded, VarianceResolved
from cleanclaim.events.remittance import (
    ClaimPaymentPosted,
    ClaimPaymentReversed,
    ClaimPaymentUnmatched,
    ProviderAdjustmentPosted,
)

NAMES = UUID("01980a60-0000-7000-8000-000000000002")


def named(name: str) -> UUID:
    """The id that a name of a test stands for."""
    return uuid5(NAMES, name)


def _fact(model: type[Fact], **changes: Any) -> Any:
    body = {
        name: value for name, value in example_body(model).items() if name in model.model_fields
    }
    return model.model_validate_json(json.dumps(body | changes, default=str))


def an_organization(time_zone: str = "America/Chicago") -> OrganizationConfigured:
    return _fact(OrganizationConfigured, organization_id=ORGANIZATION, time_zone=time_zone)


def a_payer(payer: str = "X", name: str = "Prairie Mutual") -> PayerConfigured:
    body = example_body(PayerConfigured)
    versions = [version | {"name": name} for version in body["versions"]]
    return _fact(PayerConfigured, payer_id=named(payer), versions=versions)


def a_registration(account: str = "A1") -> PatientRegistered:
    return _fact(
        PatientRegistered,
        patient_id=named(f"patient of {account}"),
        patient_account_id=named(account),
    )


def a_claim(claim: str = "C1", charge_cents: int = 250_00, **changes: Any) -> ClaimSubmitted:
    """A claim of one line for a Monday in March; `payer`, `account`, `version` name others."""
    payer, account = changes.pop("payer", "X"), changes.pop("account", "A1")
    version = changes.pop("version", 1)
    line = example_body(ClaimSubmitted)["lines"][0] | {
        "line_id": named(f"{claim}.L1"),
        "charge_cents": charge_cents,
        "service_from_on": "2026-03-02",
        "service_to_on": "2026-03-02",
    }
    values = {
        "claim_id": named(claim),
        "claim_version": version,
        "encounter_id": named(f"encounter of {claim}"),
        "patient_account_id": named(account),
        "payer_id": named(payer),
        "lines": [line],
        "total_charge_cents": charge_cents,
        "service_from_on": "2026-03-02",
        "service_to_on": "2026-03-02",
    }
    return _fact(ClaimSubmitted, **(values | changes))


def a_payment(
    payment: str = "P1",
    paid_cents: int = 134_00,
    adjustments: tuple[tuple[str, str, int], ...] = (
        ("contractual", "45", 50_00),
        ("patient_share", "66", 66_00),
    ),
    **changes: Any,
) -> ClaimPaymentPosted:
    """A payer's decision on one line: adjustments are (disposition, CARC, cents)."""
    return _fact(ClaimPaymentPosted, **_decision(payment, paid_cents, adjustments, changes))


def a_reversal(
    payment: str = "P2", of: str = "P1", paid_cents: int = -134_00, **changes: Any
) -> ClaimPaymentReversed:
    """A reversal whose adjustments the payer left out: the book does not need them."""
    changes = {"trace": "T2", "claim_status_code": "22"} | changes
    values = _decision(payment, paid_cents, (), changes)
    return _fact(ClaimPaymentReversed, **values, reverses_claim_payment_id=named(of))


def _decision(
    payment: str,
    paid_cents: int,
    adjustments: tuple[tuple[str, str, int], ...],
    changes: dict[str, Any],
) -> dict[str, Any]:
    claim = changes.pop("claim", "C1")
    trace = changes.pop("trace", "T1")
    charge_cents = paid_cents + sum(cents for _, _, cents in adjustments)
    line = example_body(ClaimPaymentPosted)["lines"][0] | {
        "line_id": named(f"{claim}.L1"),
        "charge_cents": charge_cents,
        "paid_cents": paid_cents,
        "adjustments": [
            {
                "group_code": "PR" if why == "patient_share" else "CO",
                "reason_code": code,
                "amount_cents": cents,
                "disposition": why,
            }
            for why, code, cents in adjustments
        ],
    }
    values = {
        "claim_payment_id": named(payment),
        "remittance_id": named(f"R-{trace}"),
        "claim_id": named(claim),
        "patient_account_id": named(changes.pop("account", "A1")),
        "payer_id": named(changes.pop("payer", "X")),
        "trace_number": trace,
        "paid_on": "2026-03-16",
        "charge_cents": charge_cents,
        "paid_cents": paid_cents,
        "lines": [line],
    }
    return values | changes


def an_unmatched_payment(
    payment: str = "P1", paid_cents: int = 134_00, trace: str = "T1"
) -> ClaimPaymentUnmatched:
    return _fact(
        ClaimPaymentUnmatched,
        claim_payment_id=named(payment),
        remittance_id=named(f"R-{trace}"),
        payer_id=named("X"),
        trace_number=trace,
        paid_on="2026-03-16",
        paid_cents=paid_cents,
    )


def a_provider_adjustment(
    code: str = "WO", amount_cents: int = 18_00, trace: str = "T1", reference: str = "W"
) -> ProviderAdjustmentPosted:
    return _fact(
        ProviderAdjustmentPosted,
        provider_adjustment_id=named(f"{code}:{reference}:{trace}:{amount_cents}"),
        remittance_id=named(f"R-{trace}"),
        payer_id=named("X"),
        code=code,
        amount_cents=amount_cents,
        trace_number=trace,
        paid_on="2026-03-16",
        claim_id=None,
        open_item_id=named(reference),
    )


def a_deposit(deposit: str = "D1", amount_cents: int = 134_00) -> DepositRecorded:
    return _fact(
        DepositRecorded,
        deposit_id=named(deposit),
        amount_cents=amount_cents,
        deposited_on="2026-03-17",
    )


def a_match(deposit: str = "D1", amount_cents: int = 134_00, trace: str = "T1") -> DepositMatched:
    part = {
        "remittance_id": named(f"R-{trace}"),
        "payer_id": named("X"),
        "trace_number": trace,
        "amount_cents": amount_cents,
    }
    return _fact(
        DepositMatched,
        deposit_id=named(deposit),
        match_id=named(f"match of {deposit}"),
        parts=[part],
        amount_cents=amount_cents,
        deposited_on="2026-03-17",
    )


def a_variance(written_off_cents: int = -5_00, **changes: Any) -> VarianceResolved:
    values = {
        "variance_id": named("V1"),
        "payer_id": named("X"),
        "remittance_id": named("R-T1"),
        "trace_number": "T1",
        "written_off_cents": written_off_cents,
        "difference_cents": written_off_cents,
        "resolved_on": "2026-03-20",
    }
    return _fact(VarianceResolved, **(values | changes))


def a_self_pay_encounter(
    encounter: str = "E1", charge_cents: int = 90_00, version: int = 1, *, self_pay: bool = True
) -> EncounterReady:
    line = example_body(EncounterReady)["lines"][0] | {
        "charge_id": named(f"{encounter}.charge"),
        "charge_cents": charge_cents,
    }
    return _fact(
        EncounterReady,
        encounter_id=named(encounter),
        encounter_version=version,
        patient_account_id=named("A1"),
        self_pay=self_pay,
        coverages=[],
        lines=[line],
        total_charge_cents=charge_cents,
    )


async def the_book(
    service: ServiceUnderTest, organization_id: UUID = ORGANIZATION
) -> dict[str, int]:
    """What stands on each account that is not 0, in cents; also proves sub-ledgers = control."""
    async with service.workroom.reading(organization_id) as work:
        sums = await queries.account_sums(work, as_of=date(2099, 1, 1))
        for account in Account:
            if CHART[account].kept_by:
                total = await queries.control_total(work, account)
                assert total == sums.get(account, 0), account
    assert sum(sums.values()) == 0
    return {account.value: cents for account, cents in sums.items() if cents}


async def the_work(service: ServiceUnderTest) -> list[tuple[str, str, int]]:
    """Open work items as (kind, reason, cents)."""
    async with service.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.work_items
        rows = await work.connection.execute(
            table.select().where(table.c.status != "closed").order_by(table.c.kind, table.c.reason)
        )
        return [(row.kind, row.reason, row.value_cents) for row in rows]


async def the_open_traces(service: ServiceUnderTest) -> dict[str, int]:
    """What stands in cash clearing, by trace: sum of CLP04 - sum of PLB - deposits matched."""
    async with service.workroom.reading(ORGANIZATION) as work:
        rows, _ = await queries.subledger_lines(
            work, wanted=queries.LineFilter(account=Account.CASH_CLEARING), limit=500, token=None
        )
    return {row["trace_number"]: row["amount_cents"] for row in rows}


async def all_rows(service: ServiceUnderTest) -> dict[str, list[Any]]:
    """Every row of the service's own tables, in the order of their ids."""
    platform = service.workroom.tables
    shared = {getattr(platform, name).name for name in platform.__slots__}
    async with service.workroom.reading(ORGANIZATION) as work:
        return {
            table.name: list(await work.connection.execute(table.select().order_by(table.c.id)))
            for table in service.parts.metadata.sorted_tables
            if table.name not in shared
        }
