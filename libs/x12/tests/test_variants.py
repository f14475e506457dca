"""The variants on which other readers fall over: same claims here, or a finding, never a crash."""

from pathlib import Path

import pytest

from cleanclaim.x12 import Checks, Unreadable, acknowledge, parse, read

from .builders import an_envelope, unplaced

SAMPLES = Path(__file__).parent.parent / "samples"
SAMPLE = (SAMPLES / "clean_professional_claim.edi").read_bytes()
PAYMENT = (SAMPLES / "clean_remittance.edi").read_bytes()


def with_marks(element, component, terminator, after, repetition="^"):
    text = SAMPLE.decode().replace("~\n", "\0").replace("*", element).replace("^", repetition)
    return text.replace(":", component).replace("\0", terminator + after).encode()


def the_claims(payload):
    return [unplaced(claim) for claim in parse(payload).claims]


SAME_CLAIMS = {
    "pipe, caret and apostrophe": with_marks("|", "^", "'", "", repetition="!"),
    "pipe, angle and apostrophe": with_marks("|", ">", "'", ""),
    "control characters": with_marks("\x1d", "\x1f", "\x1e", ""),
    "newline as terminator": with_marks("*", ":", "\n", ""),
    "carriage return as terminator": with_marks("*", ":", "\r", ""),
    "CRLF after the terminator": with_marks("*", ":", "~", "\r\n"),
    "nothing after the terminator": with_marks("*", ":", "~", ""),
    "byte order mark": b"\xef\xbb\xbf" + SAMPLE,
    "blank lines before": b"\r\n  " + SAMPLE,
    "blanks and zeros after": SAMPLE + b"\r\n\x00\x1a".replace(b"\x1a", b" "),
}


@pytest.mark.parametrize("payload", SAME_CLAIMS.values(), ids=SAME_CLAIMS)
def test_a_lawful_variant_gives_the_same_claims_and_no_finding(payload):
    assert the_claims(payload) == the_claims(SAMPLE)
    assert parse(payload).findings == []


@pytest.mark.parametrize("payload", SAME_CLAIMS.values(), ids=SAME_CLAIMS)
def test_a_lawful_variant_comes_back_byte_for_byte(payload):
    assert parse(payload).write() == payload


def number_anew(payload, number=b"000000043"):
    return payload.replace(b"000000042", number)


# variant -> (bytes, claims still read, rules that must be named)
FAULTS = {
    "two interchanges": (SAMPLE + number_anew(SAMPLE), 4, set()),
    "two interchanges of other delimiters": (
        SAMPLE + number_anew(with_marks("|", ">", "'", "")),
        4,
        set(),
    ),
    "the same interchange twice": (SAMPLE + SAMPLE, 4, {"isa-duplicate"}),
    "rubbish between interchanges": (
        SAMPLE + b"--mail footer--\n" + number_anew(SAMPLE),
        4,
        {"outside-interchange"},
    ),
    "Latin-1 letter in a name": (SAMPLE.replace(b"OKAFOR", b"OKAF\xd6R"), 2, set()),
    "UTF-8 letter in a name": (SAMPLE.replace(b"OKAFOR", "OKAFÖR".encode()), 2, set()),
    "wrong SE01": (SAMPLE.replace(b"SE*", b"SE*9"), 2, {"se-count"}),
    "wrong SE02": (SAMPLE.replace(b"*0001~\nGE", b"*0009~\nGE"), 2, {"se-control-number"}),
    "wrong GE01": (SAMPLE.replace(b"GE*1*", b"GE*3*"), 2, {"ge-count"}),
    "wrong GE02": (SAMPLE.replace(b"GE*1*7", b"GE*1*8"), 2, {"ge-control-number"}),
    "wrong IEA01": (SAMPLE.replace(b"IEA*1", b"IEA*2"), 2, {"iea-count"}),
    "wrong IEA02": (
        SAMPLE.replace(b"IEA*1*000000042", b"IEA*1*000000041"),
        2,
        {"iea-control-number"},
    ),
    "terminators before the segments": (SAMPLE.replace(b"~\n", b"\n~"), 0, {"outside-set"}),
    "terminators twice": (SAMPLE.replace(b"~\n", b"~~\n"), 2, {"outside-set"}),
    "unknown segment": (SAMPLE.replace(b"LX*2", b"QQQ*1~\nLX*2"), 2, {"segment-not-in-set"}),
    "no segment id": (SAMPLE.replace(b"LX*2", b"q-q*1~\nLX*2"), 2, {"segment-unknown"}),
    "ISA short by four blanks": (
        SAMPLE.replace(b"SUBMITTER01    ", b"SUBMITTER01", 1),
        2,
        {"isa-width"},
    ),
    "CLM02 not the sum of its lines": (
        SAMPLE.replace(b"CLM*PCN1*185", b"CLM*PCN1*186"),
        2,
        {"claim-balance"},
    ),
    "no IEA": (SAMPLE[: SAMPLE.index(b"IEA")], 2, {"iea-missing"}),
    "no SE, GE and IEA": (
        SAMPLE[: SAMPLE.index(b"SE*")],
        2,
        {"se-missing", "ge-missing", "iea-missing"},
    ),
    "letters for an amount": (
        SAMPLE.replace(b"CLM*PCN1*185", b"CLM*PCN1*1O5"),
        1,
        {"element-characters"},
    ),
    "a tenth of a cent": (
        SAMPLE.replace(b"CLM*PCN1*185", b"CLM*PCN1*185.001"),
        1,
        {"amount-not-cents"},
    ),
    "a day that is not": (SAMPLE.replace(b"D8*20260105", b"D8*20260230", 1), 2, {"no-such-day"}),
    "another guide": (
        SAMPLE.replace(b"005010X222A1", b"005010X999A9"),
        0,
        {"gs-version", "guide-unsupported"},
    ),
    "another set": (SAMPLE.replace(b"ST*837", b"ST*834"), 0, {"set-unsupported"}),
    "HL that names no parent": (SAMPLE.replace(b"HL*2*1*", b"HL*2*9*"), 2, {"hl-parent"}),
    "HL that skips a number": (SAMPLE.replace(b"HL*2*1*", b"HL*5*1*"), 2, {"hl-number"}),
    "line without SV1": (
        SAMPLE.replace(b"SV1*HC:36415*35*UN*1***1:2~\n", b""),
        1,
        {"segment-missing"},
    ),
    "a segment of one letter before an empty line": (
        SAMPLE.replace(b"LX*2~\n", b"Q~\n\nLX*2~\n"),
        2,
        {"segment-unknown"},
    ),
    "an 835 line out of balance": (
        PAYMENT.replace(b"CAS*CO*45*20", b"CAS*CO*45*19"),
        0,
        {"line-balance"},
    ),
    "an 835 claim out of balance": (
        PAYMENT.replace(b"*1*100*50*30", b"*1*110*50*30"),
        0,
        {"claim-payment-balance"},
    ),
    "an 835 payment out of balance": (
        PAYMENT.replace(b"BPR*I*50*", b"BPR*I*51*"),
        0,
        {"transaction-balance"},
    ),
    "an NPI with a wrong check digit": (
        SAMPLE.replace(b"XX*1770438210", b"XX*1770438211"),
        2,
        {"npi-check-digit"},
    ),
    "empty lines between segments": (SAMPLE.replace(b"~\nHI", b"~\n\n\nHI"), 2, set()),
}


@pytest.mark.parametrize(("payload", "claims", "rules"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_variant_keeps_its_other_claims_and_names_the_rule(payload, claims, rules):
    document = parse(payload)
    assert len(document.claims) == claims
    assert {finding.rule for finding in document.findings} >= rules
    if not rules:
        assert document.findings == []


@pytest.mark.parametrize("payload", [v[0] for v in FAULTS.values()], ids=FAULTS)
def test_a_faulty_variant_comes_back_byte_for_byte(payload):
    assert parse(payload).write() == payload


@pytest.mark.parametrize("payload", [v[0] for v in FAULTS.values()], ids=FAULTS)
@pytest.mark.parametrize("size", [1, 7, 106, 1000])
def test_the_size_of_the_chunks_makes_no_difference(payload, size):
    chunks = [payload[start : start + size] for start in range(0, len(payload), size)]
    assert list(read(iter(chunks))) == list(read(payload))


def test_a_file_cut_anywhere_is_told_and_keeps_the_claims_before_the_cut():
    whole = the_claims(SAMPLE)
    for end in range(200, len(SAMPLE) - 2):
        document = parse(SAMPLE[:end])
        assert not document.accepted
        assert document.write() == SAMPLE[:end]
        second = SAMPLE.index(b"HL*3")
        if end > second:
            assert unplaced(document.claims[0]) == whole[0]


# what stands in a file received -> what the finding must tell the person who mends it
SENTENCES = {
    "ISA16 names another separator": (
        SAMPLE.replace(b"*:~", b"*>~", 1),
        "or it holds components parted by ':', which is not what ISA16 says",
    ),
    "a from-through of one day": (
        SAMPLE.replace(b"472*D8*", b"472*RD8*"),
        "DTP03 must be a from-through as CCYYMMDD-CCYYMMDD that exists, as DTP02 = RD8 says",
    ),
    "the 29th of February of no leap year": (
        SAMPLE.replace(b"D8*20260105", b"D8*20260229"),
        "DTP03 must be one day as CCYYMMDD that exists, as DTP02 = D8 says",
    ),
    "a filing indicator of no guide": (
        PAYMENT.replace(b"*12*ICN", b"*3*ICN"),
        "17, AM, CH, DS, HM, LM, MA, MB, MC, OF, TV, VA, WC, ZZ)",
    ),
    "a frequency of two digits": (
        PAYMENT.replace(b"*11*1~", b"*11*12~"),
        "CLP09 holds 1 character at most",
    ),
    "one line that is not the total": (
        SAMPLE.replace(b"LX*2~\nSV1*HC:36415*35*UN*1***1:2~\nDTP*472*D8*20260105~\n", b""),
        "1 service line(s) add up to 150",
    ),
}


@pytest.mark.parametrize(("payload", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_a_finding_says_what_a_person_must_look_at(payload, sentence):
    assert any(sentence in finding.message for finding in parse(payload).findings)


def test_a_stay_is_paid_as_a_whole_and_needs_no_lines():
    payload = (SAMPLES / "claim_without_lines.edi").read_bytes()
    stay = payload.replace(b"*11*1~", b"*11*1**470*1.5~")
    adjudicated = payload.replace(b"DTM*050", b"MIA*3~\nDTM*050").replace(b"SE*16", b"SE*17")
    assert [one.rule for one in parse(payload).findings] == ["claim-without-lines"]
    assert parse(stay).findings == []
    assert parse(adjudicated).findings == []


NO_X12 = {
    "nothing": b"",
    "blanks": b" \r\n ",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3",
    "UTF-16": SAMPLE.decode().encode("utf-16"),
    "random bytes": bytes(range(256)),
    "an ISA cut short": SAMPLE[:60],
    "the word ISAAC": b"ISAAC NEWTON " * 30,
}


@pytest.mark.parametrize("payload", NO_X12.values(), ids=NO_X12)
def test_bytes_that_are_no_x12_are_refused_as_unreadable(payload):
    with pytest.raises(Unreadable):
        parse(payload)


def test_a_letter_above_ascii_is_read_in_utf_8_and_in_latin_1():
    for encoded in ("OKAFÖR".encode(), "OKAFÖR".encode("latin-1")):
        (first, _) = parse(SAMPLE.replace(b"OKAFOR", encoded)).claims
        assert first.subscriber.party.name == "OKAFÖR"


def test_an_unreadable_claim_is_parked_with_its_number_and_its_bytes():
    payload = SAMPLE.replace(b"CLM*PCN1*185", b"CLM*PCN1*1O5")
    (parked,) = parse(payload).unreadable_claims
    assert parked.patient_control_number == "PCN1"
    start, length = parked.position.byte_offset, parked.position.byte_length
    assert payload[start : start + length].startswith(b"CLM*PCN1")
    assert payload[start + length :].startswith(b"HL*3")


def test_a_bad_set_leaves_the_next_set_alone():
    start, end = SAMPLE.index(b"ST*837"), SAMPLE.index(b"GE*1*7")
    good = SAMPLE[start:end]
    bad = good.replace(b"HL*1**20*1", b"HL*x").replace(b"0001", b"0002")
    payload = SAMPLE[:start] + bad + good + SAMPLE[end:].replace(b"GE*1", b"GE*2")
    first, second = parse(payload).transaction_sets
    assert not first.accepted
    assert second.accepted
    assert len(second.claims) == 2


def test_a_bad_claim_leaves_its_neighbour_without_findings():
    document = parse(SAMPLE.replace(b"HI*ABK:E119", b"HI*ABK", 1))
    first, second = document.claims
    assert [finding.rule for finding in first.findings] == ["element-missing"]
    assert second.findings == []


# level of a remittance -> (bytes, the rule that must be named)
UNBALANCED = {
    "a line": (PAYMENT.replace(b"CAS*CO*45*20", b"CAS*CO*45*19"), "line-balance"),
    "a claim": (PAYMENT.replace(b"*1*100*50*30", b"*1*100*51*30"), "claim-payment-balance"),
    "the payment": (PAYMENT.replace(b"BPR*I*50*", b"BPR*I*51*"), "transaction-balance"),
}


@pytest.mark.parametrize(("payload", "rule"), UNBALANCED.values(), ids=UNBALANCED)
def test_a_remittance_out_of_balance_is_told_and_read_all_the_same(payload, rule):
    assert payload != PAYMENT
    assert rule in {finding.rule for finding in parse(payload).findings}
    assert len(parse(payload).remittances[0].claims) == 1
    assert parse(payload).write() == payload


def test_a_bad_billing_provider_is_told_with_each_of_its_claims_and_once_in_the_file():
    document = parse(SAMPLE.replace(b"N4*MIAMI", b"N4*", 1))
    rules = [[finding.rule for finding in claim.findings] for claim in document.claims]
    assert rules == [["element-missing"], ["element-missing"]]
    assert [finding.rule for finding in document.findings] == ["element-missing"]


LISTS = Checks(codes={"icd10cm": {"E119", "I10", "J0190"}, "carc": {"45", "1"}, "state": {"FL"}})
# what no reader saw, or one alone -> (bytes, rule, segment, element, value)
BAD_CODES = {
    "a check digit of an NPI": (
        SAMPLE.replace(b"XX*1234567893", b"XX*1234567890", 1),
        ("npi-check-digit", "NM1", 9, "1234567890"),
    ),
    "a diagnosis": (
        SAMPLE.replace(b"ABK:E119", b"ABK:E11999", 1),
        ("unknown-icd10cm", "HI", 1, "E11999"),
    ),
    "a reason for an adjustment": (
        PAYMENT.replace(b"CAS*CO*45*", b"CAS*CO*ZZ9*", 1),
        ("unknown-carc", "CAS", 2, "ZZ9"),
    ),
    "a state": (
        SAMPLE.replace(b"MIAMI*FL*", b"MIAMI*XX*", 1),
        ("unknown-state", "N4", 2, "XX"),
    ),
}


@pytest.mark.parametrize(("payload", "expected"), BAD_CODES.values(), ids=BAD_CODES)
def test_a_code_that_is_none_is_told_where_it_stands_and_the_claims_are_read(payload, expected):
    document = parse(payload, checks=LISTS)
    told = [(f.rule, f.segment_id, f.element, f.value) for f in document.findings]
    assert told == [expected]
    assert not document.unreadable_claims
    assert parse(SAMPLE, checks=LISTS).findings == parse(PAYMENT, checks=LISTS).findings == []


def test_a_guide_that_nobody_knows_is_answered_by_a_rejecting_999():
    unknown = SAMPLE.replace(b"005010X222A1", b"005010X999")
    answer = acknowledge(parse(unknown), envelope=an_envelope()).decode()
    assert "IK5*R*I6~" in answer
    assert "AK9*R*1*1*0*2~" in answer


def test_what_stands_in_no_set_is_told_where_it_begins():
    lines = SAMPLE.replace(b"~\n", b"\n~")
    told = [f for f in parse(lines).findings if f.rule == "outside-set"]
    assert [(f.segment_id, f.byte_offset) for f in told] == [("~GS", lines.index(b"~GS"))]
    assert "right after ISA16" in told[0].message
    twice = parse(
        SAMPLE.replace(b"ST*837", b"TS*837") + number_anew(SAMPLE.replace(b"ST*", b"TS*"))
    )
    starts = [f.segment_id for f in twice.findings if f.rule == "outside-set"]
    assert starts == ["TS", "SE", "TS", "SE"]


def test_what_is_told_does_not_depend_on_what_was_read_before():
    twice = SAMPLE.replace(b"PRV*BI", b"~PRV*BI", 1).replace(b"LX*1", b"~LX*1", 1)
    starts = [twice.index(b"~PRV"), twice.index(b"~LX")]
    for _ in range(3):  # known segments are passed over ever more quickly
        told = [f.byte_offset for f in parse(twice).findings if f.rule == "outside-set"]
        assert told == starts
