"""Code lists from files: one code a line, what stands behind it is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from cleanclaim.x12 import Checks

MOST = 5
WITHOUT_DOTS = {"icd10cm", "icd9cm"}
_FIRST_WORD = re.compile(r"[^\s,;|]+").match


class NoCodeList(ValueError):  # noqa: N818 (named for the trouble)
    """The file cannot be read or holds no code."""


class CodeList(NamedTuple):
    kind: str
    codes: frozenset[str]


def code_list(kind: str, path: Path) -> CodeList:
    """Read a list; lines that are empty or begin with # are left out. Raises `NoCodeList`."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        message = f"{path}: {(error.strerror or 'cannot be read').lower()}"
        raise NoCodeList(message) from error
    lines = [line.strip() for line in text.splitlines()]
    words = [_FIRST_WORD(line) for line in lines if line and not line.startswith("#")]
    codes = frozenset(word[0].strip('"') for word in words if word)
    if not codes:
        message = f"{path} holds no code: write one a line"
        raise NoCodeList(message)
    if kind in WITHOUT_DOTS:
        codes = frozenset(code.replace(".", "") for code in codes)
    return CodeList(kind, codes)


def checks_for(snip: int, lists: list[CodeList]) -> Checks:
    """The checks up to a SNIP type; lists of one kind are joined, and any list means 5.

    Raises `NoCodeList` for SNIP 5 without a list.
    """
    if snip == MOST and not lists:
        message = "SNIP 5 looks codes up in lists of yours: add --codes KIND=FILE"
        raise NoCodeList(message)
    codes: dict[str, frozenset[str]] = {}
    for one in lists:
        codes[one.kind] = codes.get(one.kind, frozenset()) | one.codes
    return Checks(situations=snip > 3 or bool(codes), codes=codes)
