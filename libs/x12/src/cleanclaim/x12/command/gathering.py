"""What is gathered from a stream without holding its claims: findings once, heads of sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cleanclaim.x12 import (
    Finding,
    Group,
    GroupEnd,
    Interchange,
    InterchangeAcknowledgement,
    InterchangeEnd,
    TransactionSet,
    TransactionSetEnd,
)

HEADS = (Interchange, Group, TransactionSet)
ENDS = (TransactionSetEnd, GroupEnd, InterchangeEnd)


def is_content(item: Any) -> bool:
    """True for a claim, a payment, an answer: whatever stands inside the envelopes."""
    return not isinstance(item, (*HEADS, *ENDS))


class Once:
    """Gives each finding once: those of a loop above claims are told with each of its claims."""

    def __init__(self) -> None:
        self._seen: set[Finding] = set()

    def new(self, item: Any) -> list[Finding]:
        if isinstance(item, TransactionSet):
            self._seen.clear()
        told = item.findings if isinstance(getattr(item, "findings", None), list) else []
        found = [finding for finding in told if finding not in self._seen]
        self._seen.update(found)
        return list(dict.fromkeys(found))


def findings_in_order(items: Iterable[Any]) -> Iterator[tuple[Any, list[Finding]]]:
    """Each item with the findings that are complete now: those of a set at its end, by offset."""
    once = Once()
    waiting: list[Finding] = []
    in_set = False
    for item in items:
        waiting += once.new(item)
        in_set = isinstance(item, TransactionSet) or (
            in_set and not isinstance(item, TransactionSetEnd)
        )
        if in_set:
            yield item, []
            continue
        waiting.sort(key=lambda finding: finding.byte_offset)
        yield item, waiting
        waiting = []
    if waiting:
        yield None, waiting


class Heads:
    """Interchanges and groups with the findings of their sets: all that TA1 and 999 are made of."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.interchanges: list[Interchange] = []
        self._once = Once()
        self._set: TransactionSet | None = None

    def take(self, item: Any) -> None:
        found = self._once.new(item)
        if isinstance(item, HEADS):
            self._open(item)
        elif isinstance(item, ENDS):
            self._close(item, found)
        elif self._set is not None:
            self._set.findings += found
        elif isinstance(item, InterchangeAcknowledgement):
            self.interchanges[-1].acknowledgements.append(item)

    def _open(self, item: Interchange | Group | TransactionSet) -> None:
        if isinstance(item, Interchange):
            self.interchanges.append(item)
            return
        if isinstance(item, Group):
            self.groups.append(item)
            self.interchanges[-1].groups.append(item)
            return
        if not self.groups:
            self.groups.append(Group(functional_code="", control_number=""))
        self._set = item
        item.findings = list(item.findings)
        self.groups[-1].transaction_sets.append(item)

    def _close(
        self, item: TransactionSetEnd | GroupEnd | InterchangeEnd, found: list[Finding]
    ) -> None:
        if isinstance(item, InterchangeEnd):
            opened = self.interchanges[-1]
            opened.findings = [*opened.findings, *item.findings]
        elif isinstance(item, GroupEnd) and self.groups:
            self.groups[-1].sets_stated = item.sets_stated
            self.groups[-1].findings = [*self.groups[-1].findings, *item.findings]
        elif self._set is not None:
            self._set.findings += found
            self._set = None
