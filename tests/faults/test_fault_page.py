"""The page on faults names tests that are there, and every invariant that the verifier judges."""

import re

from cleanclaim.devstack.places import checkout
from cleanclaim.verify.invariants import INVARIANTS

PAGE = checkout() / "docs/faults.md"
NAMED = re.compile(r"`((?:tests|tools)/\S+\.py)::(\w+)`")


def test_every_test_that_the_page_names_is_there():
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))

    gone = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (checkout() / path).read_text(encoding="utf-8")
    ]
    assert gone == []
    assert len(named) > 20


def test_every_invariant_that_is_judged_stands_on_the_page():
    page = PAGE.read_text(encoding="utf-8")

    assert [one.id for one in INVARIANTS if f"| {one.id} |" not in page] == []
