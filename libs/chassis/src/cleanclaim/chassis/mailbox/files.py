"""Writing, reading and comparing single files so that neither a crash nor a link can fool us."""

import hashlib
import os
import secrets
import stat
from pathlib import Path

from cleanclaim.values.errors import Conflict, Invalid

_FILE_MODE = 0o640
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def single(name: str) -> str:
    """The name, if it is one part of a path and nothing else."""
    if not name or name in {".", ".."} or "/" in name or "\0" in name:
        raise Invalid(
            "A mailbox name is one plain file name without slashes.",
            code="mailbox_name_invalid",
            fix="Use the name as list_inbound gave it.",
        )
    return name


def is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the place and rename, so that the place never holds half a file."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with os.fdopen(os.open(half, _WRITE, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    sync(path.parent)


def read(path: Path, limit: int) -> bytes:
    """Up to `limit` bytes of a regular file; a link or a device is refused by the system."""
    descriptor = os.open(path, _READ)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return file.read(limit)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def demand_same(handed_over: str, digest: str) -> None:
    """Raises Conflict unless the digests are equal."""
    if handed_over != digest:
        raise Conflict(
            "A file of this name with other content was handed over before.",
            code="mailbox_name_taken",
            fix="Give every outbound file a name of its own.",
        )


def sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
