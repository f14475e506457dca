"""What the simulated payers do, read from a TOML file: terms by payer, rules tried in order."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ScenarioUnreadable(ValueError):  # noqa: N818 - says what is wrong
    """The scenario names an unknown field or leaves one out; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A simulated payer: how it is named, when it pays and what it allows."""

    name: str
    identifier: str
    originating_company_id: str
    pays_after_days: int = 14
    contractual_percent: int = 25
    coinsurance_percent: int = 0
    copay_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What happens to the claims it fits: the first rule that fits decides.

    `share` takes that part (in thousandths) of the fitting claims, by a hash of the claim's own
    content, so that the choice is the same whatever order claims come in.
    """

    name: str
    outcome: str
    payer: str | None = None
    procedure: str | None = None
    share: int = 1000
    group: str = "CO"
    reason: str = ""
    remarks: tuple[str, ...] = ()
    lines: str = "all"
    category: str = "A7"
    status: str = "562"
    later_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What goes wrong between remittance and bank, by payer identifier."""

    short_cents: dict[str, int] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    payers: tuple[Payer, ...]
    rules: tuple[Rule, ...]
    money: Money

    def payer(self, identifier: str) -> Payer | None:
        return next((one for one in self.payers if one.identifier == identifier), None)


OUTCOMES = frozenset({"pay", "deny", "reject_277ca", "reject_999", "ignore"})


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioUnreadable: a field is unknown, missing or of the wrong kind.
    """
    content = tomllib.loads(path.read_text())
    try:
        rules = tuple(_rule(one) for one in content.get("rules", []))
        return Scenario(
            payers=tuple(Payer(**one) for one in content["payers"]),
            rules=rules,
            money=_money(content.get("money", {})),
        )
    except (TypeError, KeyError, ValueError) as error:
        raise ScenarioUnreadable(f"{path.name}: {error}") from None


def _rule(entry: dict[str, Any]) -> Rule:
    if entry.get("outcome") not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(sorted(OUTCOMES))}")
    return Rule(**(entry | {"remarks": tuple(entry.get("remarks", ()))}))


def _money(entry: dict[str, Any]) -> Money:
    return Money(
        short_cents=dict(entry.get("short_cents", {})),
        omitted=frozenset(entry.get("omitted", ())),
    )
