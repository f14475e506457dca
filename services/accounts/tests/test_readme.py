"""The example of the README is true."""

import doctest
from pathlib import Path


def test_the_readmes_example_says_what_it_prints() -> None:
    readme = Path(__file__).parents[1] / "README.md"
    outcome = doctest.testfile(str(readme), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 0
    assert outcome.failed == 0
