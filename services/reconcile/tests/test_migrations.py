"""The migration makes exactly the tables that the code needs, and can be undone and done again."""

from sqlalchemy.ext.asyncio import create_async_engine

from cleanclaim.chassis.db import async_url
from cleanclaim.chassis.migrations import drift, migrate
from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.reconcile.main import PARTS


async def test_the_schema_is_what_the_code_says(service: ServiceUnderTest) -> None:
    engine = create_async_engine(async_url(service.admin_url))
    async with engine.connect() as connection:
        differences = await connection.run_sync(drift, "reconcile", PARTS.metadata)
    await engine.dispose()
    assert differences == []


async def test_up_down_and_up_again(service: ServiceUnderTest) -> None:
    async def to(target: str) -> str | None:
        return await migrate(
            service="reconcile",
            metadata=PARTS.metadata,
            migrations=PARTS.migrations,
            url=service.admin_url,
            passwords={},
            append_only=PARTS.append_only,
            target=target,
        )

    assert await to("base") is None
    assert await to("head") is not None
