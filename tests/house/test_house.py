"""The style that a machine can hold, over every Python file; and that each rule can fail."""

import pytest

from .rules import RULES, Rule
from .source import ROOT, Source, python_sources, tracked

_BY_NAME = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name.replace(" ", "-"))


@_BY_NAME
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    offences = [line for source in python_sources() for line in rule.offences(source)]

    assert not offences, "\n" + "\n".join(offences)


@_BY_NAME
def test_the_rule_finds_its_bad_example(rule: Rule) -> None:
    assert rule.offences(Source(path=rule.bad_path, text=rule.bad))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/claims/src/cleanclaim/claims/utils.py", "x = 1\n"),
        ("services/claims/src/cleanclaim/claims/common/__init__.py", "x = 1\n"),
        ("services/claims/src/cleanclaim/claims/store.py", "class ClaimData:\n    x = 1\n"),
        ("services/claims/src/cleanclaim/claims/api.py", "import random\n"),
        ("libs/chassis/src/cleanclaim/chassis/outbox.py", "import uuid\nx = uuid.uuid4()\n"),
        ("services/claims/src/cleanclaim/claims/jobs.py", "from time import time\nx = time()\n"),
        ("libs/x12/tests/test_sets.py", "def test_1():\n    assert True\n"),
        ("libs/x12/tests/test_sets.py", "def test_it_stops_here():\n    pytest.skip()\n"),
    ],
)
def test_what_is_forbidden_fails_some_rule(path: str, text: str) -> None:
    assert [line for rule in RULES for line in rule.offences(Source(path=path, text=text))]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("libs/chassis/src/cleanclaim/chassis/runtime.py", "import uuid\nx = uuid.uuid4()\n"),
        ("services/claims/tests/test_store.py", "from datetime import date\nx = date.today()\n"),
        ("tools/devstack/src/cleanclaim/devstack/stack.py", "import time\nx = time.time()\n"),
        ("libs/x12/tests/test_sets.py", "def test_it_reads_an_835():\n    assert True\n"),
        ("services/claims/tests/test_api.py", "def test_a_b_c():\n    expect_refusal(1)\n"),
        ("services/claims/src/cleanclaim/claims/commands.py", "database = process_id = 1\n"),
        ("services/claims/src/cleanclaim/claims/store.py", "async def load(work, claim_id): 1\n"),
    ],
)
def test_what_is_allowed_passes_every_rule(path: str, text: str) -> None:
    assert [line for rule in RULES for line in rule.offences(Source(path=path, text=text))] == []


def test_the_namespace_stays_open() -> None:
    closed = [path for path in tracked() if path.endswith("src/cleanclaim/__init__.py")]

    assert not closed, f"cleanclaim is a namespace of many packages; remove {closed}"


def test_every_rule_is_told_in_the_style_guide() -> None:
    guide = (ROOT / "docs/style.md").read_text(encoding="utf-8")
    missing = [rule.name for rule in RULES if rule.name not in guide]

    assert not missing, f"docs/style.md does not name these rules: {missing}"
