"""The process is killed before and after every call that changes the folder, then run again."""

import os
import signal
import stat
from pathlib import Path

import pytest

from cleanclaim.chassis.mailbox import FolderMailbox

CHANGES = ("open", "fsync", "link", "unlink", "rename", "mkdir", "rmdir")
CONTENT = b"ISA*batch~"


def killed_at(step, operation, *, after):
    """Run the operation in a child that is killed (SIGKILL) around its step-th change.

    Returns False when the operation has fewer changes than that, so the table of crash points
    is the code itself.
    """
    child = os.fork()
    if child == 0:
        _be_killed_at(step, after=after)
        try:
            operation()
        except BaseException:  # noqa: BLE001 - the child must end here, whatever happens
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _be_killed_at(step, *, after):
    left = [step]
    for name in CHANGES:
        setattr(os, name, _counted(getattr(os, name), left, after=after))


def _counted(change, left, *, after):
    def counted(*arguments, **options):
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            return change(*arguments, **options)
        finally:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return counted


def crashes_of(operation_in, tmp_path, *, after):
    """The operation in a fresh folder for every crash point; yields the mailbox as it was left."""
    step = 1
    while True:
        mailbox = FolderMailbox(tmp_path / f"step-{step}")
        operation = operation_in(mailbox)
        if not killed_at(step, operation, after=after):
            assert step > 3
            return
        yield mailbox
        step += 1


def files_below(folder):
    if not folder.is_dir():
        return []
    return [one for one in sorted(folder.rglob("*")) if stat.S_ISREG(one.lstat().st_mode)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("taken", [False, True], ids=["left lying", "taken at once"])
def test_a_put_that_crashed_and_ran_again_handed_over_exactly_once(tmp_path, after, taken):
    def putting(mailbox):
        return lambda: mailbox.put_now("batch-1.837", CONTENT)

    for mailbox in crashes_of(putting, tmp_path, after=after):
        outbound = mailbox.root / "outbound" / "batch-1.837"
        delivered = []
        if taken and outbound.exists():
            delivered.append(outbound.read_bytes())
            outbound.unlink()
        mailbox.put_now("batch-1.837", CONTENT)
        delivered += [one.read_bytes() for one in files_below(mailbox.root / "outbound")]
        assert delivered == [CONTENT]


def an_arrival(mailbox):
    inbound = mailbox.root / "inbound"
    inbound.mkdir(parents=True)
    (inbound / "835.txt").write_bytes(CONTENT)


def _archiving(mailbox):
    an_arrival(mailbox)
    return lambda: mailbox.archive_now(mailbox.claim_now("835.txt", "remittance"))


def _failing(mailbox):
    an_arrival(mailbox)
    return lambda: mailbox.fail_now(mailbox.claim_now("835.txt", "remittance"), "isa_missing")


def _releasing(mailbox):
    an_arrival(mailbox)
    return lambda: mailbox.release_now(mailbox.claim_now("835.txt", "remittance"))


def _recovering(mailbox):
    an_arrival(mailbox)
    mailbox.claim_now("835.txt", "remittance")
    return lambda: mailbox.recover_now("remittance")


OPERATIONS = {
    "claim and archive": (_archiving, "archive"),
    "claim and fail": (_failing, "failed"),
    "claim and release": (_releasing, "inbound"),
    "recover": (_recovering, "inbound"),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("operation", "end"), OPERATIONS.values(), ids=OPERATIONS.keys())
def test_an_inbound_file_is_never_lost_nor_doubled_by_a_crash(tmp_path, operation, end, after):
    for mailbox in crashes_of(operation, tmp_path, after=after):
        mailbox.recover_now("remittance")
        kept = [one for one in files_below(mailbox.root) if one.suffix != ".reason"]
        assert [one.read_bytes() for one in kept] == [CONTENT]
        assert kept[0].relative_to(mailbox.root).parts[0] in {"inbound", end}
        assert not any(one.is_dir() for one in _owners_folder(mailbox))


def _owners_folder(mailbox):
    folder: Path = mailbox.root / "claimed" / "remittance"
    return list(folder.iterdir()) if folder.is_dir() else []
