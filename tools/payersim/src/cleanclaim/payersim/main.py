"""`cleanclaim-payersim`: answers what lies in a mailbox, and pays what is due by a virtual day."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cleanclaim.payersim.scenario import ScenarioUnreadable, read_scenario
from cleanclaim.payersim.simulator import Simulator


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 2 where scenario or folder is unusable."""
    given = _parser().parse_args(words)
    try:
        scenario = read_scenario(given.scenario)
    except (OSError, ScenarioUnreadable) as error:
        print(f"cleanclaim-payersim: {error}", file=sys.stderr)
        return 2
    if not given.mailbox.is_dir():
        print(f"cleanclaim-payersim: no folder {given.mailbox}", file=sys.stderr)
        return 2
    simulator = Simulator(
        mailbox=given.mailbox,
        bank_mailbox=given.bank_mailbox or given.mailbox,
        scenario=scenario,
        seed=given.seed,
        memory=given.memory or given.mailbox / ".payersim.json",
    )
    for name in simulator.answer_outbound(today=given.today):
        print(f"answered with {name}")
    for name in simulator.pay_until(today=given.today):
        print(f"paid with {name}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleanclaim-payersim",
        description="A deterministic clearinghouse, payer and bank behind real files. Reads new"
        " 837 files in MAILBOX/outbound, writes 999 and 277CA, then every 835 and BAI2 statement"
        " that is due by TODAY, into the inbound folders.",
    )
    parser.add_argument("--mailbox", type=Path, required=True, help="the connection's folder")
    parser.add_argument("--bank-mailbox", type=Path, help="where statements go (default: MAILBOX)")
    parser.add_argument("--scenario", type=Path, required=True, help="TOML: payers, rules, money")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="a virtual day")
    parser.add_argument("--memory", type=Path, help="what it remembers (default: in MAILBOX)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
