"""Reading the tables shipped in the package; one that cannot be read says so."""

import hashlib
import lzma
from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


class TableUnreadable(Exception):  # noqa: N818 - read as a sentence, like every trouble here
    """A shipped table is missing or damaged: reinstall the package."""


def read(name: str) -> tuple[bytes, str]:
    """A shipped file's bytes and their SHA-256. Raises TableUnreadable."""
    try:
        content = files("cleanclaim.codes").joinpath("data", name).read_bytes()
    except OSError as trouble:
        raise TableUnreadable(f"The table {name} is not in the package.") from trouble
    return content, hashlib.sha256(content).hexdigest()


def unpack(name: str) -> tuple[bytes, str]:
    """The same for an xz file: its content, and the digest of the packed file."""
    packed, digest = read(name)
    try:
        return lzma.decompress(packed), digest
    except lzma.LZMAError as trouble:
        raise TableUnreadable(f"The table {name} is damaged.") from trouble


def decode(name: str, shape: type[T]) -> tuple[T, str]:
    """A JSON table checked against its shape, and its digest. Raises TableUnreadable."""
    content, digest = read(name)
    try:
        return msgspec.json.decode(content, type=shape), digest
    except msgspec.MsgspecError as trouble:
        raise TableUnreadable(f"The table {name} has an unexpected shape: {trouble}") from trouble
