"""Where EDI files are handed over: put once, claimed by one, never lost, safe after a crash."""

from cleanclaim.chassis.mailbox.contract import ClaimedFile, Mailbox, WaitingFile, safe_name
from cleanclaim.chassis.mailbox.folder import FolderMailbox
from cleanclaim.chassis.mailbox.groups import groups_of, peek_group

__all__ = [
    "ClaimedFile",
    "FolderMailbox",
    "Mailbox",
    "WaitingFile",
    "groups_of",
    "peek_group",
    "safe_name",
]
