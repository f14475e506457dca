"""The schema: equal to the tables in the code, and able to go down and up again."""

from sqlalchemy.ext.asyncio import create_async_engine

from cleanclaim.chassis.db import async_url
from cleanclaim.chassis.migrations import drift, migrate
from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.remittance.main import PARTS


async def _drift(url: str) -> list[str]:
    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(drift, PARTS.name, PARTS.metadata)
    await engine.dispose()
    return found


async def test_the_migrated_schema_is_what_the_code_says(service: ServiceUnderTest) -> None:
    assert await _drift(service.admin_url) == []


async def test_the_schema_goes_down_and_up_again(admin_url: str) -> None:
    async with service_under_test(PARTS, admin_url=admin_url) as running:
        for target in ("base", "head"):
            await migrate(
                service=PARTS.name,
                metadata=PARTS.metadata,
                migrations=PARTS.migrations,
                url=running.admin_url,
                passwords={},
                append_only=PARTS.append_only,
                target=target,
            )
        assert await _drift(running.admin_url) == []
