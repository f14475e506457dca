"""A fact of the domain with the event that told it and the thread that what follows hangs on."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from cleanclaim.accounts.domain.journal import Occasion
from cleanclaim.chassis.cause import Cause

FactT = TypeVar("FactT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Generic[FactT]):
    """What happened, when and told by which event."""

    fact: FactT
    occasion: Occasion
    thread: Cause
