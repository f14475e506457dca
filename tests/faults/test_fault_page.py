"""The page on faults names tests that are there for each fault and each invariant."""

import re
from pathlib import Path

from cleanclaim.devstack.places import checkout
from cleanclaim.verify.invariants import INVARIANTS

PAGE = checkout() / "docs/faults.md"
NAMED = re.compile(r"`((?:tests|tools|libs|deploy)/\S+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?P<ids>[FI]\d+(?:, [FI]\d+)*) \|.*\| (?P<proof>[^|]+) \|$", re.MULTILINE)
FAULTS = {f"F{number}" for number in range(1, 25)}
INVARIANTS_TOLD = {f"I{number}" for number in range(1, 16)}
OF_ALL_TESTS = "every fault test, in `healed`"


def test_every_test_that_the_page_names_is_there():
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))

    gone = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (checkout() / path).read_text(encoding="utf-8")
    ]
    assert gone == []
    assert len(named) > 20


def test_each_fault_and_each_invariant_stands_on_the_page_once_with_its_test():
    rows = [
        (one, match["proof"])
        for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))
        for one in match["ids"].split(", ")
    ]

    assert sorted(one for one, _ in rows) == sorted(FAULTS | INVARIANTS_TOLD)
    assert {one.id for one in INVARIANTS} <= INVARIANTS_TOLD
    shown = re.compile(rf"^the same\b|{re.escape(OF_ALL_TESTS)}|{NAMED.pattern}")
    assert [one for one, proof in rows if not shown.search(proof)] == []


def test_each_test_of_a_fault_is_named_by_the_page():
    """A fault test that no row claims would be a promise that nobody knows of."""
    page = PAGE.read_text(encoding="utf-8")
    tests = {
        f"tests/faults/{path.name}::{name}"
        for path in Path(__file__).parent.glob("test_*.py")
        if path != Path(__file__)
        for name in re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }

    assert sorted(one for one in tests if one not in page) == []
