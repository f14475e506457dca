"""The README's example does what it says."""

import doctest
from pathlib import Path


def test_the_example_of_the_readme_runs() -> None:
    readme = Path(__file__).parents[1] / "README.md"
    outcome = doctest.testfile(str(readme), module_relative=False)
    assert outcome.attempted > 0
    assert outcome.failed == 0
