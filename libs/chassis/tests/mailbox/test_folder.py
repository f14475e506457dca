"""A folder mailbox hands a file over once, gives it to one owner, and refuses tricks."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest

from cleanclaim.chassis.mailbox import FolderMailbox, safe_name
from cleanclaim.values.errors import Conflict, Invalid, Missing

CLAIMS = b"ISA*first~"


def a_mailbox(root, **limits):
    return FolderMailbox(root / "connection", **limits)


def arrives(mailbox, name="835.txt", content=b"ISA*835~", minutes_ago=0):
    """The other side puts a file into inbound."""
    folder = mailbox.root / "inbound"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    then = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).timestamp()
    os.utime(folder / name, (then, then))
    return name


def names_in(mailbox, folder):
    place = mailbox.root / folder
    return (
        sorted(one.name for one in place.iterdir() if one.name != ".lock") if place.is_dir() else []
    )


async def waiting(mailbox):
    return [one.name for one in await mailbox.list_inbound()]


async def test_a_file_put_is_whole_in_outbound_and_nowhere_else(tmp_path):
    mailbox = a_mailbox(tmp_path)
    await mailbox.put("batch-1.837", CLAIMS)
    assert (mailbox.root / "outbound" / "batch-1.837").read_bytes() == CLAIMS
    assert names_in(mailbox, "staging") == []


async def test_putting_the_same_again_changes_nothing_even_after_it_was_taken(tmp_path):
    mailbox = a_mailbox(tmp_path)
    await mailbox.put("batch-1.837", CLAIMS)
    await mailbox.put("batch-1.837", CLAIMS)
    (mailbox.root / "outbound" / "batch-1.837").unlink()
    await mailbox.put("batch-1.837", CLAIMS)
    assert names_in(mailbox, "outbound") == []


async def test_a_name_is_never_given_to_other_content(tmp_path):
    mailbox = a_mailbox(tmp_path)
    await mailbox.put("batch-1.837", CLAIMS)
    with pytest.raises(Conflict, match="other content"):
        await mailbox.put("batch-1.837", CLAIMS + b"more")
    assert (mailbox.root / "outbound" / "batch-1.837").read_bytes() == CLAIMS


async def test_a_strangers_file_in_outbound_is_not_overwritten(tmp_path):
    mailbox = a_mailbox(tmp_path)
    (mailbox.root / "outbound").mkdir(parents=True)
    (mailbox.root / "outbound" / "batch-1.837").write_bytes(b"a person put this here")
    with pytest.raises(Conflict):
        await mailbox.put("batch-1.837", CLAIMS)


async def test_twenty_putters_of_one_file_hand_it_over_once(tmp_path):
    await asyncio.gather(*(a_mailbox(tmp_path).put("batch-1.837", CLAIMS) for _ in range(20)))
    assert names_in(a_mailbox(tmp_path), "outbound") == ["batch-1.837"]


BAD_NAMES = ["", ".", "..", ".hidden", "../up", "a/b", "a\\b", "a\0b", "a b", "é.837", "x" * 151,
             "half.tmp", "half.part"]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
async def test_an_outbound_name_is_plain(tmp_path, name):
    with pytest.raises(Invalid, match="name"):
        await a_mailbox(tmp_path).put(name, CLAIMS)


async def test_waiting_files_are_listed_oldest_first_and_unfinished_ones_left_out(tmp_path):
    mailbox = a_mailbox(tmp_path)
    arrives(mailbox, "second.835", minutes_ago=1)
    arrives(mailbox, "first.835", minutes_ago=2)
    for unfinished in ("third.835.part", ".fourth.835", "fifth.tmp", "sixth.filepart"):
        arrives(mailbox, unfinished)
    assert await waiting(mailbox) == ["first.835", "second.835"]


async def test_a_file_still_being_written_is_left_alone_until_it_is_quiet(tmp_path):
    mailbox = a_mailbox(tmp_path, quiet_seconds=10)
    arrives(mailbox)
    now = datetime.now(UTC)
    assert await mailbox.list_inbound(now) == []
    assert len(await mailbox.list_inbound(now + timedelta(seconds=11))) == 1


async def test_only_one_of_many_claims_a_file(tmp_path):
    mailbox = a_mailbox(tmp_path)
    arrives(mailbox)
    claimed = await asyncio.gather(*(mailbox.claim("835.txt", f"worker-{n}") for n in range(20)))
    winners = [one for one in claimed if one is not None]
    assert len(winners) == 1
    assert await winners[0].read() == b"ISA*835~"
    assert await waiting(mailbox) == []


async def test_a_file_dealt_with_rests_in_the_archive(tmp_path):
    mailbox = a_mailbox(tmp_path)
    for content in (b"monday", b"tuesday"):
        claimed = await mailbox.claim(arrives(mailbox, content=content), "remittance")
        await claimed.archive()
        await claimed.archive()
    resting = [
        (mailbox.root / "archive" / one).read_bytes() for one in names_in(mailbox, "archive")
    ]
    assert sorted(resting) == [b"monday", b"tuesday"]
    with pytest.raises(Missing, match="held no longer"):
        await claimed.read()
    with pytest.raises(Missing):
        await claimed.release()


async def test_a_file_nobody_can_deal_with_rests_with_its_reason(tmp_path):
    mailbox = a_mailbox(tmp_path)
    claimed = await mailbox.claim(arrives(mailbox), "remittance")
    await claimed.fail("isa_missing: the file does not begin with ISA")
    content, reason = names_in(mailbox, "failed")
    assert content.endswith("-835.txt")
    assert reason == f"{content}.reason"
    assert "isa_missing" in (mailbox.root / "failed" / reason).read_text()


async def test_a_file_given_back_waits_again_beside_a_newer_one_of_its_name(tmp_path):
    mailbox = a_mailbox(tmp_path)
    claimed = await mailbox.claim(arrives(mailbox, content=b"older"), "remittance")
    arrives(mailbox, content=b"newer")
    await claimed.release()
    names = await waiting(mailbox)
    assert len(names) == 2
    assert {(mailbox.root / "inbound" / one).read_bytes() for one in names} == {b"older", b"newer"}


async def test_what_a_crashed_owner_held_waits_again_and_others_keep_theirs(tmp_path):
    mailbox = a_mailbox(tmp_path)
    await mailbox.claim(arrives(mailbox, "mine.835"), "remittance")
    theirs = await mailbox.claim(arrives(mailbox, "theirs.999"), "claims")
    assert await mailbox.recover("remittance") == 1
    assert await mailbox.recover("remittance") == 0
    assert await waiting(mailbox) == ["mine.835"]
    assert await theirs.read()


async def test_links_and_special_files_are_refused(tmp_path):
    mailbox = a_mailbox(tmp_path)
    secret = tmp_path / "secret"
    secret.write_bytes(b"ISA*secret~")
    arrives(mailbox, "real.835")
    inbound = mailbox.root / "inbound"
    (inbound / "link.835").symlink_to(secret)
    (inbound / "folder.835").mkdir()
    os.mkfifo(inbound / "pipe.835")
    assert await waiting(mailbox) == ["real.835"]
    for name in ("link.835", "folder.835", "pipe.835", "absent.835"):
        assert await mailbox.peek(name) is None
        assert await mailbox.claim(name, "remittance") is None


async def test_a_claimed_file_exchanged_for_a_link_is_not_followed(tmp_path):
    mailbox = a_mailbox(tmp_path)
    claimed = await mailbox.claim(arrives(mailbox), "remittance")
    held = mailbox.root / "claimed" / "remittance" / claimed.token / "835.txt"
    held.unlink()
    held.symlink_to("/etc/hostname")
    with pytest.raises(Invalid, match="no ordinary file"):
        await claimed.read()


async def test_a_file_too_large_is_refused_by_its_size(tmp_path):
    mailbox = a_mailbox(tmp_path, largest_bytes=10)
    claimed = await mailbox.claim(arrives(mailbox, content=b"x" * 11), "remittance")
    with pytest.raises(Invalid, match="larger than 10 bytes"):
        await claimed.read()


@pytest.mark.parametrize("name", ["../835.txt", "", "..", "a/b"])
async def test_a_name_cannot_lead_out_of_the_folder(tmp_path, name):
    mailbox = a_mailbox(tmp_path)
    for asked in (
        mailbox.claim(name, "remittance"),
        mailbox.claim("835.txt", name),
        mailbox.peek(name),
    ):
        with pytest.raises(Invalid):
            await asked


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("835.txt", "835.txt"),
        ("Mercy 03 02.835", "Mercy_03_02.835"),
        ("../../x", "x"),
        ("a\nb", "a_b"),
        ("§§", "file"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_senders_name_is_made_safe(name, safe):
    assert safe_name(name) == safe
