"""Whose file is it: the functional group of an X12 interchange, or the form of a bank's file."""

import re

BAI2 = "BAI2"
CAMT053 = "CAMT053"
TA1 = "TA1"
_ISA_BYTES = 106
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_CAMT = re.compile(rb"<(?:\w+:)?Document[^>]*urn:iso:std:iso:20022:tech:xsd:camt\.053\.")


def peek_group(head: bytes) -> str | None:
    """What a file's first bytes show it to be; 1 KiB of them is enough.

    GS01 of the first functional group, `TA1` for a bare interchange acknowledgement, `BAI2` or
    `CAMT053` for a bank's file, None for anything else. The delimiters are read from the ISA,
    which X12.5 makes 106 characters long.
    """
    return next(iter(groups_of(head)), None)


def groups_of(content: bytes) -> tuple[str, ...]:
    """All kinds that a file holds, each once, in the order of their first appearance."""
    text = content.removeprefix(_BOM).lstrip(_BLANK)
    if text.startswith(b"01,"):
        return (BAI2,)
    if text.startswith(b"<") and _CAMT.search(text[:4096]):
        return (CAMT053,)
    found: dict[str, None] = {}
    while len(text) >= _ISA_BYTES and text.startswith(b"ISA"):
        separator, terminator = text[3:4], text[_ISA_BYTES - 1 : _ISA_BYTES]
        if not _are_delimiters(separator, terminator):
            break
        interchange, text = _split_interchange(text[_ISA_BYTES:], terminator)
        kinds = _kinds(interchange, separator, terminator)
        found |= dict.fromkeys(kinds)
    return tuple(found)


def _are_delimiters(separator: bytes, terminator: bytes) -> bool:
    both = separator + terminator
    return separator != terminator and not re.search(rb"[A-Za-z0-9 ]", both)


def _split_interchange(text: bytes, terminator: bytes) -> tuple[bytes, bytes]:
    """What lies before the next ISA, and the rest; an interchange may change its delimiters."""
    following = re.search(re.escape(terminator) + rb"[ \t\r\n]*(?=ISA)", text)
    if following is None:
        return text, b""
    return text[: following.end()], text[following.end() :]


def _kinds(interchange: bytes, separator: bytes, terminator: bytes) -> list[str]:
    # the first segment follows the ISA at once, every other one a terminator
    start = rb"(?:\A|" + re.escape(terminator) + rb")[ \t\r\n]*"
    groups = re.findall(start + b"GS" + re.escape(separator) + rb"([A-Z]{2})\b", interchange)
    if groups:
        return [group.decode("ascii") for group in groups]
    is_acknowledgement = re.match(rb"[ \t\r\n]*TA1" + re.escape(separator), interchange)
    return [TA1] if is_acknowledgement else []
