"""Writes docs/rules.md, the list of all rules; run it when a rule comes or changes."""

from pathlib import Path

from cleanclaim.x12 import rules
from cleanclaim.x12.checking import rules as situations
from cleanclaim.x12.reporting import Rule

PAGE = Path(__file__).parent.parent / "docs/rules.md"
CODE_LISTS = {
    "interchange": "TA105",
    "group": "AK905",
    "set": "IK502",
    "segment": "IK304",
    "element": "IK403",
}
HEAD = """# The rules

Every finding names its rule. This page is written by `tests/rules_page.py` from
`cleanclaim.x12.rules` and `cleanclaim.x12.checking.rules`, and a test holds it to them. The acknowledgement code is from the list named
before it (TA1: TA105; 999: AK905, IK502, IK304, IK403). SNIP types are those of WEDI: 1 syntax, 2 the
guide, 3 balancing, 4 what the guide asks for or forbids in a situation, 5 codes of lists that others
keep; 4 and 5 are off unless you hand in `Checks` or use `check --snip`. What a finding says of its place and of the fix stands in its message.

| rule | SNIP | severity | acknowledged with | source |
| --- | ---: | --- | --- | --- |
"""


def all_rules() -> list[Rule]:
    named = [*vars(rules).values(), *vars(situations).values(), *situations.UNKNOWN_CODES.values()]
    found = {rule.name: rule for rule in named if isinstance(rule, Rule)}
    return sorted(found.values(), key=lambda rule: (rule.snip, rule.name))


def page() -> str:
    rows = [
        f"| `{rule.name}` | {rule.snip} | {rule.severity} | {CODE_LISTS[rule.level]} {rule.code} |"
        f" {rule.source} |"
        for rule in all_rules()
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
