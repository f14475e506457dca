"""What every mailbox promises, be it a folder or a server, and the names it may use."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

LARGEST_FILE_BYTES = 64 * 1024 * 1024
HEAD_BYTES = 1024
_OUTBOUND_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
"""Endings that uploaders give to files they are still writing."""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An inbound file that nobody has claimed; `name` is the sender's word and not for logs.

    `mark` differs whenever the file is another one or was touched since; it says nothing else.
    """

    name: str
    size: int
    modified_at: datetime
    mark: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ClaimedFile:
    """An inbound file that one owner holds; `token` tells apart files of one name."""

    name: str
    owner: str
    token: str
    keeper: "Keeper" = field(repr=False, compare=False)

    @property
    def safe_name(self) -> str:
        return safe_name(self.name)

    async def read(self) -> bytes:
        """The whole content; Invalid when it is too large, Missing when it is held no longer."""
        return await self.keeper.read(self)

    async def archive(self) -> None:
        """Put away a file that was dealt with."""
        await self.keeper.archive(self)

    async def fail(self, reason: str) -> None:
        """Put aside a file that nobody can deal with; `reason` stands beside it, without PHI."""
        await self.keeper.fail(self, reason)

    async def release(self) -> None:
        """Give the file back to the inbound ones."""
        await self.keeper.release(self)


class Keeper(Protocol):
    """The side of a mailbox that a claimed file speaks to."""

    async def read(self, claimed: ClaimedFile) -> bytes: ...

    async def archive(self, claimed: ClaimedFile) -> None: ...

    async def fail(self, claimed: ClaimedFile, reason: str) -> None: ...

    async def release(self, claimed: ClaimedFile) -> None: ...


def safe_name(name: str) -> str:
    """A sender's file name with everything but letters, digits, dots and hyphens taken out."""
    return _UNSAFE.sub("_", name).lstrip("._-")[:100] or "file"


def is_outbound_name(name: str) -> bool:
    """Whether we may give a file this name: it means the same on every file system."""
    return _OUTBOUND_NAME.fullmatch(name) is not None and not name.endswith(UNFINISHED)


class Mailbox(Protocol):
    """One connection's mailbox; every call may be made again after a crash."""

    async def put(self, name: str, content: bytes) -> None:
        """Hand an outbound file over, exactly once and whole.

        The same name with the same content changes nothing, even after the other side took the
        file. Raises Conflict for the same name with other content, Invalid for a bad name.
        """

    async def list_inbound(self, now: datetime | None = None) -> list[WaitingFile]:
        """What waits, oldest first; with `now`, only what is no longer being written."""

    async def peek(self, name: str) -> str | None:
        """What a waiting file holds (see `peek_group`); None when unknown or gone."""

    async def claim(self, name: str, owner: str) -> ClaimedFile | None:
        """Take a waiting file; None when another was faster. `owner` is a stable worker name."""

    async def recover(self, owner: str) -> int:
        """Give back all that this owner held when it crashed; how many files."""
