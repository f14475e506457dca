"""Code lists a site brings itself (CPT, HCPCS, taxonomy …): a CSV file checked and made a release.

The columns are `code`, `valid_from`, `valid_to`, `billable`, `short`; the first two are required.
Days are ISO dates, `valid_to` is the last valid day, `billable` is Y or N and Y when left out.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType

from msgspec import Struct

from cleanclaim.codes.answers import CodeAnswer, Release, Standing

_REQUIRED = ("code", "valid_from")
_KNOWN = frozenset({*_REQUIRED, "valid_to", "billable", "short"})
_GREATEST_CHANGE_PERCENT = 20
_FINDINGS_SHOWN = 50


class CodeFileRefused(ValueError):  # noqa: N818 - read as a sentence
    """The file was not loaded; `findings` names line, column, rule and fix, at most fifty."""

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("The code file was refused: " + " ".join(self.findings[:3]))


class CodeRow(Struct, frozen=True, kw_only=True):
    code: str
    valid_from: date
    valid_to: date | None
    billable: bool
    short: str


@dataclass(frozen=True, slots=True)
class ReleaseComparison:
    """What a new file changes against the loaded one, in codes."""

    before: int
    added: int
    removed: int
    changed: int

    @property
    def plausible(self) -> bool:
        """False when more than 20 % of the codes differ: a wrong or cut file, ask a person."""
        touched = self.added + self.removed + self.changed
        return self.before == 0 or touched * 100 <= self.before * _GREATEST_CHANGE_PERCENT


class LicensedCodes:
    """One loaded list, asked by code and service date."""

    def __init__(self, release: Release, rows: Iterable[CodeRow]) -> None:
        self.release = release
        held: dict[str, list[CodeRow]] = {}
        for row in sorted(rows, key=lambda row: (row.code, row.valid_from)):
            held.setdefault(row.code, []).append(row)
        self.rows: Mapping[str, tuple[CodeRow, ...]] = MappingProxyType(
            {code: tuple(rows) for code, rows in held.items()}
        )

    def lookup(self, code: str, on: date) -> CodeAnswer:
        rows = self.rows.get(code, ())
        place = bisect_right([row.valid_from for row in rows], on) - 1
        row = rows[place] if place >= 0 else None
        status, reason = self._standing(rows, row, on)
        return CodeAnswer(
            code=code,
            on=on,
            status=status,
            release=self.release,
            short=row.short or None if row else None,
            reason=reason,
        )

    def compared_with(self, earlier: "LicensedCodes") -> ReleaseComparison:
        both = self.rows.keys() & earlier.rows.keys()
        return ReleaseComparison(
            before=len(earlier.rows),
            added=len(self.rows.keys() - both),
            removed=len(earlier.rows.keys() - both),
            changed=sum(self.rows[code] != earlier.rows[code] for code in both),
        )

    def _standing(
        self, rows: tuple[CodeRow, ...], row: CodeRow | None, on: date
    ) -> tuple[Standing, str]:
        last = self.release.effective_to
        if on < self.release.effective_from or (last is not None and on > last):
            return Standing.UNKNOWN_RELEASE, f"{self.release.label} does not cover the day."
        if not rows:
            return Standing.UNKNOWN_CODE, f"{self.release.label} does not hold this code."
        if row is None or (row.valid_to is not None and on > row.valid_to):
            return Standing.NOT_VALID_ON_DATE, f"{self.release.label}: not valid on the day."
        if not row.billable:
            return Standing.NOT_BILLABLE, f"{self.release.label}: a header, not billable."
        return Standing.VALID, ""


def load_code_file(
    content: bytes, *, system: str, label: str, effective_from: date, effective_to: date | None
) -> LicensedCodes:
    """Read a site's CSV file as one release. Raises CodeFileRefused; nothing is loaded in part.

    The release answers for service dates between the two days given (`None`: still open), so give
    the day up to which the list is known, not only the day it begins.
    """
    rows, findings = _read(content)
    findings += list(_overlaps(rows))
    if not rows and not findings:
        findings.append("The file holds no code: check that it is the right file.")
    if findings:
        raise CodeFileRefused(findings[:_FINDINGS_SHOWN])
    release = Release(
        system=system,
        label=label,
        effective_from=effective_from,
        effective_to=effective_to,
        digest=sha256(content).hexdigest(),
        source="loaded by the site",
    )
    return LicensedCodes(release, rows)


def _read(content: bytes) -> tuple[list[CodeRow], list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], ["The file is not UTF-8 text: save it as CSV in UTF-8."]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    wrong_head = _wrong_head(reader.fieldnames or ())
    if wrong_head:
        return [], [wrong_head]
    rows, findings = [], []
    try:
        for line in reader:
            try:
                rows.append(_row(line))
            except ValueError as trouble:
                findings.append(f"Line {reader.line_num}: {trouble}")
    except csv.Error as trouble:
        findings.append(f"Line {reader.line_num}: not CSV: {trouble}.")
    return rows, findings


def _wrong_head(names: Iterable[str]) -> str | None:
    names = list(names)
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        return f"Line 1: column {missing[0]} is missing: add it to the head."
    unknown = [name for name in names if name not in _KNOWN]
    if unknown or len(set(names)) != len(names):
        return f"Line 1: use each of the columns {', '.join(sorted(_KNOWN))} at most once."
    return None


def _row(line: dict[str, str | None]) -> CodeRow:
    if None in line or None in line.values():
        raise ValueError("the number of columns differs from the head: quote text with commas.")
    cells = {name: value or "" for name, value in line.items()}
    code = cells["code"]
    if not code or not code.isascii() or not code.isalnum() or code != code.upper():
        raise ValueError("column code: write upper-case letters and digits only.")
    first = _day(cells["valid_from"], "valid_from")
    last = _day(cells["valid_to"], "valid_to") if cells.get("valid_to") else None
    if last is not None and last < first:
        raise ValueError("column valid_to: the last day lies before the first.")
    billable = cells.get("billable") or "Y"
    if billable not in {"Y", "N"}:
        raise ValueError("column billable: write Y or N.")
    return CodeRow(
        code=code,
        valid_from=first,
        valid_to=last,
        billable=billable == "Y",
        short=cells.get("short", ""),
    )


def _day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"column {column}: write the day as YYYY-MM-DD.") from None


def _overlaps(rows: list[CodeRow]) -> Iterator[str]:
    ordered = sorted(rows, key=lambda row: (row.code, row.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.code != later.code:
            continue
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            yield f"Code {later.code} has two rows for one day: end the earlier row first."
