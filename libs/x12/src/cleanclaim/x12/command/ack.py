"""`ack`: the TA1 and 999 that answer a file, made from its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from cleanclaim.x12 import (
    Acknowledgement999,
    Envelope,
    Interchange,
    acknowledge,
    acknowledgements_for,
    read,
)
from cleanclaim.x12.command.gathering import Heads

ANSWERS = "FA"  # GS01 of a group of 999s, which is never answered


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """How the answer is addressed; sender, receiver and usage are the file's own unless given."""

    prepared_at: datetime
    control_number: int = 1
    sender: str = ""
    receiver: str = ""
    usage: str = ""
    snip: frozenset[int] = frozenset({1, 2})


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One interchange of 999s: what it says, and its bytes."""

    acknowledgements: list[Acknowledgement999]
    payload: bytes
    unanswered: int = 0  # groups that a 999 cannot name

    @property
    def accepted(self) -> bool:
        accepted = all(answer.status in {"A", "E"} for answer in self.acknowledgements)
        return accepted and not self.unanswered


def answers(chunks: Iterable[bytes], answering: Answering) -> Iterator[Answer]:
    """One answer for each interchange that holds something to answer (a 999 is never answered).

    Memory is bounded by the findings, not by the claims. Raises `Unreadable`, and `Unwritable`
    where an address given by the caller does not fit its element.
    """
    number = answering.control_number
    heads = Heads()
    for item in read(chunks):
        if isinstance(item, Interchange) and heads.interchanges:
            for answer in _answer(heads, answering, number):
                yield answer
                number += 1
            heads = Heads()
        heads.take(item)
    yield from _answer(heads, answering, number)


def _answer(heads: Heads, answering: Answering, number: int) -> Iterator[Answer]:
    payload = acknowledge(
        heads, envelope=_envelope(heads.interchanges[0], answering, number), snip=answering.snip
    )
    told = acknowledgements_for(heads, snip=answering.snip)
    asking = [group for group in heads.groups if group.functional_code != ANSWERS]
    if asking or payload:
        yield Answer(acknowledgements=told, payload=payload, unanswered=len(asking) - len(told))


def _envelope(asked: Interchange, answering: Answering, number: int) -> Envelope:
    """The envelope of the answer: receiver and sender change places."""
    return Envelope(
        sender=answering.sender or asked.receiver,
        receiver=answering.receiver or asked.sender,
        sender_qualifier=asked.receiver_qualifier or "ZZ",
        receiver_qualifier=asked.sender_qualifier or "ZZ",
        interchange_control_number=number,
        group_control_number=number,
        prepared_at=answering.prepared_at,
        usage=answering.usage or (asked.usage if asked.usage in {"T", "P"} else "T"),
        line_break="\n",
    )
