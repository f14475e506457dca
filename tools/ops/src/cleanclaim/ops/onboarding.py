"""The commands organization, provider, payer and connection: arguments in, entries out."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cleanclaim.ops import directory
from cleanclaim.ops.directory import CONNECTION, PAYER, PROVIDER, Kind
from cleanclaim.ops.doors import Doors
from cleanclaim.ops.errors import OpsError, WrongUseError
from cleanclaim.ops.payer_lists import SINCE, payers_in
from cleanclaim.ops.tables import show

Command = Callable[[Doors, argparse.Namespace], int]
_COLUMNS = {
    "organization": ("id", "name", "time_zone", "environment"),
    "provider": ("id", "npi", "name", "taxonomy_code", "version"),
    "payer": ("id", "payer_identifier", "name", "timely_filing_days", "version"),
    "connection": ("id", "name", "purpose", "usage", "receiver_name", "version"),
}
GUIDE = "Step by step: docs/guides/first-claim.md"
AGAIN = """\
Prints its id. What is there already with this content is left as it is; with other content it is
refused with the fields that differ, unless --replace is given."""
ORGANIZATION_ADD = f"""\
Sets a tenant up: from now on tokens may name it. Prints its id, which every other command takes as
--organization. The same name again with the same content changes nothing. The time zone decides
which day a thing happened on and cannot be changed later.

  cleanclaim-ops organization add "Willow Creek" --time-zone America/Chicago --environment test

{GUIDE}"""
PROVIDER_ADD = f"""\
Adds who bills: name, NPI and tax number stand on every claim.
{AGAIN}
A social security number is given by standard input (--tin -), so that no shell remembers it.

  cleanclaim-ops provider add "Willow Creek Clinic" --npi 1234567893 --tin 371234567 \\
    --taxonomy 207Q00000X --street "1 Elm St" --city Springfield --state IL --postal-code 627010001

{GUIDE}"""
PAYER_ADD = f"""\
Adds one payer, or all of a list; one that is refused stops no other of the list.
{AGAIN}
Exit code 1 where one was refused; run it again with the corrected list.

  cleanclaim-ops payer add "Prairie Mutual" --payer-identifier PMH01 --timely-filing-days 180
  cleanclaim-ops payer add --from payers.csv --connection clearinghouse

{GUIDE}"""
CONNECTION_ADD = f"""\
Adds a mailbox: the folder through which files come from and go to a clearinghouse or bank. Its
identifiers stand in every file's envelope; take them from the partner's companion guide.
{AGAIN}

  cleanclaim-ops connection add bank --purpose bank

{GUIDE}"""


def _shown(kind: str, entries: list[dict[str, Any]], given: argparse.Namespace) -> None:
    rows = entries
    if not given.json:
        rows = [{**one, **(one["versions"][-1] if one.get("versions") else {})} for one in entries]
        rows = [row | {"id": one["id"]} for row, one in zip(rows, entries, strict=True)]
    show(rows, _COLUMNS[kind], as_json=given.json, nothing=f"there is no {kind}")


def _told(kind: str, outcome: str, entry: dict[str, Any], given: argparse.Namespace) -> None:
    print(f"{kind} {outcome}", file=sys.stderr)
    if given.json:
        _shown(kind, [entry], given)
    else:
        print(entry["id"])


def _whose(given: argparse.Namespace) -> str:
    if not given.organization:
        raise WrongUseError(
            "whose? Give --organization or set CLEANCLAIM_ORGANIZATION; `organization list` shows"
            " the ids"
        )
    return str(given.organization)


def add_organization(doors: Doors, given: argparse.Namespace) -> int:
    wanted = {
        "organization_id": given.id,
        "name": given.name,
        "time_zone": given.time_zone,
        "environment": given.environment,
    }
    _told("organization", *directory.add_organization(doors, wanted), given)
    return 0


def list_organizations(doors: Doors, given: argparse.Namespace) -> int:
    _shown("organization", directory.organizations(doors), given)
    return 0


def _lister(kind: Kind) -> Command:
    def listed(doors: Doors, given: argparse.Namespace) -> int:
        _shown(kind.name, directory.entries(doors, kind, _whose(given)), given)
        return 0

    return listed


list_providers, list_payers, list_connections = map(_lister, (PROVIDER, PAYER, CONNECTION))


def add_provider(doors: Doors, given: argparse.Namespace) -> int:
    tin = sys.stdin.readline().strip() if given.tin == "-" else given.tin
    address = {
        "street": given.street,
        "street_second_line": given.street_second_line,
        "city": given.city,
        "state": given.state,
        "postal_code": given.postal_code,
    }
    version = {
        "effective_from_on": given.effective_from,
        "npi": given.npi,
        "tin": tin,
        "tin_kind": given.tin_kind,
        "name": given.name,
        "taxonomy_code": given.taxonomy,
        "address": {name: value for name, value in address.items() if value is not None},
    }
    return _add(doors, PROVIDER, {"versions": [version]}, given)


def add_connection(doors: Doors, given: argparse.Namespace) -> int:
    fields = ("name", "purpose", "sender_id", "receiver_id", "receiver_name", "contact_name",
              "contact_phone", "sender_qualifier", "receiver_qualifier", "usage",
              "submitter_name")  # fmt: skip
    return _add(doors, CONNECTION, {name: getattr(given, name) for name in fields}, given)


def _add(doors: Doors, kind: Kind, wanted: dict[str, Any], given: argparse.Namespace) -> int:
    outcome, entry = directory.add_entry(
        doors, kind, wanted, organization=_whose(given), replace=given.replace
    )
    _told(kind.name, outcome, entry, given)
    return 0


def add_payers(doors: Doors, given: argparse.Namespace) -> int:
    """One payer from the arguments, or every payer of a file; a refused one stops no other."""
    if given.file is None:
        return _add(doors, PAYER, _payer(doors, _row(given), given), given)
    rows = payers_in(given.file)
    counts: dict[str, int] = {}
    for row in rows:
        try:
            outcome, _ = directory.add_entry(
                doors,
                PAYER,
                _payer(doors, row, given),
                organization=_whose(given),
                replace=given.replace,
            )
        except OpsError as error:
            if error.code != OpsError.code:
                raise
            outcome = "refused"
            print(f"payer {row['payer_identifier']}: {error}", file=sys.stderr)
        counts[outcome] = counts.get(outcome, 0) + 1
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    print(json.dumps(counts, indent=2, sort_keys=True) if given.json else told)
    return 1 if "refused" in counts else 0


def _row(given: argparse.Namespace) -> dict[str, Any]:
    needed = {"name": given.name, "payer_identifier": given.payer_identifier,
              "timely_filing_days": given.timely_filing_days}  # fmt: skip
    missing = [f"--{name.replace('_', '-')}" for name, value in needed.items() if value is None]
    if missing:
        raise WrongUseError(f"give {', '.join(missing)}, or --from FILE with a list of payers")
    row = {
        **needed,
        "effective_from_on": given.effective_from,
        "claim_filing_indicator": given.claim_filing_indicator,
        "takes_replacement": not given.no_replacement,
        "corrected_claim_days": given.corrected_claim_days,
        "originating_company_ids": given.originating_company_id,
        "enrolled_transactions": given.enrolled,
        "connection": given.connection,
    }
    return {name: value for name, value in row.items() if value is not None}


def _payer(doors: Doors, row: dict[str, Any], given: argparse.Namespace) -> dict[str, Any]:
    version = dict(row)
    name = version.pop("connection", None) or given.connection
    wanted: dict[str, Any] = {"versions": [version]}
    if name is not None:
        wanted["connection_id"] = directory.connection_id(doors, name, _whose(given))
    return wanted


def describe(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The arguments of every command here; `add(words, command, help)` makes its parser."""
    one = add(
        "organization add",
        add_organization,
        "Set an organization up; again: no change.",
        runbook=ORGANIZATION_ADD,
    )
    one.add_argument("name")
    one.add_argument("--time-zone", required=True, metavar="America/Chicago")
    one.add_argument("--environment", choices=("live", "test"), required=True)
    one.add_argument("--id", metavar="UUID", help="where another system has named it already")
    two = add("provider add", add_provider, "Add a billing identity.", runbook=PROVIDER_ADD)
    _describe_provider(two)
    text = "Add a payer, or a list of them (--from FILE)."
    _describe_payer(add("payer add", add_payers, text, runbook=PAYER_ADD))
    text = "Add a mailbox."
    _describe_connection(add("connection add", add_connection, text, runbook=CONNECTION_ADD))
    for kind, lister, what in (
        ("organization", list_organizations, "organizations"),
        ("provider", list_providers, "billing identities"),
        ("payer", list_payers, "payers"),
        ("connection", list_connections, "mailboxes"),
    ):
        text = f"With --json all that the API tells of each.\n\n  cleanclaim-ops {kind} list --json"
        add(f"{kind} list", lister, f"List the {what}.", runbook=text)


def _describe_provider(one: argparse.ArgumentParser) -> None:
    one.add_argument("name")
    one.add_argument("--npi", required=True, help="ten digits")
    one.add_argument("--tin", required=True, help="nine digits; - reads them from standard input")
    one.add_argument("--tin-kind", choices=("ein", "ssn"), default="ein",
                     help="ein if left out")  # fmt: skip
    one.add_argument("--taxonomy", required=True, metavar="207Q00000X")
    for name, text in (
        ("street", "where the practice is, no post-office box"),
        ("city", "its city"),
        ("state", "two letters"),
        ("postal-code", "nine digits"),
    ):
        one.add_argument(f"--{name}", required=True, help=text)
    one.add_argument("--street-second-line", help="suite or floor")
    _since(one)


def _describe_payer(one: argparse.ArgumentParser) -> None:
    one.add_argument("name", nargs="?")
    one.add_argument("--payer-identifier", metavar="PMH01", help="as the clearinghouse lists it")
    text = "within so many days of service it takes a claim"
    one.add_argument("--timely-filing-days", type=int, metavar="DAYS", help=text)
    one.add_argument("--claim-filing-indicator", default="CI", help="SBR09; CI is commercial")
    text = "within so many days of its answer it takes a corrected claim"
    one.add_argument("--corrected-claim-days", type=int, metavar="DAYS", help=text)
    one.add_argument("--no-replacement", action="store_true", help="takes no frequency 7")
    one.add_argument("--originating-company-id", action="append", help="as in its deposits' trace")
    one.add_argument("--enrolled", action="append", metavar="837P", help="may be given again")
    one.add_argument("--connection", help="the mailbox's name")
    one.add_argument(
        "--from", dest="file", type=Path, metavar="FILE",
        help="a .toml, .json or .csv list; its fields are named as in the API",
    )  # fmt: skip
    _since(one)


def _describe_connection(one: argparse.ArgumentParser) -> None:
    one.add_argument("name", help="also its folder's name")
    one.add_argument("--purpose", choices=("clearinghouse", "bank"), required=True)
    for name, text in (
        ("sender-id", "ISA06"),
        ("receiver-id", "ISA08"),
        ("receiver-name", "NM1*40"),
        ("contact-name", "PER of the submitter"),
        ("contact-phone", "ten digits"),
        ("sender-qualifier", "ISA05, ZZ if left out"),
        ("receiver-qualifier", "ISA07, ZZ if left out"),
        ("submitter-name", "the organization's if left out"),
    ):
        one.add_argument(f"--{name}", help=text)
    one.add_argument("--usage", choices=("T", "P"), help="ISA15; follows the environment")
    _replacing(one)


def _since(one: argparse.ArgumentParser) -> None:
    one.add_argument("--effective-from", default=SINCE, metavar="DAY", help=f"{SINCE} if left out")
    _replacing(one)


def _replacing(one: argparse.ArgumentParser) -> None:
    one.add_argument("--replace", action="store_true", help="where it is there and differs")
