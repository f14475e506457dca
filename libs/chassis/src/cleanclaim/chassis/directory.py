"""The organizations that every service keeps in a small table, so that jobs know whom to serve."""

from collections.abc import Sequence
from typing import Any

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.subscriptions import Fetched
from cleanclaim.chassis.work import Work
from cleanclaim.events.wire import Heard


async def keep_organizations(work: Work, heard: Sequence[Heard[Any]], _: Fetched) -> None:
    """Projector of OrganizationConfigured: the newest entry of each organization stands."""
    newest = {one.fact.organization_id: one for one in heard}
    rows = [
        {
            "id": one.fact.organization_id,
            "name": one.fact.name,
            "time_zone": one.fact.time_zone,
            "environment": one.fact.environment,
            "version": one.envelope.aggregate_version,
        }
        for one in newest.values()
    ]
    await insert_rows(
        work.connection,
        work.schema_tables.organizations,
        rows,
        on_conflict="(id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone,"
        " environment = excluded.environment, version = excluded.version"
        " WHERE organizations.version < excluded.version",
    )
