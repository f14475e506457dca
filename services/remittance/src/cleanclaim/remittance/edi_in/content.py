"""What an ST says, whatever envelope, control numbers, delimiters and line ends it came in."""

import hashlib
from collections.abc import Iterable

from cleanclaim.x12.segments import Segment, SegmentReader


def content_hashes(file: bytes) -> dict[int, bytes]:
    """SHA-256 over the segments between ST and SE of each set, by the byte offset of its ST."""
    hashes: dict[int, bytes] = {}
    content, offset = hashlib.sha256(), -1
    for segment in SegmentReader(file):
        if segment.segment_id == "ST":
            _close(hashes, offset, content)
            content, offset = hashlib.sha256(), segment.offset
        elif segment.segment_id in {"SE", "GE", "IEA", "GS", "ISA"}:
            _close(hashes, offset, content)
            offset = -1
        elif offset >= 0:
            content.update(_normalised(segment))
    _close(hashes, offset, content)
    return hashes


def _close(hashes: dict[int, bytes], offset: int, content: "hashlib._Hash") -> None:
    if offset >= 0:
        hashes.setdefault(offset, content.digest())


def _normalised(segment: Segment) -> bytes:
    component = segment.delimiters.component
    texts = [element.replace(component, "\x1f") for element in segment.elements]
    while texts and not texts[-1]:
        texts.pop()
    return ("\x1d".join(texts) + "\x1e").encode("utf-8", "surrogateescape")


def marked(content: bytes, rules: Iterable[str]) -> bytes:
    """The hash of a set with faults in its envelope: another one than the same set whole.

    So a set that came cut, or in a broken envelope, does not pass for the one sent instead of it.
    """
    faults = sorted(set(rules))
    if not faults:
        return content
    return hashlib.sha256(content + "\x1e".join(faults).encode()).digest()
