"""The numbers that we give: of claims, of their versions as sent, of lines and of files."""

import hashlib
from uuid import UUID, uuid5

from cleanclaim.values.errors import Invalid

LONGEST_PATIENT_CONTROL_NUMBER = 20
"""CLM01 may hold 38 characters, but payers need only return 20 (005010X222A1, CLM01 note)."""
LONGEST_LINE_CONTROL_NUMBER = 30
"""REF*6R of loop 2400 (005010X222A1)."""
_LAST_CONTROL_NUMBER = 999_999_999
# no vowel, so that no mark is a word; no digit, so that it ends the version's number
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_MARK_LENGTH = 6


class NumbersExhausted(Invalid):
    """The number would no longer fit the place that payers return it from."""


def claim_number(count: int) -> str:
    """The count of an organization's claims, as its claims are numbered: `C000000042`."""
    return f"C{count:09d}"


def patient_control_number(organization_id: UUID, number: str, version: int) -> str:
    """CLM01: one for each version sent, so that a late answer finds its version.

    It ends with a mark of the organization, since all count their claims from 1: an answer that is
    laid into another organization's mailbox finds no claim there, even under the same NPI.

    Raises:
        NumbersExhausted: longer than the 20 characters that come back for certain.
    """
    text = f"{number}V{version:02d}{_mark_of(organization_id)}"
    if len(text) > LONGEST_PATIENT_CONTROL_NUMBER:
        raise NumbersExhausted("The claim's number with its version exceeds 20 characters.")
    return text


def _mark_of(organization_id: UUID) -> str:
    """Six letters that two organizations share once in 64 million times; they tell nothing."""
    drawn = int.from_bytes(hashlib.sha256(organization_id.bytes).digest())
    letters = []
    for _ in range(_MARK_LENGTH):
        drawn, place = divmod(drawn, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def line_control_number(number: str, line_number: int) -> str:
    """REF*6R: the claim's number and the line's, kept over all versions of the claim."""
    return f"{number}L{line_number}"


def claim_id_of(encounter_id: UUID) -> UUID:
    """The primary claim of an encounter has the same id however often it is built."""
    return uuid5(encounter_id, "claim:P")


def line_id_of(claim_id: UUID, charge_id: UUID) -> UUID:
    """A charge keeps its line id over all versions of the claim."""
    return uuid5(claim_id, f"line:{charge_id}")


def version_id_of(claim_id: UUID, version: int) -> UUID:
    return uuid5(claim_id, f"version:{version}")


def following(control_number: int) -> int:
    """The next ISA13 or GS06: nine digits, then from 1 again (X12.5; GS06 has no zero)."""
    return 1 if control_number >= _LAST_CONTROL_NUMBER else control_number + 1
