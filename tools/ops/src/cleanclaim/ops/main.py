"""The command `cleanclaim-ops`: arguments in, lines and an exit code out."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from cleanclaim.ops import onboarding, parked, replaying, watching
from cleanclaim.ops.arguments import address, an_id
from cleanclaim.ops.doors import ORGANIZATION, TOKEN, TOKEN_COMMAND, Doors
from cleanclaim.ops.errors import OpsError

INTERRUPTED = 130
NOT_READ_TO_THE_END = 141
"""What a shell says of a program whose reader went away."""
ABOUT = """\
Set organizations up, watch the stream, and mend what is stuck.

Where the services are: CLEANCLAIM_<SERVICE>_URL, or --url SERVICE=URL.
Who you are:            CLEANCLAIM_TOKEN, or CLEANCLAIM_TOKEN_COMMAND, a command that prints a token
                        and takes --scope "..." and --organization ID.
On a local stack:       eval "$(cleanclaim-dev env)"
                        export CLEANCLAIM_TOKEN_COMMAND="cleanclaim-dev token"
"""
CODES = (
    "Exit codes: 0 done; 1 refused or not wholly done; 2 wrong use; 3 a service does not answer."
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes stand in its help."""
    given = parser().parse_args(words)
    doors = Doors(
        urls=dict(given.url),
        token=given.token or os.environ.get(TOKEN) or None,
        command=given.token_command or os.environ.get(TOKEN_COMMAND) or None,
    )
    try:
        return _done(doors, given)
    except OpsError as trouble:
        return _ended(str(trouble), trouble.code)
    except KeyboardInterrupt:
        return _ended("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # the reader of a pipe has seen enough; what is left must not be tried again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return NOT_READ_TO_THE_END
    except OSError as trouble:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        what = trouble.filename or "the answer cannot be written"
        return _ended(f"{what}: {trouble.strerror}", 1)
    except LookupError as trouble:
        what = f"a service's answer lacks {trouble}"
        return _ended(f"{what}; is it of another release than this command?", 1)
    finally:
        doors.close()


def _done(doors: Doors, given: argparse.Namespace) -> int:
    command: Callable[[Doors, argparse.Namespace], int] = given.command
    code = command(doors, given)
    sys.stdout.flush()
    return code


def _ended(words: str, code: int) -> int:
    print(f"cleanclaim-ops: {words}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments; the runbooks' test asks it, too."""
    whole = argparse.ArgumentParser(
        prog="cleanclaim-ops",
        description=ABOUT,
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}

    def add(
        words: str,
        command: Callable[[Doors, argparse.Namespace], int],
        text: str,
        *,
        runbook: str = "",
    ) -> argparse.ArgumentParser:
        first, _, second = words.partition(" ")
        among = commands
        if second:
            if first not in groups:
                group = commands.add_parser(first, help=GROUPS[first], description=GROUPS[first])
                groups[first] = group.add_subparsers(required=True, metavar="COMMAND")
            among = groups[first]
        one = among.add_parser(
            second or first,
            help=text,
            description=f"{text}\n\n{runbook}".strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        one.set_defaults(command=command)
        _describe_common(one)
        return one

    for commands_of in (onboarding, watching, parked, replaying):
        commands_of.describe(add)
    return whole


GROUPS = {
    "organization": "Hospitals and practices: the tenants.",
    "provider": "Billing identities of one organization.",
    "payer": "Payers of one organization.",
    "connection": "Mailboxes to clearinghouses and banks of one organization.",
    "parked": "Events that could not be applied, and the keys that they hold back.",
}


def _describe_common(one: argparse.ArgumentParser) -> None:
    common = one.add_argument_group("everywhere")
    common.add_argument("--json", action="store_true", help="one JSON document, for programs")
    common.add_argument(
        "--organization", type=an_id, default=os.environ.get(ORGANIZATION) or None, metavar="UUID",
        help=f"whose entries; {ORGANIZATION} if left out",
    )  # fmt: skip
    common.add_argument("--token", help=f"{TOKEN} if left out")
    common.add_argument("--token-command", metavar="COMMAND", help=f"{TOKEN_COMMAND} if left out")
    common.add_argument(
        "--url", action="append", type=address, default=[], metavar="SERVICE=URL",
        help="where a service is; may be given again",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
