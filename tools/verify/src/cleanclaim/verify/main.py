"""`cleanclaim-verify`: judges a running system; 0 all holds, 1 a breach, 2 it cannot look."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cleanclaim.verify import report
from cleanclaim.verify.invariants import INVARIANTS
from cleanclaim.verify.journal import Journal, read_journal
from cleanclaim.verify.judging import judge
from cleanclaim.verify.look import Wish
from cleanclaim.verify.places import KAFKA, SERVICES, places_in, reporter_variable
from cleanclaim.verify.verdicts import CannotLook

BROKEN, BLIND = 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run the command."""
    given = _parser().parse_args(words)
    try:
        wish = Wish(
            organization=given.organization,
            settled=given.settled,
            journal=read_journal(given.journal) if given.journal else Journal(),
        )
        verdicts = asyncio.run(judge(places_in(os.environ), wish, only=given.only))
    except CannotLook as error:
        print(f"cleanclaim-verify: cannot look: {error}", file=sys.stderr)
        return BLIND
    print(report.as_json(verdicts) if given.json else report.as_table(verdicts))
    if any(not one.holds for one in verdicts):
        print(report.breaches(verdicts), file=sys.stderr)
        return BROKEN
    return 0


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {one.id:<4} {one.title}" for one in INVARIANTS)
    parser = argparse.ArgumentParser(
        prog="cleanclaim-verify",
        description="Judge a running system by its invariants. It reads every service's database"
        "\nas its reporter role, in one read-only snapshot each, and every topic from its first"
        "\nrecord on; it writes nothing and moves no consumer.",
        epilog=f"invariants:\n{listed}\n\nsettings:\n"
        f"  {reporter_variable('<service>')}  postgresql://… of each of {', '.join(SERVICES)}\n"
        f"  {KAFKA}\n\n"
        "exit code: 0 everything holds, 1 a breach (named on stderr), 2 it cannot look\n\n"
        "examples:\n"
        '  eval "$(cleanclaim-dev env)"; cleanclaim-verify\n'
        "  cleanclaim-verify --organization <id> --only I1,I9 --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organization", type=UUID, help="judge one organization (default: all)")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")
    parser.add_argument(
        "--only", type=_ids, default=(), metavar="I1,I7", help="judge these invariants alone"
    )
    parser.add_argument(
        "--settled",
        action="store_true",
        help="nothing may be on its way: a lag or a filled outbox is a breach",
    )
    parser.add_argument(
        "--journal", type=Path, help="requests of a driver with their outcomes (JSON lines), for I5"
    )
    return parser


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one.strip().upper() for one in text.split(",") if one.strip())


if __name__ == "__main__":
    sys.exit(main())
