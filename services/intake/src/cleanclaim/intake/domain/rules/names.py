"""A01: names as an 837 may carry them."""

import re
from collections.abc import Iterator

from cleanclaim.intake.domain.rules.rule import Examination, Trouble

_SUFFIXES = {"JR", "SR", "II", "III", "IV", "V"}
_ALLOWED = " '-."
_FIELDS = (("last_name", "last name"), ("first_name", "first name"))


def check_names(examination: Examination) -> Iterator[Trouble]:
    """Last and first name: there, made of letters, blanks, `'` `-` `.`, and a person's own."""
    for pointer, person in examination.people():
        for field, words in _FIELDS:
            name: str | None = getattr(person, field)
            yield from _judged(name, words, f"{pointer}/{field}", required=True)
        yield from _judged(
            person.middle_name, "middle name", f"{pointer}/middle_name", required=False
        )


def _judged(name: str | None, words: str, pointer: str, *, required: bool) -> Iterator[Trouble]:
    stripped = (name or "").strip()
    if not stripped:
        if required:
            yield Trouble(
                code="name_missing",
                pointer=pointer,
                message=f"The {words} is missing.",
                expected="The name as the insurance card has it.",
            )
        return
    if not all(one.isalpha() or one in _ALLOWED for one in stripped):
        yield Trouble(
            code="name_characters",
            pointer=pointer,
            message=f"The {words} holds something other than letters, blanks, ' - and points.",
            expected="Letters only; leave digits and notes out.",
        )
    parts = [part for part in re.split(r"[ \-.]+", stripped.upper()) if part]
    if "TEST" in parts:
        yield Trouble(
            code="name_is_a_placeholder",
            pointer=pointer,
            message=f"The {words} is that of a trial record.",
            expected="The person's own name.",
        )
    if len(parts) > 1 and parts[-1] in _SUFFIXES:
        yield Trouble(
            code="name_holds_suffix",
            pointer=pointer,
            message=f"The {words} ends in a suffix such as JR or III.",
            expected="The name without its suffix.",
        )
