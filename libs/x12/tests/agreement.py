"""The tables that compare readers: their judgement of our samples and of files with one fault."""

import tempfile
from functools import cache
from pathlib import Path

from peers import PEERS, Verdict, ours

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIM = (SAMPLES / "clean_professional_claim.edi").read_bytes()
PAYMENT = (SAMPLES / "clean_remittance.edi").read_bytes()


def replaced(payload, old, new):
    """The payload with the first `old` made `new`; it must be there."""
    assert old in payload, old
    return payload.replace(old, new, 1)


VARIANTS = {
    "a clean claim file": CLAIM,
    "a clean remittance": PAYMENT,
    "pipe, caret and apostrophe as delimiters": CLAIM.replace(b"^", b"!")
    .replace(b"*", b"|")
    .replace(b":", b"^")
    .replace(b"~", b"'"),
    "control characters as delimiters": CLAIM.replace(b"*", b"\x1d")
    .replace(b":", b"\x1f")
    .replace(b"~\n", b"\x1e"),
    "newline as terminator": CLAIM.replace(b"~\n", b"\n"),
    "CRLF after the terminator": CLAIM.replace(b"~\n", b"~\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + CLAIM,
    "two interchanges": CLAIM + CLAIM.replace(b"000000042", b"000000043"),
    "a Latin-1 letter in a name": replaced(CLAIM, b"OKAFOR", b"OKAF\xd6R"),
    "a UTF-8 letter in a name": replaced(CLAIM, b"OKAFOR", "OKAFÖR".encode()),
    "cut in mid-segment": CLAIM[: CLAIM.index(b"NM1*QC") + 9],
    "wrong SE01": replaced(CLAIM, b"SE*", b"SE*9"),
    "unknown segment": replaced(CLAIM, b"LX*2", b"QQQ*1~\nLX*2"),
    "ISA short by four bytes": replaced(CLAIM, b"SUBMITTER01    ", b"SUBMITTER01"),
    "missing city": replaced(CLAIM, b"N4*MIAMI", b"N4*"),
    "a state that is none": replaced(CLAIM, b"*FL*", b"*QQ*"),
    "CLM02 not the sum of its lines": replaced(CLAIM, b"CLM*PCN1*185", b"CLM*PCN1*186"),
    "wrong check digit of an NPI": replaced(CLAIM, b"1770438210", b"1770438211"),
    "835 line out of balance": replaced(PAYMENT, b"CAS*CO*45*20", b"CAS*CO*45*19"),
    "835 claim out of balance": replaced(PAYMENT, b"*1*100*50*30", b"*1*100*51*30"),
    "835 payment out of balance": replaced(PAYMENT, b"BPR*I*50*", b"BPR*I*51*"),
}


def rows_of_variants():
    """A table: one line a variant, one column a reader."""
    told = ["", f"| file | this codec | {' | '.join(PEERS)} |", "|---|---|" + "---|" * len(PEERS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, payload in VARIANTS.items():
            path = Path(folder) / "file.edi"
            path.write_bytes(payload)
            mine = ours(path)
            words = [_word(judge(path), mine) for judge in PEERS.values()]
            told.append(f"| {name} | {_word(mine, mine)} | {' | '.join(words)} |")
    return "\n".join([*told, "", ""])


def _word(verdict, mine):
    if verdict is None:
        return "knows no such guide"
    counted = f", {verdict.claims} of {mine.claims} claims" if verdict[1:] != mine[1:] else ""
    return ("accepts" if verdict.accepted else "rejects") + counted


@cache
def judgements():
    """(sample, peer, their verdict or None, ours) of every sample and peer."""
    return [
        (path.name, peer, judge(path), ours(path))
        for path in sorted(SAMPLES.glob("*.edi"))
        for peer, judge in PEERS.items()
    ]


def differences():
    """Those judgements in which a peer that knows the guide says something else."""
    return [one for one in judgements() if one[2] is not None and one[2] != one[3]]


def rows_of_samples():
    told = ["", "| sample | reader | it says | this codec says | why |", "|---|---|---|---|---|"]
    for name, peer, verdict, mine in differences():
        words = (_word(verdict, mine), _word(mine, Verdict(*mine)))
        why = WHY.get((name, peer), "not explained")
        told.append(f"| `{name}` | {peer} | {words[0]} | {words[1]} | {why} |")
    return "\n".join([*told, "", ""])


# Why a peer judges a sample otherwise; a difference without a reason fails the tests.
RAISES = "its models raise on the first fault, and the whole set is lost"
ENUM = "its model lacks a code that the guide has, and the whole set is lost: "
WHY = {
    ("faulty_claim.edi", "x12sdk"): RAISES,
    ("odd_delimiters.edi", "pyx12"): "it takes control characters as delimiters for a fault",
    ("eligibility_active.edi", "x12sdk"): ENUM + "it takes EB09, a qualifier, for a number",
    ("eligibility_inquiry.edi", "x12sdk"): ENUM + "service type 98 in EQ01",
    ("eligibility_rejected.edi", "x12sdk"): ENUM + "75 in AAA03 of the subscriber",
    ("eligibility_source_unavailable.edi", "x12sdk"): ENUM + "0 in HL04 of the source",
    ("institutional_secondary_claim.edi", "x12sdk"): ENUM + "covered days in MIA01",
    ("outpatient_claim.edi", "x12sdk"): ENUM + "ADD in NTE01, the billing note",
    ("status_answers.edi", "x12sdk"): "it fails without a word on the loops of 276 and 277",
    ("status_inquiry.edi", "x12sdk"): "it fails without a word on the loops of 276 and 277",
}
