"""What an invariant's check says: what was looked at, and the first breach with its place."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

LookT_contra = TypeVar("LookT_contra", contravariant=True)
"""What a check reads: a look at the whole system."""


class CannotLook(Exception):  # noqa: N818 - says what is the matter
    """A database, the broker or the journal cannot be read; says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One breach: what is wrong with how many, and where the first of them lies.

    `where` is a table with a row's id, or a topic with a key; never a value that could be PHI.
    """

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check looked at, counted by name, and the first breach that it met."""

    counts: Mapping[str, int]
    breach: Breach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant(Generic[LookT_contra]):
    """One thing that must hold whatever happens, and how it is proved."""

    id: str
    title: str
    check: Callable[[LookT_contra], Awaitable[Seen]]
    reads_stream: bool = False

    @property
    def runbook(self) -> str:
        return f"docs/runbooks/verify.md, {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one invariant, and how long the look took."""

    invariant: Invariant[Any]
    seen: Seen
    seconds: float = field(compare=False)

    @property
    def holds(self) -> bool:
        return self.seen.breach is None
