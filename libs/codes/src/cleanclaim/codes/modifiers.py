"""Procedure modifiers that rules name: family, flags and which never stand together.

Numbers are facts and the words are ours. The table is the part our rules need, not the whole list:
a well-formed modifier outside it is `not_checked`, never refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import combinations
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from cleanclaim.codes.answers import CodeAnswer, Release, Standing
from cleanclaim.codes.procedure import is_modifier_shape
from cleanclaim.codes.shipped import TableUnreadable, decode


class ModifierOwner(StrEnum):
    CPT = "cpt"
    HCPCS = "hcpcs"


class ModifierFamily(StrEnum):
    ANAESTHESIA = "anaesthesia"
    COMPONENT = "component"
    DISTINCT = "distinct"
    DRUG = "drug"
    EQUIPMENT = "equipment"
    EVALUATION = "evaluation"
    GLOBAL = "global"
    HOSPICE = "hospice"
    LABORATORY = "laboratory"
    NOTICE = "notice"
    PLACE = "place"
    PREVENTIVE = "preventive"
    REPEAT = "repeat"
    SERVICE = "service"
    SIDE = "side"
    SURGEON = "surgeon"
    TEACHING = "teaching"
    TELEHEALTH = "telehealth"
    THERAPY = "therapy"
    TRIAL = "trial"


class Modifier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`passes_code_pair_edit`: may separate an NCCI pair of indicator 1 (NCCI policy manual)."""

    code: str
    owner: ModifierOwner
    family: ModifierFamily
    meaning: str
    evaluation_only: bool = False
    never_on_evaluation: bool = False
    passes_code_pair_edit: bool = False
    never_with: frozenset[str] = frozenset()
    valid_from: date | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    release: Release
    modifiers: tuple[Modifier, ...]


class Modifiers:
    """The modifiers of one release."""

    def __init__(self, content: _File, digest: str) -> None:
        self.release = replace(content.release, digest=digest)
        self.modifiers: Mapping[str, Modifier] = MappingProxyType(
            {entry.code: entry for entry in content.modifiers}
        )

    def modifier(self, code: str) -> Modifier | None:
        return self.modifiers.get(code)

    def lookup(self, code: str, on: date) -> CodeAnswer:
        found = self.modifiers.get(code)
        status, reason = _standing(code, found, on)
        return CodeAnswer(
            code=code,
            on=on,
            status=status,
            release=self.release,
            short=found.meaning if found else None,
            reason=reason,
        )

    def clashes(self, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Pairs on one line that may never stand together, as they were given; twice is a clash."""
        for first, second in combinations(codes, 2):
            entry = self.modifiers.get(first)
            if first == second or (entry is not None and second in entry.never_with):
                yield first, second


def lookup(code: str, on: date) -> CodeAnswer:
    """Ask the shipped table; an unreadable table answers `not_checked`."""
    try:
        return modifiers().lookup(code, on)
    except TableUnreadable as trouble:
        return CodeAnswer(code=code, on=on, status=Standing.NOT_CHECKED, reason=str(trouble))


@cache
def modifiers() -> Modifiers:
    """The shipped table, read once. Raises TableUnreadable."""
    return Modifiers(*decode("modifiers.json", _File))


def _standing(code: str, found: Modifier | None, on: date) -> tuple[Standing, str]:
    if not is_modifier_shape(code):
        return Standing.UNKNOWN_CODE, "A modifier is two upper-case letters or digits."
    if found is None:
        return Standing.NOT_CHECKED, "The shipped table holds only the modifiers that rules name."
    if found.valid_from is not None and on < found.valid_from:
        return Standing.NOT_VALID_ON_DATE, f"In use from {found.valid_from} only."
    return Standing.VALID, ""
