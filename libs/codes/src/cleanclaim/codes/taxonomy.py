"""Provider taxonomy: the specialties the demonstration uses, until a site loads NUCC's file."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import CodeAnswer, Release, Standing
from cleanclaim.codes.shipped import TableUnreadable, decode

# Ten characters; NUCC closes every code with an X.
_SHAPE = re.compile(r"[0-9]{2}[0-9A-Z]{7}X")


class SpecialtyKind(StrEnum):
    INDIVIDUAL = "individual"
    GROUP = "group"
    ORGANIZATION = "organization"


class Specialty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    kind: SpecialtyKind
    meaning: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    specialties: tuple[Specialty, ...]


class Taxonomy:
    """The specialties of one release."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.specialties: Mapping[str, Specialty] = MappingProxyType(
            {entry.code: entry for entry in content.specialties}
        )

    def specialty(self, code: str) -> Specialty | None:
        return self.specialties.get(code)

    def lookup(self, code: str, on: date) -> CodeAnswer:
        """Valid, no taxonomy code at all, or outside the subset and so `not_checked`."""
        found, status, reason = self.specialties.get(code), Standing.VALID, ""
        if not is_taxonomy_shape(code):
            status, reason = Standing.UNKNOWN_CODE, "A taxonomy code is ten characters, last X."
        elif found is None:
            status = Standing.NOT_CHECKED
            reason = "Only a demonstration subset of the taxonomy is loaded."
        return CodeAnswer(
            code=code,
            on=on,
            status=status,
            release=self.release,
            short=found.meaning if found else None,
            reason=reason,
        )


def is_taxonomy_shape(code: str) -> bool:
    return _SHAPE.fullmatch(code) is not None


def lookup(code: str, on: date) -> CodeAnswer:
    """Ask the shipped subset; an unreadable table answers `not_checked`."""
    try:
        return taxonomy().lookup(code, on)
    except TableUnreadable as trouble:
        return CodeAnswer(code=code, on=on, status=Standing.NOT_CHECKED, reason=str(trouble))


@cache
def taxonomy() -> Taxonomy:
    """The shipped subset, read once. Raises TableUnreadable."""
    return Taxonomy(*decode("taxonomy_demo.json", _File))
