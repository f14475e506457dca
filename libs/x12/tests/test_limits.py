"""Bounds become findings; a stream holds one claim at a time."""

import tracemalloc
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    Claim837P,
    Limits,
    TransactionSetEnd,
    UnreadableClaim,
    build_837p,
    parse,
    read,
)

from .builders import a_claim, a_line, an_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
FIVE = build_837p([a_claim(f"PCN{n}") for n in range(5)], envelope=an_envelope(), reference="B1")

LONG = FIVE.replace(b"HI*ABK:J0190", b"HI*ABK:J0190" + b"*ABF:I10123" * 11, 1)

MANY_LINES = FIVE.replace(b"LX*1~", b"LX*1~" * 51, 1)
ANSWER = (SAMPLES / "eligibility_active.edi").read_bytes()
REPEATED = ANSWER.replace(b"*30*", b"*30" + b"^30" * 99 + b"*", 1)
TWO_CLAIMS = build_837p(
    [a_claim("PCN1", lines=[a_line(control_number=f"L{n}") for n in range(9)]), a_claim("PCN2")],
    envelope=an_envelope(),
    reference="B1",
)

BOUNDS = {
    "claims in a set": (FIVE, Limits(claims_per_set=4), "too-many-claims", 5),
    "bytes in a segment": (LONG, Limits(segment_bytes=107), "segment-too-long", 5),
    "elements in a segment": (LONG, Limits(elements=11), "segment-too-long", 5),
    "lines in a claim": (MANY_LINES, Limits(), "loop-too-often", 4),
    "repetitions in an element": (REPEATED, Limits(), "too-many-repetitions", 0),
    "segments in a claim": (TWO_CLAIMS, Limits(segments_per_claim=20), "claim-too-long", 1),
}


@pytest.mark.parametrize(("payload", "limits", "rule", "claims"), BOUNDS.values(), ids=BOUNDS)
def test_a_bound_that_is_passed_is_a_finding(payload, limits, rule, claims):
    document = parse(payload, limits=limits)
    assert rule in {finding.rule for finding in document.findings}
    assert len(document.claims) == claims
    assert document.write() == payload


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
@pytest.mark.parametrize("most", [4, 20, 21, 30, 31, 32, 33])
def test_a_claim_without_end_is_parked_alone_whatever_the_chunks(size, most):
    limits = Limits(segments_per_claim=most)
    chunks = [TWO_CLAIMS[at : at + size] for at in range(0, len(TWO_CLAIMS), size)]
    told = [item for item in read(chunks, limits=limits) if not isinstance(item, Claim837P)]
    assert [
        item for item in read(TWO_CLAIMS, limits=limits) if not isinstance(item, Claim837P)
    ] == told
    parked = [item for item in told if isinstance(item, UnreadableClaim)]
    longest = 4 + 9 * 4  # CLM, HI, NM1, PRV; LX, SV1, DTP, REF of each line
    assert [found.rule for claim in parked[:1] for found in claim.findings] == (
        ["claim-too-long"] if most < longest else []
    )


def test_a_claim_without_end_does_not_fill_the_memory():
    head, line = TWO_CLAIMS.index(b"LX*1~"), TWO_CLAIMS.index(b"LX*2~")

    def endless(lines):
        yield TWO_CLAIMS[:head]
        for _ in range(lines):
            yield TWO_CLAIMS[head:line]

    def peak(lines):
        tracemalloc.start()
        try:
            found = [
                f
                for item in read(endless(lines), limits=limits)
                for f in getattr(item, "findings", [])
            ]
            return {f.rule for f in found}, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    limits = Limits(segments_per_claim=400)
    peak(5)
    few, small = peak(1_500)
    many, large = peak(4_500)
    assert "claim-too-long" in few & many
    assert large < small * 1.5


def test_a_flood_of_findings_is_counted_and_not_listed():
    payload = FIVE.replace(b"HI*ABK:J0190", b"QQ*1~\n" * 40 + b"HI*ABK:J0190")
    document = parse(payload, limits=Limits(findings_per_set=50))
    rules = [finding.rule for finding in document.findings]
    assert "too-many-findings" in rules
    assert len(rules) < 60
    assert all(not document.accepted and claim.findings for claim in document.claims)


def test_a_lost_terminator_does_not_fill_the_memory():
    cut = FIVE.index(b"~\nNM1*82")
    payload = FIVE[:cut] + b"*X" * 3_000_000
    list(read(FIVE))  # the guide and its patterns are made once
    tracemalloc.start()
    try:
        chunks = (payload[at : at + 65_536] for at in range(0, len(payload), 65_536))
        rules = {f.rule for item in read(chunks) for f in getattr(item, "findings", [])}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {"segment-too-long", "segment-cut", "iea-missing"} <= rules
    assert peak < 64 * 1024 * 1024
    assert parse(payload).write() == payload


def test_the_end_of_a_set_tells_its_counts():
    ends = [item for item in read(FIVE) if isinstance(item, TransactionSetEnd)]
    (end,) = ends
    assert end.claims_counted == 5
    assert end.segments_counted == end.segments_stated
