"""What the documents show is what happens now; what others judge otherwise is explained."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the documents are renewed by a program, too

import agreement
import documents

RENEW = "run .venv/bin/python libs/x12/tests/documents.py and read the change"


@pytest.mark.parametrize("path", documents.DOCUMENTS, ids=[p.name for p in documents.DOCUMENTS])
def test_a_document_shows_what_happens_now(path):
    text = path.read_text("utf-8")
    assert documents.renewed(text) == text, RENEW


def test_a_stale_transcript_and_a_stale_table_are_seen():
    stale = "```console\n$ echo new\nold\n```\n"
    assert documents.renewed(stale) == "```console\n$ echo new\nnew\n```\n"
    made = "<!-- made: reference -->\nold\n<!-- end -->"
    assert "### parse" in documents.renewed(made)


def test_every_difference_to_another_reader_has_its_reason():
    unexplained = [
        (name, peer) for name, peer, _, _ in agreement.differences()
        if (name, peer) not in agreement.WHY
    ]  # fmt: skip
    assert unexplained == [], "say why in WHY of agreement.py"


def test_every_reason_is_still_needed():
    differing = {(name, peer) for name, peer, _, _ in agreement.differences()}
    assert set(agreement.WHY) == differing


def test_every_reader_judges_some_samples_as_we_do():
    agreed = Counter(peer for _, peer, theirs, mine in agreement.judgements() if theirs == mine)
    assert {peer: agreed[peer] > 8 for peer in agreement.PEERS} == dict.fromkeys(
        agreement.PEERS, True
    )
