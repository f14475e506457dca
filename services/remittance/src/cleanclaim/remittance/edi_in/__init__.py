"""X12 835 in: bytes to remittances, uploaded or from a mailbox."""

from cleanclaim.remittance.edi_in.files import (
    NoRemittanceInFile,
    ReceivedFile,
    RemittanceFileUnreadable,
    Unusable,
    receive_file,
    reread,
    take_file,
)

__all__ = [
    "NoRemittanceInFile",
    "ReceivedFile",
    "RemittanceFileUnreadable",
    "Unusable",
    "receive_file",
    "reread",
    "take_file",
]
