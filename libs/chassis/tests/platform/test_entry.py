"""A service's own command ends with a sentence and a code, whatever is away."""

from pathlib import Path

import pytest

from cleanclaim.chassis.entry import run

from . import toy as toys

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings that name a database which nobody serves."""
    key = tmp_path / "key"
    key.write_bytes(bytes(32))
    monkeypatch.setenv("CLEANCLAIM_VAULT_KEY", str(key))
    monkeypatch.setenv("CLEANCLAIM_TOY_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("words", [["ls"], ["retry", "7"], ["skip", "7", "--because", "a test"]])
def test_a_database_that_is_away_is_named_without_a_stack_trace(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(toys.PARTS, ["parked", NOBODY, *words]) == 3
    assert "toy: a database or partner that this needs does not answer" in capsys.readouterr().err


def test_settings_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CLEANCLAIM_TOY_DATABASE_URL", raising=False)
    assert run(toys.PARTS, ["parked", NOBODY, "ls"]) == 2
    assert "toy: settings missing or wrong: " in capsys.readouterr().err
