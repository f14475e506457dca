"""Diagnosis codes by date of service: was this ICD-10-CM code billable on that day?

Always ask for the service date (through or discharge date on institutional claims), never today.
The table is the public-domain list of CDC and CMS, one row per code ever billable since 2015-10-01,
kept as sorted fixed-width records and searched in place, so it costs about a megabyte.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import sha256

import msgspec

from cleanclaim.codes.answers import CodeAnswer, Release, Standing
from cleanclaim.codes.shipped import TableUnreadable, unpack

# Letter, digit or letter, letter or digit; a dot only after the third; at most seven in all.
_SHAPE = re.compile(r"([A-Z][0-9A-Z][0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?")
_CODE_WIDTH, _RECORD_WIDTH = 7, 11
_EXTERNAL_CAUSE, _MANIFESTATION, _NOT_PRINCIPAL, _UNSPECIFIED = 1, 2, 4, 8
_FEMALE, _MALE = 16, 32


# The Medicare Code Editor's age groups in whole years, both ends included.
_NEWBORN, _PAEDIATRIC, _MATERNITY, _ADULT = 64, 128, 256, 512
_YEARS = {_NEWBORN: (0, 0), _PAEDIATRIC: (0, 17), _MATERNITY: (9, 64), _ADULT: (15, 124)}


class Icd10Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What the Medicare Code Editor holds against a code, as of the last day it is billable.

    `sex` is M or F where the editor tied the code to one; CMS stopped that edit for discharges
    from 2024-10-01, and codes begun since have none. `ages` are the first and last age in whole
    years that the code is meant for, or None for any.
    """

    external_cause: bool
    manifestation: bool
    unacceptable_principal: bool
    unspecified: bool
    sex: str | None
    ages: tuple[int, int] | None


class _Header(msgspec.Struct, frozen=True):
    system: str
    source: str
    covers_until: date
    releases: tuple[date, ...]
    patterns: tuple[tuple[tuple[date, date], ...], ...]
    records: int
    sha256: str


class Icd10Table:
    """One file of codes and the spans of days in which each was billable."""

    def __init__(self, content: bytes, digest: str) -> None:
        """Read the content of a table file. Raises TableUnreadable if it is not whole."""
        head, _, records = content.partition(b"\n")
        try:
            header = msgspec.json.decode(head, type=_Header)
        except msgspec.MsgspecError as trouble:
            raise TableUnreadable("The ICD-10-CM table has an unexpected head.") from trouble
        if sha256(records).hexdigest() != header.sha256 or not header.releases:
            raise TableUnreadable("The ICD-10-CM table is not the one that was built.")
        self._records = records
        self._places = range(header.records)
        self._patterns = header.patterns
        self._starts = header.releases
        self.releases = tuple(_releases(header, digest))

    def lookup(self, code: str, on: date) -> CodeAnswer:
        """The standing of a code, written with or without its dot, on a service date."""
        release = self.release_on(on)
        if release is None:
            last = self.releases[-1].effective_to
            return CodeAnswer(
                code=code,
                on=on,
                status=Standing.UNKNOWN_RELEASE,
                reason=f"The ICD-10-CM table covers {self._starts[0]} to {last} only.",
            )
        bare = without_point(code)
        status, reason = self._standing(bare, on)
        return CodeAnswer(code=bare or code, on=on, status=status, release=release, reason=reason)

    def release_on(self, on: date) -> Release | None:
        place = bisect_right(self._starts, on) - 1
        if place < 0:
            return None
        release = self.releases[place]
        covered = release.effective_to is None or on <= release.effective_to
        return release if covered else None

    def spans(self, code: str) -> tuple[tuple[date, date], ...]:
        """The spans of days, both ends included, in which the code was billable; maybe none."""
        place = self._find(without_point(code))
        return () if place is None else self._patterns[self._number(place)]

    def billable_under(self, code: str, on: date) -> Iterator[str]:
        """The codes below a header that are billable on the day, in order and without dots."""
        bare = without_point(code)
        for place in self._under(bare):
            found = self._code(place)
            if found != bare and self._billable(place, on):
                yield found

    def traits(self, code: str) -> Icd10Traits | None:
        """The code editor's view of a code that is or was billable, else None."""
        place = self._find(without_point(code))
        if place is None:
            return None
        bits = int.from_bytes(self._record(place)[-2:], "big")
        sexes = {_FEMALE: "F", _MALE: "M"}
        return Icd10Traits(
            external_cause=bool(bits & _EXTERNAL_CAUSE),
            manifestation=bool(bits & _MANIFESTATION),
            unacceptable_principal=bool(bits & _NOT_PRINCIPAL),
            unspecified=bool(bits & _UNSPECIFIED),
            sex=next((sex for bit, sex in sexes.items() if bits & bit), None),
            ages=_ages(bits),
        )

    def _standing(self, bare: str, on: date) -> tuple[Standing, str]:
        if not bare:
            return Standing.UNKNOWN_CODE, "This is not the shape of an ICD-10-CM code."
        place = self._find(bare)
        if place is not None and self._billable(place, on):
            return Standing.VALID, ""
        if next(self.billable_under(bare, on), None) is not None:
            return Standing.NOT_BILLABLE, "The code is a header: report a more specific one."
        if place is not None:
            first, last = self._patterns[self._number(place)][-1]
            return Standing.NOT_VALID_ON_DATE, f"The code is billable from {first} to {last}."
        if next(self._under(bare), None) is not None:
            return Standing.NOT_VALID_ON_DATE, "No code under this header is billable on the day."
        return Standing.UNKNOWN_CODE, "No release of ICD-10-CM holds this code."

    def _under(self, bare: str) -> Iterator[int]:
        if not bare:
            return
        place = bisect_left(self._places, bare.ljust(_CODE_WIDTH), key=self._padded)
        while place < len(self._places) and self._code(place).startswith(bare):
            yield place
            place += 1

    def _find(self, bare: str) -> int | None:
        place = bisect_left(self._places, bare.ljust(_CODE_WIDTH), key=self._padded)
        found = bare and place < len(self._places) and self._code(place) == bare
        return place if found else None

    def _billable(self, place: int, on: date) -> bool:
        return any(first <= on <= last for first, last in self._patterns[self._number(place)])

    def _number(self, place: int) -> int:
        return int.from_bytes(self._record(place)[_CODE_WIDTH : _CODE_WIDTH + 2], "big")

    def _record(self, place: int) -> bytes:
        return self._records[place * _RECORD_WIDTH : (place + 1) * _RECORD_WIDTH]

    def _padded(self, place: int) -> str:
        return self._record(place)[:_CODE_WIDTH].decode("ascii")

    def _code(self, place: int) -> str:
        return self._padded(place).rstrip()


def lookup(code: str, on: date) -> CodeAnswer:
    """Ask the shipped table; an unreadable table answers `not_checked`, never `valid`."""
    try:
        return table().lookup(code, on)
    except TableUnreadable as trouble:
        return CodeAnswer(code=code, on=on, status=Standing.NOT_CHECKED, reason=str(trouble))


@cache
def table() -> Icd10Table:
    """The shipped table, read once. Raises TableUnreadable."""
    return Icd10Table(*unpack("icd10cm.xz"))


def text_of(code: str) -> str | None:
    """The official short text, or None for a code outside the list it was taken from."""
    bare = without_point(code).encode()
    texts = _texts()
    place = bisect_left(texts, bare + b"\t")
    found = bare and place < len(texts) and texts[place].startswith(bare + b"\t")
    return texts[place].partition(b"\t")[2].decode() if found else None


def without_point(code: str) -> str:
    """`E11.9` and `E119` as `E119`; an empty text for what is not the shape of a code."""
    found = _SHAPE.fullmatch(code)
    return found[1] + (found[2] or "") if found else ""


def with_point(code: str) -> str:
    """`E119` as people write it, `E11.9`; what is no code comes back as it was."""
    bare = without_point(code)
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare or code


@cache
def _texts() -> list[bytes]:
    return unpack("icd10cm_texts.xz")[0].split(b"\n")


def _ages(bits: int) -> tuple[int, int] | None:
    spans = [years for bit, years in _YEARS.items() if bits & bit]
    if not spans:
        return None
    return max(first for first, _ in spans), min(last for _, last in spans)


def _releases(header: _Header, digest: str) -> Iterator[Release]:
    ends = [start - timedelta(days=1) for start in header.releases[1:]]
    for start, end in zip(header.releases, [*ends, header.covers_until], strict=True):
        yield Release(
            system=header.system,
            label=f"{header.system} {start:%Y-%m}",
            effective_from=start,
            effective_to=end,
            digest=digest,
            source=header.source,
        )
