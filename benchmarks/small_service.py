"""A service as small as can be: it hears payers and keeps each with one set-based upsert."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Column, Table, Text, Uuid

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.tables import service_metadata
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import PayerConfigured
from cleanclaim.events.wire import Heard

NAME = "small"
METADATA = service_metadata(NAME)
PAYERS = Table(
    "payers",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)


async def keep(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    """Keep the newest of each payer, one statement for all."""
    rows = {
        one.fact.payer_id: {
            "organization_id": work.organization_id,
            "id": one.fact.payer_id,
            "name": one.fact.versions[0].name,
            "amount_cents": one.envelope.aggregate_version,
        }
        for one in heard
    }
    await insert_rows(
        work.connection,
        PAYERS,
        list(rows.values()),
        on_conflict="(organization_id, id) DO UPDATE SET name = excluded.name,"
        " amount_cents = excluded.amount_cents",
    )


SUBSCRIPTIONS = (Subscription(model=PayerConfigured, apply=keep, kind="projector"),)


_PATTERN = PayerConfigured.model_validate_json(
    '{"payer_id":"01980000-0000-7000-8000-00000000d001","versions":[{"name":"Prairie Mutual",'
    '"effective_from_on":"2020-01-01","payer_identifier":"PMH01","claim_filing_indicator":"CI",'
    '"timely_filing_days":180,"takes_replacement":true}]}'
)


def a_payer(payer_id: UUID) -> PayerConfigured:
    """An invented payer of ordinary size."""
    return _PATTERN.model_copy(update={"payer_id": payer_id})
