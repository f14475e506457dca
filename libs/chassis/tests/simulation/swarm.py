"""What goes wrong in one life, how often, and how often it did: about half of all faults."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from cleanclaim.chassis.runtime import FailPoint


class Fault(StrEnum):
    """Every kind of trouble that a life may have."""

    SEND_LOST = "a record never reached the broker"
    ACK_LOST = "the broker's answer to a record was lost"
    DUPLICATE = "a record came twice"
    DELAY = "a record was seen late"
    OFFSETS_LOST = "committed offsets never reached the broker"
    OFFSETS_ACK_LOST = "the broker's answer to offsets was lost"
    REBALANCE = "partitions were dealt out anew"
    BROKER_AWAY = "the broker was away"
    POISON = "a handler failed on a value"
    CRASH = "a process died"
    DATABASE_AWAY = "a connection was refused"
    SESSION_LOST = "a session was lost in the midst of a transaction"
    COMMIT_LOST = "a session was lost at COMMIT, which did not happen"
    COMMIT_ACK_LOST = "a session was lost at COMMIT, which did happen"


MOST = {
    Fault.SEND_LOST: 0.05, Fault.ACK_LOST: 0.05, Fault.DUPLICATE: 0.3, Fault.DELAY: 0.5,
    Fault.OFFSETS_LOST: 0.3, Fault.OFFSETS_ACK_LOST: 0.3, Fault.REBALANCE: 0.05,
    Fault.BROKER_AWAY: 0.02, Fault.POISON: 0.1, Fault.CRASH: 1.0, Fault.DATABASE_AWAY: 0.04,
    Fault.SESSION_LOST: 0.04, Fault.COMMIT_LOST: 0.15, Fault.COMMIT_ACK_LOST: 0.15,
}  # fmt: skip
"""The highest rate of each; a life draws its own below it, or none."""

FATAL = {
    "driver": (FailPoint.OUTBOX_AFTER_COMMIT,),
    "relay": (
        FailPoint.RELAY_BEFORE_SEND, FailPoint.RELAY_AFTER_SEND, FailPoint.RELAY_AFTER_DELETE,
    ),
    "consumer": (
        FailPoint.CONSUMER_BEFORE_COMMIT, FailPoint.CONSUMER_AFTER_COMMIT,
        FailPoint.CONSUMER_BEFORE_OFFSETS,
    ),
}  # fmt: skip
"""Each role, and the named points at which it may die."""

OF_EACH_ROLE = (
    Fault.DATABASE_AWAY, Fault.SESSION_LOST, Fault.COMMIT_LOST, Fault.COMMIT_ACK_LOST,
)  # fmt: skip


def each_kind() -> list[str]:
    """What must have happened over many lives: each fault, and to each role what may strike it."""
    broad = [str(fault) for fault in Fault if fault not in (*OF_EACH_ROLE, Fault.CRASH)]
    struck = [told_of(fault, role) for fault in OF_EACH_ROLE for role in FATAL]
    died = [told_of(Fault.CRASH, point) for points in FATAL.values() for point in points]
    return broad + struck + died


def told_of(fault: Fault, whom: str) -> str:
    """How a fault is counted that strikes one role, or at one point."""
    return f"{fault}: {whom}"


@dataclass(slots=True)
class Swarm:
    """One life's rates, and what happened of each kind."""

    chance: random.Random
    rates: dict[Fault, float] = field(init=False)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        chance = self.chance
        self.rates = {
            fault: chance.random() * most if chance.random() < 0.5 else 0.0
            for fault, most in MOST.items()
        }

    def drawn(self, fault: Fault) -> bool:
        """Whether it shall happen now; who makes it happen notes it."""
        return self.chance.random() < self.rates[fault]

    def happens(self, fault: Fault, role: str = "") -> bool:
        """Whether it happens now, noted."""
        if not self.drawn(fault):
            return False
        self.note(fault, role)
        return True

    def note(self, fault: Fault, role: str = "") -> None:
        self.happened[told_of(fault, role) if role else str(fault)] += 1

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self.rates = dict.fromkeys(Fault, 0.0)
