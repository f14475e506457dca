"""A stream holds one claim, provider or payment at a time, however many a set or a file has."""

import gc
import random
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    AcknowledgedClaim277CA,
    AcknowledgedProvider,
    Claim837D,
    Claim837I,
    Claim837P,
    ClaimPayment835,
    EligibilityAnswer271,
    ProviderSummary835,
    StatusAnswer277,
    TransactionSet,
    read,
)
from cleanclaim.x12.control_numbers import SeenNumbers

SAMPLES = Path(__file__).parent.parent / "samples"


def parts(name, first, after):
    """A sample as its head, what is repeated from `first` up to `after`, and the rest."""
    text = (SAMPLES / name).read_text()
    start = text.index(first)
    end = text.index(after, start + len(first))
    return text[:start], text[start:end], text[end:]


def repeated(name, first, after):
    """The sample with a part of it standing again and again."""

    def chunks(times):
        head, body, tail = parts(name, first, after)
        yield head.encode()
        for _ in range(times):
            yield body.encode()
        yield tail.encode()

    return chunks


def remittance_of_many_headers(times):
    head, body, tail = parts("clean_remittance.edi", "LX*1", "SE*")
    yield head.encode()
    for number in range(1, times + 1):
        summed = "TS3*1770438210*11*20261231*1*100~\nTS2*100~\n"
        yield body.replace("LX*1~\n", f"LX*{number}~\n{summed}").encode()
    yield tail.encode()


def answer_to_many_providers(times):
    head, _, tail = parts("claim_acknowledgement_mixed.edi", "HL*3*", "SE*")
    yield head.encode()
    for turn in range(times):
        provider, patient = 3 + 2 * turn, 4 + 2 * turn
        yield (
            f"HL*{provider}*2*19*1~\nNM1*85*2*HARBOR FAMILY MEDICINE*****XX*1770438210~\n"
            f"TRN*1*P{turn}~\nSTC*A1:19:PR**WQ*100~\nQTY*QA*1~\nAMT*YU*100~\n"
            f"HL*{patient}*{provider}*PT~\nNM1*QC*1*OKAFOR*IRIS****MI*M100200300~\n"
            f"TRN*2*PCN{turn}~\nSTC*A2:20:PR*20260106*WQ*100~\nREF*1K*ICN{turn}~\n"
            "DTP*472*D8*20260105~\n"
        ).encode()
    yield tail.encode()


def many_sets(times):
    head, body, tail = parts("clean_professional_claim.edi", "ST*837", "GE*1")
    yield head.encode()
    for number in range(1, times + 1):
        yield body.replace("*0001", f"*{number:09d}").encode()
    yield tail.encode()


def many_interchanges(times):
    text = (SAMPLES / "status_inquiry.edi").read_text()
    for number in range(1, times + 1):
        yield text.replace("000000042", f"{number:09d}").encode()


STREAMS = {
    "837P": (repeated("clean_professional_claim.edi", "CLM*", "HL*"), Claim837P),
    "837I": (repeated("inpatient_claim.edi", "CLM*", "SE*"), Claim837I),
    "837D": (repeated("dental_claim.edi", "CLM*", "SE*"), Claim837D),
    "835": (repeated("clean_remittance.edi", "CLP*", "SE*"), ClaimPayment835),
    "835 with a TS3 a claim": (remittance_of_many_headers, ProviderSummary835),
    "277CA": (
        repeated("claim_acknowledgement_mixed.edi", "TRN*2*PCN1", "HL*"),
        AcknowledgedClaim277CA,
    ),
    "277CA with a provider a claim": (answer_to_many_providers, AcknowledgedProvider),
    "277": (repeated("status_answers.edi", "TRN*2", "SE*"), StatusAnswer277),
    "271": (repeated("eligibility_active.edi", "HL*3", "SE*"), EligibilityAnswer271),
    "many sets": (many_sets, TransactionSet),
    "many interchanges": (many_interchanges, TransactionSet),
}
WINDOW = 150
# Bytes by which the buffer may differ: 200 for each item read, less than any object.
NOISE = 30_000


def held_after(items, number):
    assert sum(1 for _ in islice(items, number)) == number
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def kept(chunks, kind):
    """The memory held after two windows of such items, and after three."""
    items = (item for item in read(chunks(3 * WINDOW)) if isinstance(item, kind))
    tracemalloc.start()
    try:
        return [held_after(items, number) for number in (2 * WINDOW, WINDOW)]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("chunks", "kind"), STREAMS.values(), ids=STREAMS)
def test_the_memory_of_a_stream_does_not_grow_with_what_it_reads(chunks, kind):
    second, third = kept(chunks, kind)
    assert third < second + NOISE


def peak_of(claims):
    chunks, kind = STREAMS["837P"]
    tracemalloc.start()
    try:
        seen = sum(isinstance(item, kind) for item in read(chunks(claims)))
        return seen, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_nor_does_its_peak():
    peak_of(10)  # the guide and its patterns are made once
    few, small = peak_of(300)
    many, large = peak_of(3000)
    assert (few, many) == (301, 3001)  # one stands behind what is repeated
    assert large < small * 1.5


def test_numbers_in_a_row_are_kept_as_one():
    seen = SeenNumbers()
    new = sum(seen.add(f"{number:09d}") for number in range(5000))
    tracemalloc.start()
    try:
        new += sum(seen.add(f"{number:09d}") for number in range(5000, 10_000))
        assert tracemalloc.get_traced_memory()[0] < NOISE
    finally:
        tracemalloc.stop()
    assert new == 10_000


@pytest.mark.parametrize("seed", range(5))
def test_a_number_is_new_once(seed):
    chance = random.Random(seed)
    texts = [chance.choice(["", "0", "00", "A"]) + str(chance.randrange(60)) for _ in range(300)]
    texts += ["9" * 5000, "", "\u0661", "9" * 5000, "\u0661"]
    seen, known = SeenNumbers(), set()
    for text in texts:
        assert seen.add(text) == (text not in known)
        known.add(text)
