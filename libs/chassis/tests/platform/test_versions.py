"""The version a release needs is the one that Alembic itself would migrate to."""

from pathlib import Path

import pytest
from sqlalchemy import text

from cleanclaim.chassis.migrations import _scripts
from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.chassis.versions import current_version, versions_in

from . import toy as toys

CHECKOUT = Path(__file__).parents[4]
FOLDERS = [
    *sorted(CHECKOUT.glob("services/*/src/cleanclaim/*/migrations")),
    toys.PARTS.migrations,
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_newest_version_is_the_head_that_alembic_finds(folder: Path) -> None:
    assert versions_in(folder).newest == _scripts(folder).get_current_head()


def test_a_chain_ends_with_the_version_that_none_follows(tmp_path: Path) -> None:
    assert versions_in(tmp_path).newest is None
    (tmp_path / "one.py").write_text('revision = "one"\ndown_revision = None\n')
    (tmp_path / "two.py").write_text('revision = "two"\ndown_revision = "one"\n')
    assert versions_in(tmp_path).newest == "two"
    (tmp_path / "three.py").write_text('revision = "three"\ndown_revision = "one"\n')
    with pytest.raises(ValueError, match="several last versions: three, two"):
        versions_in(tmp_path)


@pytest.mark.parametrize(
    ("version", "behind"),
    [
        pytest.param(None, True, id="never migrated"),
        pytest.param("one", True, id="an earlier release's"),
        pytest.param("two", False, id="this release's"),
        pytest.param("nine", False, id="a later release's, whose migrations came before its code"),
    ],
)
def test_only_a_schema_that_lacks_something_is_behind(
    tmp_path: Path, version: str | None, *, behind: bool
) -> None:
    (tmp_path / "one.py").write_text('revision = "one"\ndown_revision = None\n')
    (tmp_path / "two.py").write_text('revision = "two"\ndown_revision = "one"\n')
    assert (version in versions_in(tmp_path).lacking) == behind


async def test_a_schema_says_its_version_and_a_missing_one_says_none(
    toy: ServiceUnderTest,
) -> None:
    async with toy.workroom.database.connect() as connection:
        found = await connection.run_sync(current_version, "toy")
        assert found == versions_in(toys.PARTS.migrations).newest
        assert await connection.run_sync(current_version, "nowhere") is None
        assert await connection.scalar(text("SELECT 1")) == 1
