"""The totals of a 277CA (SNIP 3): QTY and AMT of receiver and provider against the claims listed.

005010X214, loops 2200B and 2200C. Where no claim is listed under a level there is nothing to
compare: a payer may accept or reject all that a provider sent at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12 import rules
from cleanclaim.x12.acknowledgements import AcknowledgedClaim277CA
from cleanclaim.x12.amounts import text_of_cents
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segments import Segment

REJECTED_COUNTS = frozenset({"AA", "QC"})  # accepted are 90 and QA
REJECTED_SUM = "YY"  # accepted are YU
Complaint = tuple[Rule, str, Place]


class Totals:
    """What one level states, and what its claims come to."""

    def __init__(self) -> None:
        self._stated: list[Segment] = []
        self._counts = {False: 0, True: 0}  # by "is rejected"
        self._sums: dict[bool, int] = {False: 0, True: 0}
        self._unknown = False

    def state(self, segment: Segment) -> None:
        """A QTY or AMT of the level."""
        self._stated.append(segment)

    def add(self, claim: AcknowledgedClaim277CA) -> None:
        """A claim below it, with the charge of its first status."""
        charge = claim.statuses[0].amount_cents if claim.statuses else None
        self._counts[claim.is_rejected] += 1
        self._sums[claim.is_rejected] += charge or 0
        self._unknown = self._unknown or charge is None

    def lose(self) -> None:
        """A claim that could not be read: nothing can be compared."""
        self._unknown = True
        self._stated = []

    def check(self) -> Iterator[tuple[Segment, Complaint]]:
        """The totals that are not those of the claims."""
        if not any(self._counts.values()):
            return
        for segment in self._stated:
            found = self._found(segment)
            if found and found != _plain(segment.element(2)):
                name = f"{segment.elements[0]}*{segment.element(1)}"
                message = (
                    f"{name} is not what the claims come to, {found}: ask which claims are missing"
                )
                yield segment, (rules.TOTALS, message, Place(2, value=segment.element(2)))

    def _found(self, segment: Segment) -> str:
        qualifier = segment.element(1)
        if segment.elements[0] == "QTY":
            return str(self._counts[qualifier in REJECTED_COUNTS])
        if self._unknown:
            return ""
        return text_of_cents(self._sums[qualifier == REJECTED_SUM])


def _plain(text: str) -> str:
    """12.50 is 12.5, 007 is 7: as this codec writes numbers."""
    whole, _, part = text.lstrip("0").partition(".")
    part = part.rstrip("0")
    return f"{whole or '0'}.{part}" if part else whole or "0"
