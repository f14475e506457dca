"""A look through the mailboxes takes what is ours, and nothing twice of what is not."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from cleanclaim.chassis import mail_round, telemetry
from cleanclaim.chassis.context import InboundFile, MailboxDoor, ServiceContext
from cleanclaim.chassis.mail_round import ASK_AGAIN_SECONDS, LOOK_AGAIN_SECONDS, MailRound
from cleanclaim.chassis.mailbox import FolderMailbox
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest

from .organizations import kept

OURS = (
    b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260302*1500*^*00501"
    b"*000000001*0*T*:~GS*HP*PAYER*CLINIC*20260302*1500*1*X*005010X221A1~"
)
THEIRS = OURS.replace(b"GS*HP*", b"GS*FA*")


class Mail:
    """One service's round over a folder, and what its door was handed."""

    def __init__(self, toy: ServiceUnderTest, root: Path, opened: list[str]) -> None:
        self.toy = toy
        self.root = root
        self.opened = opened
        self.accepted: list[str] = []
        door = MailboxDoor(takes=frozenset({"HP"}), accept=self._accept)
        self.round = MailRound(toy.context, (door,), root)

    async def _accept(self, _: ServiceContext, file: InboundFile) -> None:
        self.accepted.append(file.name)

    def arrives(self, name: str, content: bytes, organization: object = ORGANIZATION) -> Path:
        inbound = self.root / str(organization) / "clearinghouse" / "inbound"
        inbound.mkdir(parents=True, exist_ok=True)
        (inbound / name).write_bytes(content)
        return inbound / name

    async def look(self) -> tuple[int, list[str], int]:
        """One look: how many were accepted, which files were opened, how often it asked."""
        before = len(self.opened)
        with asking(self.toy) as asked:
            accepted = await self.round.look_everywhere()
        return accepted, self.opened[before:], len(asked)

    @property
    def waiting(self) -> float | None:
        labels = {"service": "toy"}
        return telemetry.metrics.registry.get_sample_value("cleanclaim_mailbox_waiting", labels)


@contextmanager
def asking(toy: ServiceUnderTest) -> Iterator[list[str]]:
    """The statements that go to the service's database while the block runs."""
    engine = toy.workroom.database.engine.sync_engine
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def mail(toy: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mail:
    opened: list[str] = []
    peek = FolderMailbox.peek

    async def noted(self: FolderMailbox, name: str) -> str | None:
        opened.append(name)
        return await peek(self, name)

    monkeypatch.setattr(FolderMailbox, "peek", noted)
    await kept(toy, ORGANIZATION)
    mail = Mail(toy, tmp_path, opened)
    await mail.look()  # the first look asks for what a crashed run had claimed
    return mail


async def test_empty_mailboxes_cost_no_question(mail: Mail) -> None:
    mail.arrives("taken.x12", OURS)
    assert await mail.look() == (1, ["taken.x12"], 1)
    assert await mail.look() == (0, [], 0)
    assert mail.waiting == 0


async def test_a_file_that_is_anothers_is_opened_once_and_counted_for_as_long_as_it_lies(
    mail: Mail,
) -> None:
    theirs = mail.arrives("999.x12", THEIRS)
    mail.arrives("notes.txt", b"nothing that we know")
    assert await mail.look() == (0, ["999.x12", "notes.txt"], 1)
    assert mail.waiting == 2
    assert await mail.look() == (0, [], 0)
    assert mail.waiting == 2
    theirs.unlink()
    assert await mail.look() == (0, [], 0)
    assert mail.waiting == 1


async def test_a_new_file_is_seen_beside_those_that_are_anothers(mail: Mail) -> None:
    mail.arrives("999.x12", THEIRS)
    await mail.look()
    mail.arrives("835.x12", OURS)
    assert await mail.look() == (1, ["835.x12"], 1)
    assert mail.waiting == 1


async def test_another_file_of_the_same_name_size_and_date_is_opened(mail: Mail) -> None:
    path = mail.arrives("file.x12", THEIRS)
    then = path.stat()
    await mail.look()
    (path.parent / ".file.tmp").write_bytes(OURS)
    os.utime(path.parent / ".file.tmp", ns=(then.st_atime_ns, then.st_mtime_ns))
    (path.parent / ".file.tmp").replace(path)
    assert (await mail.look())[:2] == (1, ["file.x12"])


async def test_a_file_that_grows_where_it_lies_is_opened_again(mail: Mail) -> None:
    path = mail.arrives("slow.x12", OURS[:40])
    assert await mail.look() == (0, ["slow.x12"], 1)
    with path.open("ab") as file:
        file.write(OURS[40:])
    assert await mail.look() == (1, ["slow.x12"], 1)
    assert mail.waiting == 0


async def test_a_file_that_nobody_was_allowed_to_read_is_opened_when_rights_change(
    mail: Mail,
) -> None:
    path = mail.arrives("closed.x12", THEIRS)
    await mail.look()
    path.chmod(0o600)
    assert (await mail.look())[1] == ["closed.x12"]


async def test_anothers_file_is_opened_again_after_a_while(mail: Mail) -> None:
    mail.arrives("999.x12", THEIRS)
    await mail.look()
    mail.toy.runtime.move(seconds=int(LOOK_AGAIN_SECONDS))
    assert await mail.look() == (0, ["999.x12"], 1)
    assert await mail.look() == (0, [], 0)


async def test_files_beyond_what_is_remembered_are_opened_each_time(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_round, "MOST_REMEMBERED", 2)
    for name in ("1.x12", "2.x12", "3.x12"):
        mail.arrives(name, THEIRS)
    await mail.look()
    assert len((await mail.look())[1]) == 1
    assert mail.waiting == 3


async def test_the_files_of_an_unknown_organization_are_neither_opened_nor_counted(
    mail: Mail,
) -> None:
    path = mail.arrives("835.x12", OURS, OTHER_ORGANIZATION)
    mail.arrives("835.x12", OURS, "no-organization")
    assert await mail.look() == (0, [], 1)
    assert await mail.look() == (0, [], 0)
    assert (path.exists(), mail.waiting) == (True, 0)


async def test_they_are_taken_soon_after_it_becomes_known(mail: Mail) -> None:
    mail.arrives("835.x12", OURS, OTHER_ORGANIZATION)
    await mail.look()
    await kept(mail.toy, OTHER_ORGANIZATION)
    mail.toy.runtime.move(seconds=int(ASK_AGAIN_SECONDS))
    assert await mail.look() == (1, ["835.x12"], 1)


async def test_what_a_crashed_run_had_claimed_is_taken_on_the_first_look(
    mail: Mail, tmp_path: Path
) -> None:
    path = mail.arrives("835.x12", OURS)
    await FolderMailbox(path.parent.parent).claim("835.x12", "toy")
    assert await mail.round.look_everywhere() == 0
    again = Mail(mail.toy, tmp_path, mail.opened)
    assert await again.round.look_everywhere() == 1
    assert again.accepted == ["835.x12"]


async def test_a_mailbox_folder_that_is_gone_is_an_empty_one(mail: Mail) -> None:
    mail.arrives("999.x12", THEIRS)
    await mail.look()
    shutil.rmtree(mail.root)
    assert await mail.look() == (0, [], 0)
    assert mail.waiting == 0
