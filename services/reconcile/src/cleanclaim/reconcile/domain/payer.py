"""PayerIdentity: by which names and company ids a payer shows itself in the bank."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.reconcile.domain.trace import same_company

_NOT_LETTERS = re.compile(r"[^A-Z0-9]+")
_SHORTEST_NAME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerIdentity:
    """One payer: all its names, and the company ids its payments come from (TRN03)."""

    payer_id: UUID
    names: frozenset[str]
    company_ids: frozenset[str]


def payer_of_company(company_id: str, payers: Iterable[PayerIdentity]) -> UUID | None:
    """The one payer whose payments come from this company; None where none or several do."""
    found = {
        payer.payer_id
        for payer in payers
        if any(same_company(company_id, known) for known in payer.company_ids)
    }
    return found.pop() if len(found) == 1 else None


def payer_named_in(text_lines: Sequence[str], payers: Iterable[PayerIdentity]) -> UUID | None:
    """The one payer whose name stands in a bank line; None where none or several do.

    Where one payer's name holds another's, the longer one is meant. Names under five letters
    recognize nobody.
    """
    text = f" {_plain(' '.join(text_lines))} "
    found: dict[str, set[UUID]] = {}
    for payer in payers:
        for name in map(_plain, payer.names):
            if _stands_in(name, text):
                found.setdefault(name, set()).add(payer.payer_id)
    meant = [
        ids
        for name, ids in found.items()
        if not any(name != longer and f" {name} " in f" {longer} " for longer in found)
    ]
    payer_ids = set().union(*meant)
    return payer_ids.pop() if len(payer_ids) == 1 else None


def _stands_in(name: str, text: str) -> bool:
    return len(name) >= _SHORTEST_NAME and f" {name} " in text


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text.upper()).strip()
