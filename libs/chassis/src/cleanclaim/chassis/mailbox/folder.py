"""A mailbox that is a folder, shared with whoever carries the files on (sftp, a simulator).

Below the connection's folder: `outbound` (for the other side to take), `inbound` (from it),
`claimed/<owner>/<token>` (being worked on), `archive`, `failed`, and `staging` and `sent`, which
make putting safe: a name whose digest stands in `sent`, with nothing in `staging`, has been handed
over.
"""

import asyncio
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from cleanclaim.chassis.mailbox import files
from cleanclaim.chassis.mailbox.contract import (
    HEAD_BYTES,
    LARGEST_FILE_BYTES,
    UNFINISHED,
    ClaimedFile,
    WaitingFile,
    is_outbound_name,
    safe_name,
)
from cleanclaim.chassis.mailbox.groups import peek_group
from cleanclaim.values.errors import Conflict, Invalid, Missing


class FolderMailbox:
    """Implements `Mailbox`; the work on files happens in a thread, so the loop is never held up.

    `quiet_seconds` leaves out files that changed within that time, for senders who do not write
    under another name first; it needs `now`, the time to judge by, in `list_inbound`.
    """

    def __init__(
        self,
        root: Path | str,
        *,
        largest_bytes: int = LARGEST_FILE_BYTES,
        quiet_seconds: int = 0,
    ) -> None:
        self.root = Path(root)
        self._largest_bytes = largest_bytes
        self._quiet_seconds = quiet_seconds

    async def put(self, name: str, content: bytes) -> None:
        await asyncio.to_thread(self.put_now, name, content)

    async def list_inbound(self, now: datetime | None = None) -> list[WaitingFile]:
        return await asyncio.to_thread(self.list_inbound_now, now)

    async def peek(self, name: str) -> str | None:
        path = self.root / "inbound" / files.single(name)
        with suppress(OSError):
            return peek_group(await asyncio.to_thread(files.read, path, HEAD_BYTES))
        return None

    async def claim(self, name: str, owner: str) -> ClaimedFile | None:
        return await asyncio.to_thread(self.claim_now, name, owner)

    async def read(self, claimed: ClaimedFile) -> bytes:
        return await asyncio.to_thread(self._read_claimed, claimed)

    async def archive(self, claimed: ClaimedFile) -> None:
        await asyncio.to_thread(self.archive_now, claimed)

    async def fail(self, claimed: ClaimedFile, reason: str) -> None:
        await asyncio.to_thread(self.fail_now, claimed, reason)

    async def release(self, claimed: ClaimedFile) -> None:
        await asyncio.to_thread(self.release_now, claimed)

    async def recover(self, owner: str) -> int:
        return await asyncio.to_thread(self.recover_now, owner)

    def put_now(self, name: str, content: bytes) -> None:
        """`put`, in the caller's thread."""
        if not is_outbound_name(name):
            raise Invalid(
                "An outbound file's name has up to 150 letters, digits, dots and hyphens.",
                code="mailbox_name_invalid",
                fix="Name the file by its ids and numbers.",
            )
        with self._one_putter():
            self._folder("inbound")  # where the other side answers
            staged, sent = self._folder("staging") / name, self._folder("sent") / name
            outbound = self._folder("outbound") / name
            digest = files.digest_of(content)
            if sent.exists():
                files.demand_same(sent.read_text(), digest)
                if not staged.exists():
                    return
            else:
                if outbound.exists():
                    files.demand_same(files.digest_of(outbound.read_bytes()), digest)
                    return
                files.write_whole(staged, content)
                files.write_whole(sent, digest.encode())
            # From here on the file counts as handed over as soon as it has left `staging`.
            staged.rename(outbound)
            files.sync(outbound.parent)
            files.sync(staged.parent)

    def list_inbound_now(self, now: datetime | None = None) -> list[WaitingFile]:
        """`list_inbound`, in the caller's thread."""
        found = []
        with suppress(FileNotFoundError), os.scandir(self.root / "inbound") as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.endswith(UNFINISHED):
                    continue
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        found.append(_waiting(entry.name, status))
        settled = [one for one in found if self._is_settled(one, now)]
        return sorted(settled, key=lambda one: (one.modified_at, one.name))

    def claim_now(self, name: str, owner: str) -> ClaimedFile | None:
        """`claim`, in the caller's thread."""
        claimed = ClaimedFile(files.single(name), files.single(owner), secrets.token_hex(8), self)
        held = self._held(claimed)
        held.parent.mkdir(parents=True)
        source = self.root / "inbound" / claimed.name
        if files.is_regular(source):
            with suppress(FileNotFoundError):
                source.rename(held)
                return claimed
        held.parent.rmdir()
        return None

    def archive_now(self, claimed: ClaimedFile) -> None:
        """`archive`, in the caller's thread."""
        self._put_away(claimed, "archive")

    def fail_now(self, claimed: ClaimedFile, reason: str) -> None:
        """`fail`, in the caller's thread; the reason is written first, so it is never missing."""
        told = self._folder("failed") / f"{self._resting_name(claimed)}.reason"
        told.write_text(f"{reason}\n", encoding="utf-8")
        self._put_away(claimed, "failed")

    def release_now(self, claimed: ClaimedFile) -> None:
        """`release`, in the caller's thread."""
        self._give_back(self._held(claimed), claimed.token)

    def recover_now(self, owner: str) -> int:
        """`recover`, in the caller's thread."""
        given_back = 0
        mine = self.root / "claimed" / files.single(owner)
        for folder in sorted(mine.iterdir()) if mine.is_dir() else ():
            for held in sorted(folder.iterdir()):
                self._give_back(held, folder.name)
                given_back += 1
            with suppress(OSError):
                folder.rmdir()
        return given_back

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _one_putter(self) -> Iterator[None]:
        # The lock ends with the process, so a crash leaves nothing locked.
        with (self._folder("staging") / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _is_settled(self, file: WaitingFile, now: datetime | None) -> bool:
        if now is None or not self._quiet_seconds:
            return True
        return abs((now - file.modified_at).total_seconds()) >= self._quiet_seconds

    def _held(self, claimed: ClaimedFile) -> Path:
        return self.root / "claimed" / claimed.owner / claimed.token / claimed.name

    def _read_claimed(self, claimed: ClaimedFile) -> bytes:
        try:
            content = files.read(self._held(claimed), self._largest_bytes + 1)
        except FileNotFoundError:
            raise _not_held() from None
        except OSError:
            raise Invalid(
                "The inbound file is no ordinary file that can be read.",
                code="mailbox_file_unreadable",
                fix="Ask the sender to put an ordinary file.",
            ) from None
        if len(content) > self._largest_bytes:
            raise Invalid(
                f"The inbound file is larger than {self._largest_bytes} bytes.",
                code="mailbox_file_too_large",
                fix="Ask the sender to split it.",
            )
        return content

    def _put_away(self, claimed: ClaimedFile, folder: str) -> None:
        held = self._held(claimed)
        resting = self._folder(folder) / self._resting_name(claimed)
        try:
            held.rename(resting)
        except FileNotFoundError:
            if not resting.exists():
                raise _not_held() from None
        with suppress(OSError):
            held.parent.rmdir()

    def _resting_name(self, claimed: ClaimedFile) -> str:
        # senders use a name again (`835.txt` every day), so the claim's token makes it unique
        return f"{claimed.token}-{safe_name(claimed.name)}"

    def _give_back(self, held: Path, token: str) -> None:
        inbound = self._folder("inbound")
        for name in (held.name, f"{held.name}.{token}"):
            try:
                # link and unlink, for a rename would overwrite a newer file of the same name
                os.link(held, inbound / name, follow_symlinks=False)
            except FileExistsError:
                if held.samefile(inbound / name):
                    break  # a crash came between link and unlink
                continue
            except FileNotFoundError:
                raise _not_held() from None
            break
        else:
            raise Conflict(
                "The inbound folder holds a file of this name already.",
                code="mailbox_name_taken",
                fix="Rename the waiting file.",
            )
        held.unlink()
        with suppress(OSError):
            held.parent.rmdir()


def _waiting(name: str, status: os.stat_result) -> WaitingFile:
    modified_at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
    # the time of the last change to content, name, owner or rights; nobody can set it
    return WaitingFile(name, status.st_size, modified_at, (status.st_ino, status.st_ctime_ns))


def _not_held() -> Missing:
    return Missing(
        "This claimed file is held no longer.",
        code="mailbox_claim_lost",
        fix="List the inbound files again.",
    )
