"""The command where it cannot look: exit 2, and a sentence that says what is missing."""

import json

import pytest

from cleanclaim.devstack.places import checkout
from cleanclaim.verify.invariants import INVARIANTS
from cleanclaim.verify.journal import Entry, JournalWriter, read_journal
from cleanclaim.verify.main import main
from cleanclaim.verify.places import KAFKA, SERVICES, reporter_variable
from cleanclaim.verify.report import as_json, as_table, breaches
from cleanclaim.verify.verdicts import Breach, CannotLook, Invariant, Seen, Verdict

NOWHERE = "127.0.0.1:9"
ORGANIZATION = "01980000-0000-7000-8000-0000000000a1"


@pytest.fixture
def told(monkeypatch):
    for service in SERVICES:
        monkeypatch.setenv(reporter_variable(service), f"postgresql://reader:x@{NOWHERE}/none")
    monkeypatch.setenv(KAFKA, NOWHERE)
    return monkeypatch


def _blind(capsys, *words):
    assert main(words) == 2
    return capsys.readouterr().err


def test_a_missing_address_is_named(told, capsys):
    told.delenv(reporter_variable("claims"))

    assert "CLEANCLAIM_CLAIMS_REPORTER_URL" in _blind(capsys)


def test_a_database_that_is_not_there_is_no_verdict(told, capsys):
    assert "the database of claims" in _blind(capsys, "--only", "I1")


def test_an_invariant_that_nobody_knows_is_refused(told, capsys):
    assert "there is no invariant I99" in _blind(capsys, "--only", "I99")


def test_a_journal_is_read_back_as_it_was_written(tmp_path):
    writer = JournalWriter(tmp_path / "journal")
    first = Entry(request="1", kind="encounter", outcome="unknown", organization_id=ORGANIZATION)
    last = Entry(
        request="1", kind="encounter", outcome="ok", organization_id=ORGANIZATION, reference="x"
    )
    writer.write(first)
    writer.write(last)

    assert list(read_journal(writer.path).of("encounter")) == [last]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "{}",
        '{"request": "1", "kind": "wish", "outcome": "ok", "organization_id": "%s"}',
    ],
)
def test_a_line_that_is_no_entry_is_named_by_its_number(tmp_path, line):
    path = tmp_path / "journal"
    path.write_text("\n" + line.replace("%s", ORGANIZATION))

    with pytest.raises(CannotLook, match="journal:1"):
        read_journal(path)


async def _unused(_):
    raise AssertionError


def test_a_report_names_breach_place_and_runbook():
    invariant = Invariant(id="I1", title="the book balances", check=_unused)
    broken = Seen({"postings": 1234}, Breach(what="2 entries", where="accounts.postings x"))
    verdicts = [Verdict(invariant=invariant, seen=broken, seconds=0.25)]

    assert as_table(verdicts) == "  I1  the book balances  BROKEN  0.2 s  1,234 postings"
    assert as_table(verdicts, measured=False) == "  I1  the book balances  BROKEN"
    assert "accounts.postings x" in breaches(verdicts)
    assert "docs/runbooks/verify.md, I1" in breaches(verdicts)
    assert json.loads(as_json(verdicts))[0]["holds"] is False


def test_the_runbook_says_what_to_do_about_each_invariant():
    page = (checkout() / "docs/runbooks/verify.md").read_text(encoding="utf-8")

    assert [one.id for one in INVARIANTS if f"| {one.id} |" not in page] == []
