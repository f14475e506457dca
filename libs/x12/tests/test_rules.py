"""The page of rules lists each rule of the code, and the names of rules are told apart."""

from cleanclaim.x12 import rules
from cleanclaim.x12.checking import rules as situations
from cleanclaim.x12.reporting import Rule

from .rules_page import PAGE, all_rules, page


def test_the_page_lists_every_rule_as_the_code_has_it():
    assert PAGE.read_text() == page()


def test_no_two_rules_share_a_name():
    named = [
        rule
        for rule in (*vars(rules).values(), *vars(situations).values())
        if isinstance(rule, Rule)
    ]
    assert len(named) + len(situations.UNKNOWN_CODES) == len(all_rules())


def test_every_rule_has_a_source_and_a_code():
    for rule in all_rules():
        assert rule.source
        assert rule.code
        assert rule.snip in {1, 2, 3, 4, 5}
