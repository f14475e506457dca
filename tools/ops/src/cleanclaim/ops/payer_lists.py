"""Lists of payers from a file: TOML, JSON or CSV, every row judged before any is sent."""

import csv
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleanclaim.ops.errors import WrongUseError

SINCE = "2000-01-01"
LISTS = frozenset(
    {
        "remittance_names",
        "remittance_identifiers",
        "originating_company_ids",
        "enrolled_transactions",
    }
)
_NUMBERS = frozenset({"timely_filing_days", "corrected_claim_days"})
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NEEDED = ("name", "payer_identifier", "timely_filing_days")
_USUAL: dict[str, Any] = {
    "effective_from_on": SINCE,
    "claim_filing_indicator": "CI",
    "takes_replacement": True,
}
_KNOWN = frozenset(
    {*_NEEDED, *_USUAL, *LISTS, "corrected_claim_days", "edits_profile", "connection"}
)
Row = dict[str, Any]


def payers_in(path: Path) -> list[Row]:
    """The rows of a list, with the usual values filled in; `connection` is a connection's name.

    Raises:
        WrongUseError: the file or a row of it cannot be used; every wrong row is named.
    """
    rows = _read(path)
    if not rows:
        raise WrongUseError(f"{path.name} names no payer")
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        wrong += [f"{path.name}, payer {number}: {what}" for what in _wrong_with(row)]
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        first = seen.setdefault(str(row.get("payer_identifier")), number)
        if first != number:
            wrong.append(f"{path.name}, payer {number}: payer_identifier is payer {first}'s, too")
    if wrong:
        raise WrongUseError("\n".join(wrong))
    return [{**_USUAL, **row} for row in rows]


def _read(path: Path) -> list[Row]:
    readers = {".toml": _toml, ".json": _json, ".csv": _csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise WrongUseError(f"{path.name}: a list of payers is a .toml, .json or .csv file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{path.name} cannot be read: {type(error).__name__}") from None
    try:
        found = reader(text)
    except (ValueError, csv.Error) as error:
        raise WrongUseError(f"{path.name} is not well-formed: {error}") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise WrongUseError(f"{path.name}: a list of payers was expected (payers = [...])")
    return found


def _toml(text: str) -> Any:
    return tomllib.loads(text).get("payers", [])


def _json(text: str) -> Any:
    found = json.loads(text)
    return found.get("payers", []) if isinstance(found, dict) else found


def _csv(text: str) -> Any:
    rows = csv.DictReader(text.splitlines(), strict=True)
    return [
        {name: _cell(name, value.strip()) for name, value in row.items() if value and value.strip()}
        if None not in row and None not in row.values()
        else {"": "the line has more or fewer cells than the heading"}
        for row in rows
    ]


def _cell(name: str, text: str) -> Any:
    if name in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if name in _NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    if name == "takes_replacement":
        return _WORDS.get(text.lower(), text)
    return text


def _wrong_with(row: Mapping[str, Any]) -> list[str]:
    if "" in row:
        return [str(row[""])]
    unknown = sorted(set(row) - _KNOWN)
    wrong = [f"no field is named {name}; there are {', '.join(sorted(_KNOWN))}"
             for name in unknown]  # fmt: skip
    wrong += [f"{name} is missing" for name in _NEEDED if row.get(name) in (None, "")]
    for name, value in row.items():
        wrong += _wrong_value(name, value)
    return wrong


def _wrong_value(name: str, value: Any) -> list[str]:
    if name in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int)):
        return [f"{name} is a whole number of days"]
    if name == "takes_replacement" and not isinstance(value, bool):
        return [f"{name} is true or false"]
    if name in LISTS and not (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    ):
        return [f"{name} is a list of texts"]
    return []
