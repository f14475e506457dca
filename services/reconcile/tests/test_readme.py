"""The README's example runs, and its table of facts is the catalogue's."""

import re
from pathlib import Path

from cleanclaim.events.catalog import heard_by, told_by

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_example_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102
    assert "trace" in names


def test_the_facts_are_the_catalogue_s() -> None:
    for row, entries in (("hears", heard_by("reconcile")), ("tells", told_by("reconcile"))):
        (listed,) = re.findall(rf"^\| {row} \| (.*) \|$", README, re.MULTILINE)
        assert sorted(listed.split(", ")) == sorted(entry.name for entry in entries)
