"""The example of the README says what really comes out, and its settings are all there are."""

import doctest
from pathlib import Path

from cleanclaim.claims.settings import Settings

README = Path(__file__).parents[1] / "README.md"


def test_the_example_runs() -> None:
    outcome = doctest.testfile(str(README), module_relative=False)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_every_setting_of_our_own_is_described() -> None:
    text = README.read_text()
    own = set(Settings.model_fields) - set(Settings.__base__.model_fields)  # type: ignore[union-attr]
    assert own
    assert all(f"CLEANCLAIM_CLAIMS_{name.upper()}" in text for name in own)
