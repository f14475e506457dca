"""The README's example runs as written."""

import doctest
from pathlib import Path


def test_the_readme_tells_the_truth():
    readme = Path(__file__).parents[1] / "README.md"
    outcome = doctest.testfile(str(readme), module_relative=False)
    assert outcome.attempted > 0
    assert outcome.failed == 0
