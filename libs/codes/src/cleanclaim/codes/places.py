"""Place of service: where a service was given, and whether that is paid as a facility."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import CodeAnswer, Release, Standing
from cleanclaim.codes.shipped import TableUnreadable, decode


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`facility` says that Medicare pays the clinician its facility rate there."""

    code: str
    meaning: str
    facility: bool = False
    telehealth: bool = False
    valid_from: date | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    places: tuple[Place, ...]


class Places:
    """All assigned places; no place has been withdrawn, so only a first day is kept."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.places: Mapping[str, Place] = MappingProxyType({p.code: p for p in content.places})

    def place(self, code: str) -> Place | None:
        return self.places.get(code)

    def lookup(self, code: str, on: date) -> CodeAnswer:
        place, status, reason = self.places.get(code), Standing.VALID, ""
        if place is None:
            status, reason = Standing.UNKNOWN_CODE, "No place of service has this code."
        elif place.valid_from is not None and on < place.valid_from:
            status, reason = Standing.NOT_VALID_ON_DATE, f"In use from {place.valid_from} only."
        return CodeAnswer(
            code=code,
            on=on,
            status=status,
            release=self.release,
            short=place.meaning if place else None,
            reason=reason,
        )


def lookup(code: str, on: date) -> CodeAnswer:
    """Ask the shipped table; an unreadable table answers `not_checked`."""
    try:
        return places().lookup(code, on)
    except TableUnreadable as trouble:
        return CodeAnswer(code=code, on=on, status=Standing.NOT_CHECKED, reason=str(trouble))


@cache
def places() -> Places:
    """The shipped table, read once. Raises TableUnreadable."""
    return Places(*decode("places_of_service.json", _File))
