"""Each set has a page; its example runs, its samples exist, and the README links to it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("837p", "837i", "837d", "835", "999", "277ca", "ta1", "claim-status", "eligibility")


def the_page(name):
    return (ROOT / f"docs/{name}.md").read_text()


@pytest.mark.parametrize("name", PAGES)
def test_the_example_of_a_page_runs(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", the_page(name), re.DOTALL)
    assert blocks
    names = {}
    for block in blocks:
        exec(compile(block, f"{name}.md", "exec"), names)  # noqa: S102 (our own text)


@pytest.mark.parametrize("name", PAGES)
def test_the_samples_of_a_page_are_there(name):
    samples = re.findall(r"`(\w+\.edi)`", the_page(name))
    assert samples
    assert [sample for sample in samples if not (ROOT / "samples" / sample).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_readme_links_to_a_page(name):
    assert f"(docs/{name}.md)" in (ROOT / "README.md").read_text()
