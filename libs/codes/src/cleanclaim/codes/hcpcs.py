"""HCPCS level II: a small demonstration subset with our own words, until a site loads CMS's file.

A subset can confirm a code but never refuse one: what it does not hold is `not_checked`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import CodeAnswer, Release, Standing
from cleanclaim.codes.procedure import ProcedureShape, shape_of
from cleanclaim.codes.shipped import TableUnreadable, decode


class HcpcsCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`needs_description`: a not-otherwise-classified code, told apart only by the line's text.

    `tenths`: units may carry one decimal (ambulance miles).
    """

    code: str
    meaning: str
    valid_from: date | None = None
    valid_to: date | None = None
    drug: bool = False
    needs_description: bool = False
    tenths: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    codes: tuple[HcpcsCode, ...]


class HcpcsSubset:
    """The demonstration codes of one release."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.codes: Mapping[str, HcpcsCode] = MappingProxyType(
            {entry.code: entry for entry in content.codes}
        )

    def code(self, code: str) -> HcpcsCode | None:
        return self.codes.get(code)

    def lookup(self, code: str, on: date) -> CodeAnswer:
        found = self.codes.get(code)
        status, reason = self._standing(code, found, on)
        return CodeAnswer(
            code=code,
            on=on,
            status=status,
            release=self.release,
            short=found.meaning if found else None,
            reason=reason,
        )

    def _standing(self, code: str, found: HcpcsCode | None, on: date) -> tuple[Standing, str]:
        if shape_of(code) is not ProcedureShape.HCPCS_LEVEL_2:
            return Standing.UNKNOWN_CODE, "This is not the shape of a HCPCS level II code."
        if found is None:
            return Standing.NOT_CHECKED, "Only a demonstration subset of HCPCS is loaded."
        last = self.release.effective_to
        if on < self.release.effective_from or (last is not None and on > last):
            return (
                Standing.UNKNOWN_RELEASE,
                f"The subset covers {self.release.effective_from} to {last} only.",
            )
        if found.valid_from is not None and on < found.valid_from:
            return Standing.NOT_VALID_ON_DATE, f"In use from {found.valid_from} only."
        if found.valid_to is not None and on > found.valid_to:
            return Standing.NOT_VALID_ON_DATE, f"In use until {found.valid_to} only."
        return Standing.VALID, ""


def lookup(code: str, on: date) -> CodeAnswer:
    """Ask the shipped subset; an unreadable table answers `not_checked`."""
    try:
        return hcpcs().lookup(code, on)
    except TableUnreadable as trouble:
        return CodeAnswer(code=code, on=on, status=Standing.NOT_CHECKED, reason=str(trouble))


@cache
def hcpcs() -> HcpcsSubset:
    """The shipped subset, read once. Raises TableUnreadable."""
    return HcpcsSubset(*decode("hcpcs_demo.json", _File))
