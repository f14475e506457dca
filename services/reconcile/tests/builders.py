"""Facts, bank files and requests as a day at an invented clinic brings them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.accounts import JournalPosted, Posting
from cleanclaim.events.claims import OrganizationConfigured, PayerConfigured
from cleanclaim.events.claims.directory import PayerVersion
from cleanclaim.events.remittance import RemittancePosted, RemittanceReceived

PRAIRIE = UUID("01980000-0000-7000-8000-00000000aa01")
HARBOR = UUID("01980000-0000-7000-8000-00000000aa02")
COMPANY = "1999999999"
MONDAY_ON = date(2026, 3, 2)
ACCOUNT_NUMBER = "0012345678"
ALL = "system/PaymentReconciliation.crus system/Task.ru cleanclaim/variance.write-off"
_NAMES = UUID("01980000-0000-7000-8000-00000000ffff")


def an_id(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(_NAMES, name)


def an_organization(time_zone: str = "America/Chicago") -> OrganizationConfigured:
    return OrganizationConfigured(
        organization_id=ORGANIZATION, name="Cottonwood Clinic", time_zone=time_zone,
        environment="test",
    )  # fmt: skip


def a_payer(
    payer_id: UUID = PRAIRIE, name: str = "Prairie Mutual", company: str = COMPANY
) -> PayerConfigured:
    version = PayerVersion(
        effective_from_on=date(2020, 1, 1),
        name=name,
        payer_identifier="PMH01",
        originating_company_ids=(company,),
        claim_filing_indicator="CI",
        timely_filing_days=180,
        takes_replacement=True,
    )
    return PayerConfigured(payer_id=payer_id, versions=(version,))


def a_remittance(name: str = "one", **changes: Any) -> RemittanceReceived:
    cents = changes.get("payment_cents", 150_00)
    fields: dict[str, Any] = {
        "remittance_id": an_id(name),
        "payer_id": PRAIRIE,
        "payment_method": "ACH",
        "trace_number": f"EFT{name.upper()}",
        "originating_company_id": COMPANY,
        "paid_on": MONDAY_ON,
        "payment_cents": cents,
        "claim_count": 1,
        "total_charge_cents": cents,
        "total_paid_cents": cents,
        "total_patient_responsibility_cents": 0,
        "source": "mailbox",
        "balanced": True,
    }
    return RemittanceReceived(**fields | changes)


def posted(remittance: RemittanceReceived, **changes: Any) -> RemittancePosted:
    fields: dict[str, Any] = {
        name: getattr(remittance, name)
        for name in (
            "remittance_id", "payer_id", "payment_method", "trace_number",
            "originating_company_id", "paid_on", "payment_cents", "total_paid_cents",
        )
    } | {
        "posted_count": 0,
        "posted_paid_cents": 0,
        "reversed_count": 0,
        "reversed_paid_cents": 0,
        "unmatched_count": 1,
        "unmatched_paid_cents": remittance.payment_cents,
        "provider_adjustment_count": 0,
        "provider_adjustment_cents": 0,
    }  # fmt: skip
    return RemittancePosted(**fields | changes)


def booked(
    remittance: RemittanceReceived, *, cents: int | None = None, cause: str = "payment"
) -> JournalPosted:
    """The book's entry on cash clearing: paid, banked or written off."""
    types = {
        "payment": "cleanclaim.remittance.ClaimPaymentUnmatched.v1",
        "match": "cleanclaim.reconcile.DepositMatched.v1",
        "write_off": "cleanclaim.reconcile.VarianceResolved.v1",
    }
    amount = remittance.payment_cents if cents is None else cents
    entry_id = uuid5(remittance.remittance_id, f"{cause}:{amount}")
    return JournalPosted(
        entry_id=entry_id,
        subject_id=remittance.remittance_id,
        cause_event_id=uuid5(entry_id, "cause"),
        cause_event_type=types[cause],
        effective_on=remittance.paid_on,
        remittance_id=remittance.remittance_id,
        postings=(
            Posting(
                account="cash_clearing",
                amount_cents=amount,
                payer_id=remittance.payer_id,
                trace_number=remittance.trace_number,
            ),
            Posting(account="unapplied_insurance_cash", amount_cents=-amount),
        ),
    )


def trn(trace: str, company: str = COMPANY) -> str:
    return f"TRN*1*{trace}*{company}\\"


def a_credit(
    cents: int = 150_00,
    text: str = "",
    *,
    code: str = "165",
    reference: str = "",
    customer: str = "",
) -> list[str]:
    """One detail record with its text, continued where the text has several lines."""
    first, *rest = (text or "DEPOSIT").split("\n")
    return [f"16,{code},{cents},Z,{reference},{customer},{first}", *(f"88,{line}" for line in rest)]


def a_bank_file(
    *details: list[str],
    on: date = MONDAY_ON,
    account: str = ACCOUNT_NUMBER,
    balance_cents: int = 1_000_000,
    file_id: str = "1",
) -> bytes:
    """A BAI2 file of one account whose totals and counts are right."""
    lines = [line for detail in details for line in detail]
    amounts = [int(line.split(",")[2]) for line in lines if line.startswith("16,")]
    total = balance_cents + sum(amounts)
    records = [
        f"01,COTTONWD,CLINIC,{on:%y%m%d},0600,{file_id},80,,2/",
        f"02,CLINIC,COTTONWD,1,{on:%y%m%d},2400,USD,2/",
        f"03,{account},USD,015,{balance_cents},,/",
        *lines,
        f"49,{total},{len(lines) + 2}/",
        f"98,{total},1,{len(lines) + 4}/",
        f"99,{total},1,{len(lines) + 6}/",
    ]
    return "\n".join([*records, ""]).encode()


async def an_account(service: ServiceUnderTest, number: str = ACCOUNT_NUMBER) -> str:
    """A bank account added through the API; its id."""
    body = {"name": "Receipts", "bank_name": "Cottonwood Bank", "account_number": number}
    async with service.client(ALL) as client:
        answer = await client.post("/v1/bank-accounts", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def send(service: ServiceUnderTest, content: bytes) -> Any:
    """Send a bank's file through the API; the answer."""
    async with service.client(ALL) as client:
        return await client.post(
            "/v1/bank-statements", content=content, headers={"Content-Type": "text/plain"}
        )


async def read(service: ServiceUnderTest, path: str) -> Any:
    async with service.client(ALL) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()
