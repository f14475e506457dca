"""Words in which the journeys are told: payers, visits, and what must stand afterwards."""

import random
import shutil
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from cleanclaim.payersim.scenario import Money, Payer, Rule, Scenario
from cleanclaim.payersim.simulator import Simulator
from cleanclaim.seed.encounters import FLAWS, PRICES_CENTS, Visit
from cleanclaim.seed.people import a_person
from cleanclaim.seed.story import SERVICES, told

from ..agreed import disagreements

MONDAY = date(2026, 3, 2)
SERVED_ON = date(2026, 2, 17)
PAID_ON = date(2026, 3, 16)
PAYER = "Prairie Mutual Health"
PRAIRIE = Payer(
    name=PAYER,
    identifier="PMH01",
    originating_company_id="1990000011",
    contractual_percent=25,
)


def a_scenario(*rules: Rule, payer: Payer = PRAIRIE, money: Money | None = None) -> Scenario:
    return Scenario(payers=(payer,), rules=rules, money=money or Money())


def a_line(number: int, code: str) -> dict:
    return {
        "line_number": number,
        "procedure_code": code,
        "modifiers": [],
        "units": "1",
        "unit": "UN",
        "charge_cents": PRICES_CENTS[code],
        "service_from_on": SERVED_ON.isoformat(),
        "service_to_on": SERVED_ON.isoformat(),
        "diagnosis_pointers": [1],
    }


def a_visit(story, *codes: str, number: int = 1, flaw: str | None = None) -> Visit:
    """A visit with these procedures, clean or with one named error in its data."""
    lines = [a_line(place, code) for place, code in enumerate(codes or ("99213",), 1)]
    encounter = {
        "claim_type": "professional",
        "service_from_on": SERVED_ON.isoformat(),
        "service_to_on": SERVED_ON.isoformat(),
        "place_of_service": "11",
        "billing_provider_npi": story.clinic.staff.billing_npi,
        "rendering_provider": story.clinic.staff.physicians[0],
        "signature_on_file": True,
        "assignment_of_benefits": True,
        "release_of_information": True,
        "diagnoses": ["E11.9"],
        "lines": lines,
        "total_charge_cents": sum(line["charge_cents"] for line in lines),
    }
    coverage = {
        "order": "P",
        "member_id": f"W{number:09d}",
        "group_number": "GRP100",
        "relationship": "18",
        "claim_filing_indicator": "CI",
    }
    clean = Visit(
        external_id=f"J{number:05d}",
        payer=PAYER,
        patient=a_person(random.Random(number)),
        coverage=coverage,
        encounter=encounter,
    )
    if flaw is None:
        return clean
    spoilt_encounter, spoilt_coverage = FLAWS[flaw](dict(encounter), dict(coverage))
    return Visit(
        external_id=clean.external_id,
        payer=PAYER,
        patient=clean.patient,
        coverage=spoilt_coverage,
        encounter=spoilt_encounter,
        flaw=flaw,
        before=clean,
    )


@asynccontextmanager
async def a_story(system, scenario: Scenario, name: str):
    """A clinic's own days; when they are over, all that its services told is judged."""
    async with told(system, scenario, seed=1, name=name, begins_on=MONDAY) as story:
        yield story
    for service in SERVICES:
        _, wrong = await disagreements(system.database_url, service, story.clinic.organization_id)
        assert wrong == []


async def the_claim(story) -> dict:
    """The one claim of a story."""
    (claim,) = await story.clinic.doors.every("claims", "/v1/claims")
    return claim


async def book(story) -> dict[str, int]:
    """Every account that is not zero: debits less credits, in cents."""
    balance = await story.clinic.doors.get("accounts", "/v1/trial-balance", as_of="2026-12-31")
    net = {one["account"]: one["debit_cents"] - one["credit_cents"] for one in balance["accounts"]}
    assert sum(net.values()) == 0
    return {account: cents for account, cents in net.items() if cents}


def payer_aside(story, folder: Path, scenario: Scenario) -> Simulator:
    """The same payer with a mailbox of its own, so that a test can carry its files by hand."""
    box = folder / "payer"
    shutil.copytree(story.clinic.mailbox / "outbound", box / "outbound")
    return Simulator(
        mailbox=box,
        bank_mailbox=folder / "bank",
        scenario=scenario,
        seed=1,
        memory=folder / "memory.json",
    )


def the_835(folder: Path) -> bytes:
    (path,) = (folder / "payer" / "inbound").glob("835_*")
    return path.read_bytes()
