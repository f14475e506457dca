"""What intake keeps of the directory: payers' terms, and the organization it works for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.intake.domain.payer import Payer, PayerTerms
from cleanclaim.intake.store.tables import PAYERS


@dataclass(frozen=True, slots=True)
class Home:
    """The organization of a work: its environment and time zone, as far as intake has heard."""

    environment: str | None = None
    time_zone: str = "UTC"


async def home_of(work: Work) -> Home:
    """The organization of this work; unknown as long as the directory has not told of it."""
    table = work.schema_tables.organizations
    rows = await work.connection.execute(
        select(table.c.environment, table.c.time_zone).where(table.c.id == work.organization_id)
    )
    row = rows.first()
    return Home() if row is None else Home(row.environment, row.time_zone)


async def keep_payers(work: Work, payers: Sequence[tuple[Payer, int]]) -> None:
    """Keep payers with the number of the fact that told them; an older one changes nothing."""
    newest = {payer.payer_id: (payer, version) for payer, version in payers}
    rows = [
        {
            "organization_id": work.organization_id,
            "id": payer.payer_id,
            "terms": [_terms_record(terms) for terms in payer.terms],
            "version": version,
        }
        for payer, version in newest.values()
    ]
    await insert_rows(
        work.connection,
        PAYERS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET terms = excluded.terms,"
        " version = excluded.version WHERE payers.version < excluded.version",
    )


async def payers_of(work: Work, payer_ids: Iterable[UUID]) -> dict[UUID, Payer]:
    """The payers among these ids that the directory has told of."""
    wanted = set(payer_ids)
    if not wanted:
        return {}
    rows = await work.connection.execute(
        select(PAYERS.c.id, PAYERS.c.terms).where(
            PAYERS.c.organization_id == work.organization_id, PAYERS.c.id.in_(wanted)
        )
    )
    return {
        row.id: Payer(payer_id=row.id, terms=tuple(_terms_of(one) for one in row.terms))
        for row in rows
    }


def _terms_record(terms: PayerTerms) -> dict[str, Any]:
    ends = terms.effective_to_on
    return {
        "effective_from_on": terms.effective_from_on.isoformat(),
        "effective_to_on": ends.isoformat() if ends else None,
        "claim_filing_indicator": terms.claim_filing_indicator,
        "timely_filing_days": terms.timely_filing_days,
    }


def _terms_of(record: dict[str, Any]) -> PayerTerms:
    ends = record["effective_to_on"]
    return PayerTerms(
        effective_from_on=date.fromisoformat(record["effective_from_on"]),
        effective_to_on=date.fromisoformat(ends) if ends else None,
        claim_filing_indicator=record["claim_filing_indicator"],
        timely_filing_days=record["timely_filing_days"],
    )
