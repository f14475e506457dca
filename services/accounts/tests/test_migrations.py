"""The migration makes exactly the tables that the code needs, and can be undone and done again."""

from cleanclaim.chassis.testing import ServiceUnderTest


async def test_the_schema_is_what_the_code_says(service: ServiceUnderTest) -> None:
    assert await service.drift() == []


async def test_up_down_and_up_again(service: ServiceUnderTest) -> None:
    assert await service.migrate_to("base") is None
    assert await service.migrate_to("head") is not None
